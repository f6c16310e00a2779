import type { ActorId } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { type Account, balanceOf } from './accounts.ts'
import { applyEntry, replayEntries } from './apply-entry.ts'
import { askOf } from './auction-entries.ts'
import { type Books, openBooks, outstandingOf, supplyOf, surplusOf } from './books.ts'
import type { AgreementTerms, LedgerEntry, LedgerTerms } from './ledger-entry.ts'
import { LedgerError } from './ledger-error.ts'
import type { Appraisal } from './mint-capacity.ts'
import { REPL_PASSIVE_MINT } from './passive-mint.ts'

const MINER = 1000 as ActorId
const OTHER = 1001 as ActorId
const FIL = 10n ** 18n
const DAY = 2880

/** One pFIL for a FIL at first, then 0.9, 0.8; each for ten epochs, once. */
const TERMS: LedgerTerms = {
  mintRule: 'published',
  passiveMint: REPL_PASSIVE_MINT,
  auction: {
    startPrice: FIL,
    step: FIL / 10n,
    floorPrice: (8n * FIL) / 10n,
    intervalEpochs: 10,
    restarts: 0,
    dust: 5n,
  },
  lotRule: 'upToOutstanding',
}
const AGREEMENT: AgreementTerms = { warningThreshold: 300n, terminationThreshold: 100n, noticeEpochs: 20 }

/** Worth 1,000 with a fee of 85 and a buffer of 15: 900 may be minted. */
function appraisal(actorBalance = 1000n): Appraisal {
  return {
    actorBalance,
    preCommitDeposit: 0n,
    terminationFee: 85n,
    buffer: 15n,
    feeDebt: 0n,
    queuedTerminationFee: 0n,
  }
}

type At<T> = T extends { readonly epoch: number } ? Omit<T, 'epoch'> & { readonly epoch?: number } : never

/** Books after entries that stand in one epoch unless they say another. */
function booksOf(entries: readonly At<LedgerEntry>[], terms = TERMS): Books {
  let epoch = 0
  return replayEntries(
    terms,
    entries.map((entry) => {
      epoch = entry.epoch ?? epoch
      return { ...entry, epoch } as LedgerEntry
    }),
  )
}

function codeOf(books: Books, entry: At<LedgerEntry>): unknown {
  try {
    return applyEntry(books, { epoch: books.epoch, ...entry } as LedgerEntry)
  } catch (error) {
    expect(error).toBeInstanceOf(LedgerError)
    return error
  }
}

function fil(books: Books, account: Account): bigint {
  return balanceOf(books.balances, account)
}

const MINTED: readonly At<LedgerEntry>[] = [
  { kind: 'open', miner: MINER, terms: AGREEMENT, epoch: 0 },
  { kind: 'mint', miner: MINER, amount: 800n, appraisal: appraisal() },
]

/** A miner that owes 800 and has fallen to 850: EligibleAsset is 50, and the notice is over at epoch 30. */
const WINDING_UP: readonly At<LedgerEntry>[] = [
  ...MINTED,
  { kind: 'warn', miner: MINER, appraisal: appraisal(1050n), epoch: 10 },
  { kind: 'forceTermination', miner: MINER, appraisal: appraisal(850n), epoch: 30 },
]

