import type { ActorId } from '@plimsoll/primitives'
import { expect, test } from 'vitest'
import { applyEntry, replayEntries } from './apply-entry.ts'
import { requireAuctionTerms } from './auction.ts'
import { askOf } from './auction-entries.ts'
import { openBooks, outstandingOf } from './books.ts'
import type { AgreementTerms, LedgerEntry, LedgerTerms } from './ledger-entry.ts'
import { REPL_PASSIVE_MINT } from './passive-mint.ts'

const MINER = 1000 as ActorId
const OTHER = 1001 as ActorId
const FIL = 10n ** 18n

/** One pFIL for a FIL for ten epochs. */
const TERMS: LedgerTerms = {
  ...{ mintRule: 'published', passiveMint: REPL_PASSIVE_MINT, lotRule: 'upToOutstanding' },
  auction: { startPrice: FIL, step: FIL, floorPrice: FIL, intervalEpochs: 10, restarts: 0, dust: 5n },
}
const AGREEMENT: AgreementTerms = { warningThreshold: 300n, terminationThreshold: 100n, noticeEpochs: 20 }

const worth = (actorBalance: bigint) => ({
  ...{ actorBalance, preCommitDeposit: 0n, terminationFee: 0n, buffer: 0n },
  ...{ feeDebt: 0n, queuedTerminationFee: 0n },
})

const MINTED: readonly LedgerEntry[] = [
  { kind: 'open', epoch: 0, miner: MINER, terms: AGREEMENT },
  { kind: 'mint', epoch: 0, miner: MINER, amount: 800n, appraisal: worth(1000n) },
]
const WARNED: readonly LedgerEntry[] = [
  ...MINTED,
  { kind: 'warn', epoch: 10, miner: MINER, appraisal: worth(850n) },
]
/** 800 are owed, and a lot of 500 is for sale from epoch 30 to 39. */
const SELLING: readonly LedgerEntry[] = [
  ...WARNED,
  { kind: 'forceTermination', epoch: 30, miner: MINER, appraisal: worth(850n) },
  { kind: 'recover', epoch: 30, miner: MINER, amount: 500n },
]

// What is refused says what it is about, so that nobody has to read the sentence.
test.each<{ after: readonly LedgerEntry[]; entry: LedgerEntry; code: string; data: object }>([
  {
    after: WARNED,
    entry: { kind: 'topUp', epoch: 9, miner: MINER, amount: 1n },
    ...{ code: 'LEDGER_OUT_OF_ORDER', data: { epoch: 9, last: 10 } },
  },
  {
    after: MINTED,
    entry: { kind: 'open', epoch: 0, miner: MINER, terms: AGREEMENT },
    ...{ code: 'LEDGER_AGREEMENT_EXISTS', data: { miner: MINER } },
  },
  ...[
    { ...AGREEMENT, terminationThreshold: 301n },
    { ...AGREEMENT, noticeEpochs: -1 },
    { ...AGREEMENT, noticeEpochs: 1.5 },
  ].map((terms) => ({
    after: MINTED,
    entry: { kind: 'open', epoch: 0, miner: OTHER, terms } as const,
    ...{ code: 'LEDGER_TERMS', data: { terms } },
  })),
  {
    after: MINTED,
    entry: { kind: 'mint', epoch: 0, miner: MINER, amount: 201n, appraisal: worth(1000n) },
    ...{ code: 'LEDGER_BEYOND_SAFE_PLEDGE', data: { amount: 201n, capacity: 200n, binding: 'outstanding' } },
  },
  {
    after: MINTED,
    entry: { kind: 'mint', epoch: 0, miner: MINER, amount: 0n, appraisal: worth(1000n) },
    ...{ code: 'LEDGER_AMOUNT', data: { amount: 0n } },
  },
  {
    after: MINTED,
    entry: { kind: 'topUp', epoch: 0, miner: MINER, amount: 0n },
    ...{ code: 'LEDGER_AMOUNT', data: { amount: 0n } },
  },
  {
    after: MINTED,
    entry: { kind: 'passiveMint', epoch: 2879, miner: MINER, day: 0, filPerPfil: { num: 2n, denom: 1n } },
    ...{ code: 'LEDGER_OUT_OF_ORDER', data: { miner: MINER, day: 0, next: 0 } },
  },
  {
    after: MINTED,
    entry: { kind: 'burn', epoch: 0, miner: MINER, amount: 801n },
    ...{ code: 'LEDGER_OVER_OUTSTANDING', data: { amount: 801n, outstanding: 800n } },
  },
  {
    after: MINTED,
    entry: { kind: 'burn', epoch: 0, miner: OTHER, amount: 1n },
    ...{ code: 'LEDGER_NO_AGREEMENT', data: { miner: OTHER } },
  },
  {
    after: MINTED,
    entry: { kind: 'warn', epoch: 0, miner: MINER, appraisal: worth(1100n) },
    ...{ code: 'LEDGER_THRESHOLD', data: { eligibleAsset: 300n, threshold: 300n } },
  },
  {
    after: WARNED,
    entry: { kind: 'liftWarning', epoch: 10, miner: MINER, appraisal: worth(1099n) },
    ...{ code: 'LEDGER_THRESHOLD', data: { eligibleAsset: 299n, threshold: 300n } },
  },
  {
    after: WARNED,
    entry: { kind: 'forceTermination', epoch: 29, miner: MINER, appraisal: worth(850n) },
    ...{ code: 'LEDGER_NOTICE', data: { epoch: 29, from: 30 } },
  },
  {
    after: SELLING,
    entry: { kind: 'recover', epoch: 30, miner: MINER, amount: 0n },
    ...{ code: 'LEDGER_AMOUNT', data: { amount: 0n } },
  },
  {
    after: MINTED,
    entry: { kind: 'recover', epoch: 30, miner: MINER, amount: 1n },
    ...{ code: 'LEDGER_STAGE', data: { miner: MINER, stage: 'open' } },
  },
  {
    after: SELLING,
    entry: { kind: 'bid', epoch: 30, auction: 7, fil: 5n, pfil: 5n },
    ...{ code: 'LEDGER_NO_AUCTION', data: { auction: 7 } },
  },
  {
    after: SELLING,
    entry: { kind: 'bid', epoch: 30, auction: 0, fil: 0n, pfil: 5n },
    ...{ code: 'LEDGER_AMOUNT', data: { amount: 0n } },
  },
  {
    after: SELLING,
    entry: { kind: 'bid', epoch: 40, auction: 0, fil: 5n, pfil: 5n },
    ...{ code: 'LEDGER_AUCTION_OVER', data: { auction: 0, epoch: 40 } },
  },
  {
    after: SELLING,
    entry: { kind: 'bid', epoch: 39, auction: 0, fil: 4n, pfil: 5n },
    ...{ code: 'LEDGER_DUST', data: { fil: 4n, remaining: 500n } },
  },
  {
    after: SELLING,
    entry: { kind: 'bid', epoch: 39, auction: 0, fil: 5n, pfil: 4n },
    ...{ code: 'LEDGER_BID_TOO_LOW', data: { pfil: 4n, ask: 5n } },
  },
  {
    after: SELLING,
    entry: { kind: 'settle', epoch: 39, auction: 0 },
    ...{ code: 'LEDGER_AUCTION_OPEN', data: { auction: 0 } },
  },
  {
    after: SELLING,
    entry: { kind: 'writeOff', epoch: 39, miner: MINER, stillRecoverable: 0n },
    ...{ code: 'LEDGER_STILL_RECOVERING', data: { miner: MINER, stillRecoverable: 0n } },
  },
  {
    after: SELLING,
    entry: { kind: 'close', epoch: 39, miner: MINER },
    ...{ code: 'LEDGER_NOT_SETTLED', data: { miner: MINER, outstanding: 800n } },
  },
])('$entry.kind is refused with $code, which says what it is about', ({ after, entry, code, data }) => {
  expect(() => applyEntry(replayEntries(TERMS, after), entry)).toThrow(
    expect.objectContaining({ code, data }),
  )
})

