import type { ActorId } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { type Account, owedAccount, type Posting, post, sumIn, transfer } from './accounts.ts'
import { replayEntries } from './apply-entry.ts'
import type { Auction } from './auction.ts'
import type { Agreement, Books } from './books.ts'
import { checkBooks } from './check-books.ts'
import { REPL_PASSIVE_MINT } from './passive-mint.ts'

const MINER = 1000 as ActorId
const FIL = 10n ** 18n
const appraisal = {
  actorBalance: 1000n,
  preCommitDeposit: 0n,
  terminationFee: 0n,
  buffer: 0n,
  feeDebt: 0n,
  queuedTerminationFee: 0n,
}

/** 800 are minted, 100 repaid; the miner is wound up and half of a lot of 200 sold for as much. */
const soundBooks = () =>
  replayEntries(
    {
      mintRule: 'published',
      passiveMint: REPL_PASSIVE_MINT,
      lotRule: 'upToOutstanding',
      auction: { startPrice: FIL, step: FIL, floorPrice: FIL, intervalEpochs: 10, restarts: 0, dust: 50n },
    },
    [
      {
        kind: 'open',
        epoch: 0,
        miner: MINER,
        terms: { warningThreshold: 300n, terminationThreshold: 300n, noticeEpochs: 0 },
      },
      { kind: 'mint', epoch: 0, miner: MINER, amount: 800n, appraisal },
      { kind: 'repay', epoch: 0, miner: MINER, amount: 100n },
      { kind: 'warn', epoch: 0, miner: MINER, appraisal: { ...appraisal, actorBalance: 900n } },
      { kind: 'forceTermination', epoch: 0, miner: MINER, appraisal: { ...appraisal, actorBalance: 900n } },
      { kind: 'recover', epoch: 0, miner: MINER, amount: 200n },
      { kind: 'bid', epoch: 0, auction: 0, fil: 100n, pfil: 100n },
    ],
  )

function withBalances(changes: Readonly<Partial<Record<Account, bigint>>>): Books {
  const balances = new Map(soundBooks().balances)
  for (const [account, amount] of Object.entries(changes) as [Account, bigint][]) {
    balances.set(account, (balances.get(account) ?? 0n) + amount)
  }
  return { ...soundBooks(), balances }
}

function withAgreement(changes: Partial<Agreement>): Books {
  const books = soundBooks()
  const agreement = books.agreements.get(MINER)
  return agreement === undefined
    ? books
    : { ...books, agreements: new Map([[MINER, { ...agreement, ...changes }]]) }
}

function withAuction(changes: Partial<Auction>): Books {
  const books = soundBooks()
  return { ...books, auctions: books.auctions.map((auction) => ({ ...auction, ...changes })) }
}