describe('minting', () => {
  test('puts as much into circulation as the agreement owes', () => {
    const books = booksOf(MINTED)
    expect(outstandingOf(books, MINER)).toBe(800n)
    expect(supplyOf(books)).toBe(800n)
    expect(surplusOf(books)).toBe(0n)
  })

  test('stops at Safe Pledge, in which what is outstanding counts, and names the term that binds', () => {
    const books = booksOf(MINTED)
    const more = (amount: bigint) =>
      codeOf(books, { kind: 'mint', miner: MINER, amount, appraisal: appraisal() })
    expect(more(100n)).not.toBeInstanceOf(LedgerError)
    expect(more(101n)).toMatchObject({
      code: 'LEDGER_BEYOND_SAFE_PLEDGE',
      data: { capacity: 100n, binding: 'buffer' },
    })
    expect(more(201n)).toMatchObject({ data: { binding: 'outstanding' } })
  })

  test('by the strict rule counts fee debt as well', () => {
    const indebted = { ...appraisal(), feeDebt: 60n, queuedTerminationFee: 40n }
    const mint = { kind: 'mint', miner: MINER, appraisal: indebted } as const
    const open = { kind: 'open', miner: MINER, terms: AGREEMENT } as const
    const strict = booksOf([open], { ...TERMS, mintRule: 'strict' })
    expect(codeOf(strict, { ...mint, amount: 801n })).toMatchObject({
      data: { capacity: 800n, binding: 'queuedTerminationFee' },
    })
    expect(supplyOf(booksOf([open, { ...mint, amount: 900n }]))).toBe(900n)
  })

  test('of one miner does not touch another', () => {
    const books = booksOf([
      ...MINTED,
      { kind: 'open', miner: OTHER, terms: AGREEMENT },
      { kind: 'mint', miner: OTHER, amount: 7n, appraisal: appraisal() },
    ])
    expect([outstandingOf(books, MINER), outstandingOf(books, OTHER), supplyOf(books)]).toEqual([
      800n,
      7n,
      807n,
    ])
  })
})

describe('the passive mint', () => {
  // 1.2 · 800 · 0.9 / 360 = 2.4, and on the second day 802 · (1.2 − 0.4 / 360) · 0.9 / 360 = 2.40…
  const price = { num: 19n, denom: 10n }

  test('is entered once a day, when the day is over, in the order of days', () => {
    const books = booksOf(MINTED)
    const at = (day: number, epoch: number) =>
      codeOf(books, { kind: 'passiveMint', miner: MINER, day, filPerPfil: price, epoch })
    expect(at(0, DAY - 1)).toMatchObject({ code: 'LEDGER_OUT_OF_ORDER' })
    expect(at(1, 2 * DAY)).toMatchObject({ code: 'LEDGER_OUT_OF_ORDER', data: { next: 0 } })
    const after = booksOf([
      ...MINTED,
      { kind: 'passiveMint', miner: MINER, day: 0, filPerPfil: price, epoch: DAY },
      { kind: 'passiveMint', miner: MINER, day: 1, filPerPfil: price, epoch: 2 * DAY },
    ])
    expect(outstandingOf(after, MINER)).toBe(804n)
    expect(supplyOf(after)).toBe(804n)
    const again = { kind: 'passiveMint', miner: MINER, day: 1, filPerPfil: price, epoch: 3 * DAY } as const
    expect(codeOf(after, again)).toMatchObject({ code: 'LEDGER_OUT_OF_ORDER', data: { next: 2 } })
  })

  test('leaves less to mint, without any slashing, and goes on while a miner is wound up', () => {
    const books = booksOf([
      ...WINDING_UP,
      { kind: 'passiveMint', miner: MINER, day: 0, filPerPfil: price, epoch: DAY },
    ])
    expect(outstandingOf(books, MINER)).toBe(802n)
    const open = booksOf([
      ...MINTED,
      { kind: 'passiveMint', miner: MINER, day: 0, filPerPfil: price, epoch: DAY },
    ])
    expect(codeOf(open, { kind: 'mint', miner: MINER, amount: 99n, appraisal: appraisal() })).toMatchObject({
      data: { capacity: 98n },
    })
  })
})