test('terms of an auction that are not sound are refused with the terms', () => {
  const auction = { ...TERMS.auction, step: 0n }
  const refusal = expect.objectContaining({ code: 'LEDGER_TERMS', data: { terms: auction } })
  expect(() => requireAuctionTerms(auction)).toThrow(refusal)
  expect(() => openBooks({ ...TERMS, auction })).toThrow(refusal)
})

test('the ask of an auction that there is not is refused as a bid is', () => {
  expect(() => askOf(replayEntries(TERMS, SELLING), 1, 5n, 30)).toThrow(
    expect.objectContaining({ code: 'LEDGER_NO_AUCTION', data: { auction: 1 } }),
  )
})

// Whoever owes may pay, and what is owed grows, until the agreement is closed.
test.each<{ stage: string; after: readonly LedgerEntry[] }>([
  { stage: 'open', after: MINTED },
  { stage: 'warned', after: WARNED },
  { stage: 'being wound up', after: SELLING.slice(0, -1) },
])(
  'while an agreement is $stage it is burned, repaid, topped up, minted passively and closed',
  ({ after }) => {
    const at = { epoch: 2880, miner: MINER }
    const books = replayEntries(TERMS, [
      ...after,
      // 1.2 · 800 · 0.9 / 360 = 2.4
      { ...at, kind: 'passiveMint', day: 0, filPerPfil: { num: 19n, denom: 10n } },
      { ...at, kind: 'topUp', amount: 1n },
      { ...at, kind: 'burn', amount: 2n },
      { ...at, kind: 'repay', amount: 800n },
      { ...at, kind: 'close' },
    ])
    expect(outstandingOf(books, MINER)).toBe(0n)
    expect(books.agreements.get(MINER)?.stage).toBe('closed')
  },
)

test('what another miner has for sale covers nothing of this one', () => {
  const other: readonly LedgerEntry[] = [
    { kind: 'open', epoch: 30, miner: OTHER, terms: { ...AGREEMENT, noticeEpochs: 0 } },
    { kind: 'mint', epoch: 30, miner: OTHER, amount: 600n, appraisal: worth(1000n) },
    { kind: 'warn', epoch: 30, miner: OTHER, appraisal: worth(650n) },
    { kind: 'forceTermination', epoch: 30, miner: OTHER, appraisal: worth(650n) },
    { kind: 'recover', epoch: 30, miner: OTHER, amount: 700n },
  ]
  const { auctions } = replayEntries(TERMS, [...SELLING, ...other])
  expect(auctions.map(({ miner, lot }) => [miner, lot])).toEqual([
    [MINER, 500n],
    [OTHER, 600n],
  ])
})