describe('checkBooks', () => {
  test('has nothing to say of sound books', () => {
    expect(checkBooks(soundBooks())).toEqual([])
  })

  test.each<{ readonly name: string; readonly books: () => Books; readonly finding: string }>([
    {
      name: 'FIL that is nowhere',
      books: () => withBalances({ 'FIL outside': 1n }),
      finding: 'FIL does not balance',
    },
    {
      name: 'pFIL that nobody owes',
      books: () => withBalances({ 'pFIL circulating': -1n }),
      finding: 'pFIL does not balance',
    },
    {
      name: 'pFIL that is owed without an agreement',
      books: () => withBalances({ [owedAccount(1001 as ActorId)]: 5n, 'pFIL circulating': -5n }),
      finding: 'what miners owe is not the supply without surplus',
    },
    {
      name: 'supply that was never minted',
      books: () => withBalances({ 'pFIL circulating': -1n, 'pFIL bad debt': 1n }),
      finding: 'the supply is not what was minted and not burned',
    },
    {
      name: 'FIL gone from the vault',
      books: () => withBalances({ 'FIL vault': -1n, 'FIL outside': 1n }),
      finding: 'the vault holds less FIL than it stands for',
    },
    {
      name: 'pFIL without backing that is not declared bad debt',
      books: () => withBalances({ 'FIL vault': -1n, 'FIL outside': 1n }),
      finding: 'pFIL is not backed outside declared bad debt',
    },
    {
      name: 'an overdrawn reserve',
      books: () => withBalances({ 'FIL reserve': -1n, 'FIL vault': 1n }),
      finding: 'the reserve is overdrawn',
    },
    {
      name: 'an agreement that owes another amount than its totals say',
      books: () => withBalances({ [`pFIL owed ${MINER}`]: -1n, 'pFIL bad debt': 1n }),
      finding: 'f01000: owes another amount than its totals say',
    },
    {
      name: 'an agreement that owes less than nothing',
      books: () => withBalances({ [`pFIL owed ${MINER}`]: -601n, 'pFIL circulating': 601n }),
      finding: 'f01000: owes less than nothing',
    },
    {
      name: 'a closed agreement that owes',
      books: () => withAgreement({ stage: 'closed' }),
      finding: 'f01000: is closed and not settled',
    },
    {
      name: 'a closed agreement that owes, with nothing for sale',
      books: () => ({ ...withAgreement({ stage: 'closed' }), auctions: [] }),
      finding: 'f01000: is closed and not settled',
    },
    {
      name: 'a lot that is not in its account',
      books: () => withBalances({ 'FIL lot 0': -1n, 'FIL vault': 1n }),
      finding: 'auction 0: the lot is not what remains',
    },
    {
      name: 'a lot of which a part is missing',
      books: () => withAuction({ sold: 99n }),
      finding: 'auction 0: the lot is not where its parts are',
    },
    {
      name: 'pFIL that was paid and is neither burned nor with the holders',
      books: () => withAuction({ burned: 99n }),
      finding: 'auction 0: what was paid is neither burned nor with the holders',
    },
    {
      name: 'dust that can never be sold',
      books: () => withAuction({ remaining: 49n, sold: 151n }),
      finding: 'auction 0: what remains can never be sold',
    },
    {
      name: 'a negative part of a lot',
      books: () => withAuction({ returned: -1n, passedIn: 1n }),
      finding: 'auction 0: a part is negative',
    },
  ])('finds $name', ({ books, finding }) => {
    expect(checkBooks(books())).toContain(finding)
  })

  test('takes a lot of less than dust for what it is', () => {
    const small: Auction = {
      ...(soundBooks().auctions[0] as Auction),
      lot: 20n,
      sold: 0n,
      remaining: 20n,
      paid: 0n,
      burned: 0n,
    }
    const books = withBalances({ 'FIL lot 0': -80n, 'FIL vault': 80n })
    expect(checkBooks({ ...books, auctions: [small] })).toEqual([])
  })
})

describe('postings', () => {
  const mixed: readonly Posting[] = [
    { account: 'pFIL circulating', amount: -3n },
    { account: 'pFIL bad debt', amount: 1n },
    { account: 'FIL vault', amount: 2n },
  ]

  test('are summed unit by unit', () => {
    expect([sumIn(mixed, 'pFIL'), sumIn(mixed, 'FIL')]).toEqual([-2n, 2n])
  })

  test('that do not balance in each unit are a bug', () => {
    expect(() => post(new Map(), mixed)).toThrow('assertion failed')
    expect(() => post(new Map(), [{ account: 'FIL vault', amount: 1n }])).toThrow('assertion failed')
    expect(() => post(new Map(), [{ account: 'pFIL bad debt', amount: 1n }])).toThrow('assertion failed')
  })

  test('between units are a bug: a pFIL is no FIL', () => {
    expect(() => transfer('pFIL circulating', 'FIL vault', 1n)).toThrow('assertion failed')
  })

  test('of nothing leave no account behind', () => {
    expect(transfer('FIL outside', 'FIL vault', 0n)).toEqual([])
  })
})