describe('burning, repaying and topping up', () => {
  test('a burn takes pFIL out of circulation', () => {
    const books = booksOf([...MINTED, { kind: 'burn', miner: MINER, amount: 300n }])
    expect([outstandingOf(books, MINER), supplyOf(books), surplusOf(books)]).toEqual([500n, 500n, 0n])
  })

  test('a repayment leaves it in circulation, backed by FIL in the vault', () => {
    const books = booksOf([...MINTED, { kind: 'repay', miner: MINER, amount: 300n }])
    expect([outstandingOf(books, MINER), supplyOf(books), surplusOf(books)]).toEqual([500n, 800n, 300n])
    expect([fil(books, 'FIL vault'), fil(books, `FIL owner ${MINER}`)]).toEqual([300n, -300n])
  })

  test('neither may be more than what is outstanding, or nothing', () => {
    const books = booksOf(MINTED)
    for (const kind of ['burn', 'repay'] as const) {
      expect(codeOf(books, { kind, miner: MINER, amount: 801n })).toMatchObject({
        code: 'LEDGER_OVER_OUTSTANDING',
        data: { outstanding: 800n },
      })
      expect(codeOf(books, { kind, miner: MINER, amount: 0n })).toMatchObject({ code: 'LEDGER_AMOUNT' })
    }
  })

  test('a top-up moves FIL into the miner and touches no pFIL', () => {
    const books = booksOf([...MINTED, { kind: 'topUp', miner: MINER, amount: 60n }])
    expect(fil(books, `FIL miner ${MINER}`)).toBe(60n)
    expect([outstandingOf(books, MINER), supplyOf(books)]).toEqual([800n, 800n])
  })
})

describe('warning and forced termination', () => {
  // EligibleAsset is 1,000 − 800 = 200: below 300, not below 100.
  test('a sound miner is neither warned nor terminated', () => {
    const books = booksOf(MINTED)
    expect(codeOf(books, { kind: 'warn', miner: MINER, appraisal: appraisal(1100n) })).toMatchObject({
      code: 'LEDGER_THRESHOLD',
      data: { eligibleAsset: 300n, threshold: 300n },
    })
    const warned = booksOf([...MINTED, { kind: 'warn', miner: MINER, appraisal: appraisal(1099n) }])
    const terminate = { kind: 'forceTermination', miner: MINER, epoch: 50 } as const
    expect(codeOf(warned, { ...terminate, appraisal: appraisal(900n) })).toMatchObject({
      code: 'LEDGER_THRESHOLD',
      data: { eligibleAsset: 100n, threshold: 100n },
    })
    expect(codeOf(warned, { ...terminate, appraisal: appraisal(899n) })).not.toBeInstanceOf(LedgerError)
  })

  test('a provider is terminated only after a warning, and when its notice is over', () => {
    const below = appraisal(850n)
    expect(
      codeOf(booksOf(MINTED), { kind: 'forceTermination', miner: MINER, appraisal: below }),
    ).toMatchObject({ code: 'LEDGER_STAGE' })
    const warned = booksOf([...MINTED, { kind: 'warn', miner: MINER, appraisal: below, epoch: 10 }])
    expect(
      codeOf(warned, { kind: 'forceTermination', miner: MINER, appraisal: below, epoch: 29 }),
    ).toMatchObject({ code: 'LEDGER_NOTICE', data: { from: 30 } })
  })

  test('a warning is lifted when the provider has topped up, and nothing is minted before', () => {
    const warned = booksOf([...MINTED, { kind: 'warn', miner: MINER, appraisal: appraisal() }])
    expect(
      codeOf(warned, { kind: 'mint', miner: MINER, amount: 1n, appraisal: appraisal(2000n) }),
    ).toMatchObject({ code: 'LEDGER_STAGE', data: { stage: 'warned' } })
    expect(codeOf(warned, { kind: 'liftWarning', miner: MINER, appraisal: appraisal(1099n) })).toMatchObject({
      code: 'LEDGER_THRESHOLD',
    })
    const lifted = codeOf(warned, { kind: 'liftWarning', miner: MINER, appraisal: appraisal(1100n) }) as Books
    expect(lifted.agreements.get(MINER)?.stage).toBe('open')
  })
})

