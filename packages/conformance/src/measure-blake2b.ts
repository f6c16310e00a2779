import type { Hashes } from '@plimsoll/primitives'

/** About the size of a block of state. */
const BLOCK_BYTES = 1024
const BLOCKS = 50_000
const WARM_UP_BLOCKS = 5000

/**
 * Nanoseconds that hashing takes for a byte of a block here and now: what the speed of a replay depends on, and
 * another one on every machine.
 */
export function measureBlake2b(hashes: Hashes): number {
  const block = new Uint8Array(BLOCK_BYTES)
  hashAgain(hashes, block, WARM_UP_BLOCKS)
  const startedAt = process.hrtime.bigint()
  hashAgain(hashes, block, BLOCKS)
  return Number(process.hrtime.bigint() - startedAt) / (BLOCKS * BLOCK_BYTES)
}

function hashAgain(hashes: Hashes, block: Uint8Array, times: number): void {
  for (let i = 0; i < times; i++) {
    block[0] = i & 0xff
    hashes.blake2b256(block)
  }
}
