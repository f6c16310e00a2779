import { storagePower, tuple, type ValueOf } from '@plimsoll/ipld'

/**
 * Raw and quality-adjusted power together.
 *
 * CBOR tuple. Source: builtin-actors v18, `actors/miner/src/partition_state.rs`, `PowerPair`.
 */
export const PowerPair = tuple(
  'PowerPair',
  { raw: storagePower, qa: storagePower },
  { readAll: (reader) => ({ raw: storagePower.decode(reader), qa: storagePower.decode(reader) }) },
)
export type PowerPair = ValueOf<typeof PowerPair>

export const ZERO_POWER: PowerPair = { raw: 0n, qa: 0n }

export function addPower(a: PowerPair, b: PowerPair): PowerPair {
  return { raw: a.raw + b.raw, qa: a.qa + b.qa }
}

export function subtractPower(a: PowerPair, b: PowerPair): PowerPair {
  return { raw: a.raw - b.raw, qa: a.qa - b.qa }
}

export function equalPower(a: PowerPair, b: PowerPair): boolean {
  return a.raw === b.raw && a.qa === b.qa
}

export function negatePower({ raw, qa }: PowerPair): PowerPair {
  return { raw: -raw, qa: -qa }
}

export function isZeroPower({ raw, qa }: PowerPair): boolean {
  return raw === 0n && qa === 0n
}