describe('the reverse Dutch auction', () => {
  test('sells no more than is outstanding; the owner has the rest', () => {
    const books = booksOf([...WINDING_UP, { kind: 'recover', miner: MINER, amount: 850n }])
    expect(books.auctions[0]).toMatchObject({ lot: 800n, remaining: 800n })
    expect([fil(books, 'FIL lot 0'), fil(books, `FIL owner ${MINER}`)]).toEqual([800n, 50n])
  })

  test('takes earlier lots that are still for sale into account', () => {
    const books = booksOf([
      ...WINDING_UP,
      { kind: 'recover', miner: MINER, amount: 500n },
      { kind: 'recover', miner: MINER, amount: 500n },
      { kind: 'recover', miner: MINER, amount: 9n },
    ])
    expect(books.auctions.map(({ lot }) => lot)).toEqual([500n, 300n])
    expect(fil(books, `FIL owner ${MINER}`)).toBe(209n)
  })

  // At epoch 40 the ask has fallen to 0.9.
  test('goes to the first bid that meets the ask, which is burned', () => {
    const selling = booksOf([...WINDING_UP, { kind: 'recover', miner: MINER, amount: 800n }])
    expect(askOf(selling, 0, 800n, 39)).toBe(800n)
    const bid = { kind: 'bid', auction: 0, fil: 800n, epoch: 40 } as const
    expect(codeOf(selling, { ...bid, pfil: 719n })).toMatchObject({
      code: 'LEDGER_BID_TOO_LOW',
      data: { ask: 720n },
    })
    const sold = codeOf(selling, { ...bid, pfil: 720n }) as Books
    expect(sold.auctions[0]).toMatchObject({ remaining: 0n, sold: 800n, paid: 720n, burned: 720n })
    expect([outstandingOf(sold, MINER), supplyOf(sold)]).toEqual([80n, 80n])
    expect(fil(sold, 'FIL outside')).toBe(800n)
  })

  test('is over as soon as the lot is sold', () => {
    const sold = booksOf([
      ...WINDING_UP,
      { kind: 'recover', miner: MINER, amount: 500n },
      { kind: 'bid', auction: 0, fil: 500n, pfil: 500n },
    ])
    expect(askOf(sold, 0, 1n, sold.epoch)).toBeUndefined()
    const late = { kind: 'bid', auction: 0, fil: 1n, pfil: 9n } as const
    expect(codeOf(sold, late)).toMatchObject({ code: 'LEDGER_AUCTION_OVER' })
    expect(codeOf(sold, { kind: 'settle', auction: 0 })).toEqual(sold)
  })

  test('asks nothing before and after its time', () => {
    const selling = booksOf([...WINDING_UP, { kind: 'recover', miner: MINER, amount: 500n }])
    expect([29, 30, 59, 60].map((epoch) => askOf(selling, 0, 500n, epoch))).toEqual([
      undefined,
      500n,
      400n,
      undefined,
    ])
  })

  test('burns no more than is outstanding; what bidders pay beyond goes to the holders', () => {
    const books = booksOf([
      ...WINDING_UP,
      { kind: 'recover', miner: MINER, amount: 800n },
      { kind: 'bid', auction: 0, fil: 800n, pfil: 830n },
      { kind: 'close', miner: MINER },
    ])
    expect(books.auctions[0]).toMatchObject({ paid: 830n, burned: 800n, surplus: 30n })
    expect([outstandingOf(books, MINER), supplyOf(books)]).toEqual([0n, 0n])
  })

  test('sells parts, but leaves and sells no dust', () => {
    const selling = booksOf([...WINDING_UP, { kind: 'recover', miner: MINER, amount: 20n }])
    for (const part of [4n, 16n, 21n]) {
      expect(codeOf(selling, { kind: 'bid', auction: 0, fil: part, pfil: 99n })).toMatchObject({
        code: 'LEDGER_DUST',
      })
    }
    const sold = codeOf(selling, { kind: 'bid', auction: 0, fil: 15n, pfil: 15n }) as Books
    expect(sold.auctions[0]).toMatchObject({ remaining: 5n })
  })

  // Three prices of ten epochs each.
  test('passes in what nobody bought, which then backs pFIL one for one', () => {
    const selling = booksOf([...WINDING_UP, { kind: 'recover', miner: MINER, amount: 500n }])
    expect(codeOf(selling, { kind: 'settle', auction: 0, epoch: 59 })).toMatchObject({
      code: 'LEDGER_AUCTION_OPEN',
    })
    expect(codeOf(selling, { kind: 'bid', auction: 0, fil: 500n, pfil: 500n, epoch: 60 })).toMatchObject({
      code: 'LEDGER_AUCTION_OVER',
    })
    const settled = codeOf(selling, { kind: 'settle', auction: 0, epoch: 60 }) as Books
    expect(settled.auctions[0]).toMatchObject({ remaining: 0n, passedIn: 500n, returned: 0n })
    expect([outstandingOf(settled, MINER), supplyOf(settled), surplusOf(settled)]).toEqual([300n, 800n, 500n])
    expect(fil(settled, 'FIL vault')).toBe(500n)
  })

  test('is over when nothing is outstanding any more, and the lot goes back', () => {
    const books = booksOf([
      ...WINDING_UP,
      { kind: 'recover', miner: MINER, amount: 500n },
      { kind: 'burn', miner: MINER, amount: 800n },
    ])
    expect(codeOf(books, { kind: 'bid', auction: 0, fil: 500n, pfil: 500n })).toMatchObject({
      code: 'LEDGER_AUCTION_OVER',
    })
    expect(codeOf(books, { kind: 'close', miner: MINER })).toMatchObject({ code: 'LEDGER_NOT_SETTLED' })
    const settled = codeOf(books, { kind: 'settle', auction: 0 }) as Books
    expect(settled.auctions[0]).toMatchObject({ returned: 500n, passedIn: 0n })
    expect(fil(settled, `FIL owner ${MINER}`)).toBe(500n)
  })

  test('by the other rule sells all that was recovered, to the gain of the holders', () => {
    const selling: readonly At<LedgerEntry>[] = [
      ...WINDING_UP,
      { kind: 'recover', miner: MINER, amount: 850n },
      { kind: 'bid', auction: 0, fil: 800n, pfil: 800n },
    ]
    const all = { ...TERMS, lotRule: 'allRecovered' } as const
    const sold = booksOf([...selling, { kind: 'bid', auction: 0, fil: 50n, pfil: 50n }], all)
    expect(sold.auctions[0]).toMatchObject({ lot: 850n, burned: 800n, surplus: 50n })
    const passedIn = booksOf([...selling, { kind: 'settle', auction: 0, epoch: 60 }], all)
    expect([fil(passedIn, 'FIL vault'), surplusOf(passedIn), supplyOf(passedIn)]).toEqual([50n, 0n, 0n])
  })
})

