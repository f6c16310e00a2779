import type { ChainEpoch } from '@plimsoll/primitives'
import { StateError } from '../errors.ts'

/**
 * A sector number that a message asks to store, as the number that the state holds.
 *
 * @throws {StateError} `NUMBER_TOO_LARGE` from 2^53 up: the protocol allows it, and a state of ours cannot hold it.
 *
 * Source of what the protocol allows: builtin-actors v18, `runtime/src/runtime/policy.rs`, `MAX_SECTOR_NUMBER`.
 */
export function storableSectorNumber(number: bigint): number {
  return storable(number, 'sector number')
}

/** An epoch that a message asks to store. @throws {StateError} `NUMBER_TOO_LARGE` from 2^53 up and −2^53 down. */
export function storableEpoch(epoch: bigint): ChainEpoch {
  return storable(epoch, 'epoch')
}

function storable(value: bigint, what: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) {
    throw new StateError(
      'NUMBER_TOO_LARGE',
      `the ${what} ${value} cannot be stored: it has more than 53 bits`,
      {
        value,
      },
    )
  }
  return number
}
