import { fc, test } from '@fast-check/vitest'
import { ATTO_FIL_PER_FIL } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import {
  type AuctionTerms,
  askFor,
  askPrice,
  auctionEnd,
  isFillable,
  requireAuctionTerms,
} from './auction.ts'
import { LedgerError } from './ledger-error.ts'

const FIL = ATTO_FIL_PER_FIL

/** From 1.2 down by 0.25 every 10 epochs to 0.8, and once more: 1.2, 0.95, 0.8 twice. */
const TERMS: AuctionTerms = {
  startPrice: (12n * FIL) / 10n,
  step: (25n * FIL) / 100n,
  floorPrice: (8n * FIL) / 10n,
  intervalEpochs: 10,
  restarts: 1,
  dust: 5n,
}

describe('the ask of a reverse Dutch auction', () => {
  test.each([
    { epoch: 99, price: undefined },
    { epoch: 100, price: 1200n },
    { epoch: 109, price: 1200n },
    { epoch: 110, price: 950n },
    // 1.2 − 2 · 0.25 would be 0.7.
    { epoch: 120, price: 800n },
    { epoch: 129, price: 800n },
    { epoch: 130, price: 1200n },
    { epoch: 159, price: 800n },
    { epoch: 160, price: undefined },
  ])('that opened at 100 is $price thousandths at epoch $epoch', ({ epoch, price }) => {
    const ask = askPrice(TERMS, 100, epoch)
    expect(ask).toBe(price === undefined ? undefined : (price * FIL) / 1000n)
  })

  test('ends when the last floor has held for one interval', () => {
    expect(auctionEnd(TERMS, 100)).toBe(160)
    expect(auctionEnd({ ...TERMS, restarts: 0 }, 100)).toBe(130)
    expect(auctionEnd({ ...TERMS, startPrice: TERMS.floorPrice, restarts: 0 }, 100)).toBe(110)
  })

  // 0.95 · 7 = 6.65
  test('for a part of the lot is rounded up', () => {
    expect(askFor((95n * FIL) / 100n, 7n)).toBe(7n)
    expect(askFor(FIL, 7n)).toBe(7n)
  })

  const anyTerms: fc.Arbitrary<AuctionTerms> = fc.record({
    startPrice: fc.bigInt({ min: FIL, max: 2n * FIL }),
    step: fc.bigInt({ min: FIL / 100n, max: FIL }),
    floorPrice: fc.bigInt({ min: 1n, max: FIL }),
    intervalEpochs: fc.integer({ min: 1, max: 50 }),
    restarts: fc.nat(3),
    dust: fc.constant(1n),
  })

  test.prop([anyTerms, fc.nat(100_000)])(
    'never rises but at a restart, and never leaves start and floor',
    (terms, after) => {
      const end = auctionEnd(terms, 0)
      const epoch = after % end
      const now = askPrice(terms, 0, epoch) ?? -1n
      const next = askPrice(terms, 0, epoch + 1)
      expect(now >= terms.floorPrice && now <= terms.startPrice).toBe(true)
      expect(next === undefined).toBe(epoch + 1 === end)
      const isRestart = now === terms.floorPrice && next === terms.startPrice
      expect(next === undefined || next <= now || isRestart).toBe(true)
    },
  )
})

describe('a part of a lot', () => {
  // Neither what is bought nor what is left may be less than 5, unless it is all that there is.
  test.each([
    { remaining: 20n, fil: 5n, fillable: true },
    { remaining: 20n, fil: 4n, fillable: false },
    { remaining: 20n, fil: 15n, fillable: true },
    { remaining: 20n, fil: 16n, fillable: false },
    { remaining: 20n, fil: 20n, fillable: true },
    { remaining: 3n, fil: 3n, fillable: true },
    { remaining: 3n, fil: 1n, fillable: false },
  ])('of $fil of $remaining may be bought: $fillable', ({ remaining, fil, fillable }) => {
    expect(isFillable(TERMS, remaining, fil)).toBe(fillable)
  })
})

describe('terms of an auction', () => {
  test('are sound with a start at the floor, and without restarts', () => {
    expect(() => requireAuctionTerms({ ...TERMS, startPrice: TERMS.floorPrice, restarts: 0 })).not.toThrow()
  })

  test.each([
    { name: 'falls to nothing', change: { floorPrice: 0n } },
    { name: 'starts below its floor', change: { startPrice: TERMS.floorPrice - 1n } },
    { name: 'never falls', change: { step: 0n } },
    { name: 'has no interval', change: { intervalEpochs: 0 } },
    { name: 'has part of an interval', change: { intervalEpochs: 1.5 } },
    { name: 'restarts less than never', change: { restarts: -1 } },
    { name: 'knows no dust', change: { dust: 0n } },
  ])('are refused when the ask $name', ({ change }) => {
    expect(() => requireAuctionTerms({ ...TERMS, ...change })).toThrow(LedgerError)
  })
})