describe('bad debt', () => {
  /** 800 are owed, 500 are recovered and sold for as much: 300 are left. */
  const SOLD: readonly At<LedgerEntry>[] = [
    ...WINDING_UP,
    { kind: 'recover', miner: MINER, amount: 500n },
    { kind: 'bid', auction: 0, fil: 500n, pfil: 500n },
  ]

  test.each([
    { reserve: 1000n, fromReserve: 300n, lost: 0n },
    { reserve: 100n, fromReserve: 100n, lost: 200n },
    { reserve: undefined, fromReserve: 0n, lost: 300n },
  ])('of 300 takes $fromReserve from a reserve of $reserve, and $lost from the holders', (given) => {
    const fund = given.reserve === undefined ? [] : [{ kind: 'fundReserve', amount: given.reserve } as const]
    const books = booksOf([...SOLD, ...fund, { kind: 'writeOff', miner: MINER, stillRecoverable: 0n }])
    expect(books.agreements.get(MINER)).toMatchObject({
      stage: 'closed',
      totals: { fromReserve: given.fromReserve, lost: given.lost },
    })
    expect(balanceOf(books.balances, 'pFIL bad debt')).toBe(given.lost)
    expect(fil(books, 'FIL vault')).toBe(given.fromReserve)
    expect([outstandingOf(books, MINER), supplyOf(books), surplusOf(books)]).toEqual([0n, 300n, 300n])
  })

  test('is booked only when nothing is for sale and nothing can be recovered any more', () => {
    const code = { code: 'LEDGER_STILL_RECOVERING' }
    expect(codeOf(booksOf(SOLD), { kind: 'writeOff', miner: MINER, stillRecoverable: 1n })).toMatchObject(
      code,
    )
    const selling = booksOf([...WINDING_UP, { kind: 'recover', miner: MINER, amount: 500n }])
    expect(codeOf(selling, { kind: 'writeOff', miner: MINER, stillRecoverable: 0n })).toMatchObject(code)
  })
})

