import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import {
  EPOCH_DURATION_SECONDS,
  EPOCHS_IN_DAY,
  EPOCHS_IN_HOUR,
  EPOCHS_IN_YEAR,
  epochToUtc,
  parseEpoch,
  utcDayOf,
} from './chain-epoch.ts'
import { CALIBRATION, MAINNET } from './networks.ts'

// 2020-08-24T22:00:00Z: 18,498 days after 1970-01-01 are 1,598,227,200 s, and 22 h are 79,200 s.
const MAINNET_GENESIS = 18_498 * 86_400 + 22 * 3600

describe('the lengths of time in epochs', () => {
  test('follow from an epoch of 30 seconds', () => {
    expect(EPOCHS_IN_HOUR * EPOCH_DURATION_SECONDS).toBe(3600)
    expect(EPOCHS_IN_DAY * EPOCH_DURATION_SECONDS).toBe(86_400)
  })

  test('count a year as the 31,556,925 seconds of a tropical one', () => {
    expect(EPOCHS_IN_YEAR).toBe(Math.floor(31_556_925 / 30))
  })
})

describe('epochToUtc', () => {
  test('puts the genesis of mainnet at 2020-08-24 22:00', () => {
    expect(MAINNET.genesisUnixSeconds).toBe(MAINNET_GENESIS)
    expect(epochToUtc(0, MAINNET_GENESIS)).toBe('2020-08-24 22:00:00Z')
  })

  // The times stand beside the epochs in ChainSafe/forest, `src/networks/mainnet/mod.rs` and `calibnet/mod.rs`.
  test.each([
    { epoch: 3_855_360, network: MAINNET, utc: '2024-04-24 14:00:00Z' },
    { epoch: 4_154_640, network: MAINNET, utc: '2024-08-06 12:00:00Z' },
    { epoch: 4_461_240, network: MAINNET, utc: '2024-11-20 23:00:00Z' },
    { epoch: 4_878_840, network: MAINNET, utc: '2025-04-14 23:00:00Z' },
    { epoch: 5_348_280, network: MAINNET, utc: '2025-09-24 23:00:00Z' },
    { epoch: 6_052_800, network: MAINNET, utc: '2026-05-27 14:00:00Z' },
    { epoch: 1_779_094, network: CALIBRATION, utc: '2024-07-11 12:00:00Z' },
    { epoch: 2_523_454, network: CALIBRATION, utc: '2025-03-26 23:00:00Z' },
    { epoch: 2_558_014, network: CALIBRATION, utc: '2025-04-07 23:00:00Z' },
    { epoch: 3_007_294, network: CALIBRATION, utc: '2025-09-10 23:00:00Z' },
    { epoch: 3_694_534, network: CALIBRATION, utc: '2026-05-07 14:00:00Z' },
  ])('puts epoch $epoch of $network.name at $utc', ({ epoch, network, utc }) => {
    expect(epochToUtc(epoch, network.genesisUnixSeconds ?? Number.NaN)).toBe(utc)
  })

  // Two hours are 240 epochs; the next day therefore begins at epoch 240.
  test.each([
    { epoch: 1, utc: '2020-08-24 22:00:30Z' },
    { epoch: 2, utc: '2020-08-24 22:01:00Z' },
    { epoch: 239, utc: '2020-08-24 23:59:30Z' },
    { epoch: 240, utc: '2020-08-25 00:00:00Z' },
    { epoch: -1, utc: '2020-08-24 21:59:30Z' },
  ])('counts epoch $epoch in steps of 30 seconds', ({ epoch, utc }) => {
    expect(epochToUtc(epoch, MAINNET_GENESIS)).toBe(utc)
  })

  // Days since 1970-01-01; a leap year is one of four, but of the centuries only one of four.
  test.each([
    { days: 0, date: '1970-01-01' },
    { days: -1, date: '1969-12-31' },
    { days: 10_957, date: '2000-01-01' },
    { days: 10_957 + 59, date: '2000-02-29' },
    { days: 10_957 + 60, date: '2000-03-01' },
    { days: 10_957 + 365, date: '2000-12-31' },
    { days: 10_957 + 366, date: '2001-01-01' },
    { days: 10_957 + 366 + 58, date: '2001-02-28' },
    { days: 10_957 + 366 + 59, date: '2001-03-01' },
    // 100 years from 2000 are 36,525 days; 2100 itself has no leap day.
    { days: 10_957 + 36_525 + 58, date: '2100-02-28' },
    { days: 10_957 + 36_525 + 59, date: '2100-03-01' },
    // 400 years are 146,097 days.
    { days: 10_957 + 146_097 + 59, date: '2400-02-29' },
  ])('knows that day $days is $date', ({ days, date }) => {
    expect(epochToUtc(0, days * 86_400)).toBe(`${date} 00:00:00Z`)
  })

  const utc = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })

  test.prop([fc.nat(50_000_000), fc.nat(2 ** 31)])(
    'agrees with the calendar of the platform',
    (epoch, genesis) => {
      const parts = utc.formatToParts((genesis + epoch * 30) * 1000).map(({ type, value }) => [type, value])
      const { year, month, day, hour, minute, second } = Object.fromEntries(parts) as Record<string, string>
      expect(epochToUtc(epoch, genesis)).toBe(`${year}-${month}-${day} ${hour}:${minute}:${second}Z`)
    },
  )
})

describe('parseEpoch', () => {
  test.each([
    { text: '0', epoch: 0 },
    { text: '0042', epoch: 42 },
    { text: '6052800', epoch: 6_052_800 },
    { text: '9007199254740991', epoch: 2 ** 53 - 1 },
  ])('reads "$text" as $epoch', ({ text, epoch }) => {
    expect(parseEpoch(text)).toBe(epoch)
  })

  test.each([
    { text: '', why: 'is empty' },
    { text: '-1', why: 'is negative' },
    { text: '+1', why: 'has a sign' },
    { text: '1.0', why: 'has a decimal' },
    { text: '1e3', why: 'has an exponent' },
    { text: '0x10', why: 'is hexadecimal' },
    { text: '1 000', why: 'has a space' },
    { text: '1,000', why: 'has a separator' },
    { text: ' 1', why: 'has a space before' },
    { text: '1\n', why: 'has a line break after' },
    { text: 'NaN', why: 'is no number' },
    { text: '9007199254740992', why: 'is 2^53' },
    { text: '00000000000000001', why: 'has 17 digits' },
  ])('refuses "$text", which $why', ({ text }) => {
    expect(() => parseEpoch(text)).toThrow(expect.objectContaining({ code: 'INVALID_EPOCH', data: { text } }))
  })
})

// Epoch 120 of a genesis an hour before midnight is the midnight itself.
test.each([
  { epoch: 0, day: 19_722 },
  { epoch: 119, day: 19_722 },
  { epoch: 120, day: 19_723 },
  { epoch: 120 + EPOCHS_IN_DAY, day: 19_724 },
])('epoch $epoch begins on day $day since 1970-01-01', ({ epoch, day }) => {
  expect(utcDayOf(epoch, 19_723 * 86_400 - 3600)).toBe(day)
})
