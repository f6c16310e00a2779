import { ParseError } from './errors.ts'
import type { Quantity } from './identity.ts'

/** A block height. Source: ref-fvm `fvm_shared::clock::ChainEpoch`, an i64; ours are safe integers. */
export type ChainEpoch = Quantity<number, 'epoch'>

/** Source: builtin-actors v18, `runtime/src/builtin/network.rs`. */
export const EPOCH_DURATION_SECONDS = 30
export const EPOCHS_IN_HOUR = 120
export const EPOCHS_IN_DAY = 2880
/** A tropical year of 31,556,925 s in whole epochs: not 365 days. */
export const EPOCHS_IN_YEAR = 1_051_897
export const EPOCH_UNDEFINED: ChainEpoch = -1

const SECONDS_IN_DAY = 86_400

/**
 * Reads an epoch number.
 *
 * @throws {ParseError} `INVALID_EPOCH`
 */
export function parseEpoch(text: string): ChainEpoch {
  const epoch = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(epoch)) {
    throw new ParseError('INVALID_EPOCH', `"${text}" is not an epoch: a whole number from 0 up`, { text })
  }
  return epoch
}

/** The UTC date on which an epoch begins, as a number of days since 1970-01-01. */
export function utcDayOf(epoch: ChainEpoch, genesisUnixSeconds: number): number {
  return Math.floor((genesisUnixSeconds + epoch * EPOCH_DURATION_SECONDS) / SECONDS_IN_DAY)
}

/** The UTC time at which an epoch begins, as `2026-05-27 14:00:00Z`. */
export function epochToUtc(epoch: ChainEpoch, genesisUnixSeconds: number): string {
  const unixSeconds = genesisUnixSeconds + epoch * EPOCH_DURATION_SECONDS
  const dayNumber = utcDayOf(epoch, genesisUnixSeconds)
  const second = unixSeconds - dayNumber * SECONDS_IN_DAY
  const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60]
  return `${formatCivilDate(dayNumber)} ${clock.map(twoDigits).join(':')}Z`
}

/**
 * The proleptic Gregorian date of a day counted from 1970-01-01.
 *
 * Worked out here because `Date` would bring the clock into packages that must not have one. Counts from
 * 1 March of the year 0, so that the leap day is the last day of a year, in eras of 400 years.
 */
function formatCivilDate(daysSinceUnixEpoch: number): string {
  const day = daysSinceUnixEpoch + 719_468
  const era = Math.floor(day / 146_097)
  const dayOfEra = day - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