describe('the end of an agreement', () => {
  test('comes when nothing is outstanding, and nothing is entered after it', () => {
    expect(codeOf(booksOf(MINTED), { kind: 'close', miner: MINER })).toMatchObject({
      code: 'LEDGER_NOT_SETTLED',
      data: { outstanding: 800n },
    })
    const closed = booksOf([
      ...MINTED,
      { kind: 'burn', miner: MINER, amount: 800n },
      { kind: 'close', miner: MINER },
    ])
    for (const entry of [
      { kind: 'mint', miner: MINER, amount: 1n, appraisal: appraisal() },
      { kind: 'topUp', miner: MINER, amount: 1n },
      { kind: 'close', miner: MINER },
    ] as const) {
      expect(codeOf(closed, entry)).toMatchObject({ code: 'LEDGER_STAGE', data: { stage: 'closed' } })
    }
  })
})

describe('entries that mean nothing', () => {
  test.each<{ readonly entry: At<LedgerEntry>; readonly code: string }>([
    { entry: { kind: 'burn', miner: OTHER, amount: 1n }, code: 'LEDGER_NO_AGREEMENT' },
    { entry: { kind: 'open', miner: MINER, terms: AGREEMENT }, code: 'LEDGER_AGREEMENT_EXISTS' },
    {
      entry: { kind: 'open', miner: OTHER, terms: { ...AGREEMENT, terminationThreshold: 301n } },
      code: 'LEDGER_TERMS',
    },
    { entry: { kind: 'bid', auction: 0, fil: 1n, pfil: 1n }, code: 'LEDGER_NO_AUCTION' },
    { entry: { kind: 'settle', auction: 0 }, code: 'LEDGER_NO_AUCTION' },
    { entry: { kind: 'recover', miner: MINER, amount: 1n }, code: 'LEDGER_STAGE' },
    { entry: { kind: 'fundReserve', amount: 0n }, code: 'LEDGER_AMOUNT' },
  ])('such as $entry.kind are refused with $code', ({ entry, code }) => {
    expect(codeOf(booksOf(MINTED), entry)).toMatchObject({ code })
  })

  test('are those of an epoch before the last one', () => {
    const books = booksOf([...MINTED, { kind: 'topUp', miner: MINER, amount: 1n, epoch: 9 }])
    expect(codeOf(books, { kind: 'topUp', miner: MINER, amount: 1n, epoch: 8 })).toMatchObject({
      code: 'LEDGER_OUT_OF_ORDER',
    })
  })

  test('are all under terms of an auction that never ends', () => {
    expect(() => openBooks({ ...TERMS, auction: { ...TERMS.auction, step: 0n } })).toThrow(LedgerError)
  })
})
