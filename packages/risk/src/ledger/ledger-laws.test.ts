import { fc, test } from '@fast-check/vitest'
import { type ActorId, divFloor, minBigInt } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { balanceOf } from './accounts.ts'
import { applyEntry, replayEntries } from './apply-entry.ts'
import { askOf } from './auction-entries.ts'
import { type Books, openBooks, outstandingOf, supplyOf, surplusOf } from './books.ts'
import { checkBooks } from './check-books.ts'
import type { LedgerEntry, LedgerTerms } from './ledger-entry.ts'
import { LedgerError } from './ledger-error.ts'
import type { Appraisal } from './mint-capacity.ts'
import { REPL_PASSIVE_MINT } from './passive-mint.ts'

const MINERS: readonly ActorId[] = [1000 as ActorId, 1001 as ActorId]
const FIL = 10n ** 18n
const DAY = 2880

const anyTerms: fc.Arbitrary<LedgerTerms> = fc.record({
  mintRule: fc.constantFrom('published', 'strict'),
  passiveMint: fc.constant(REPL_PASSIVE_MINT),
  lotRule: fc.constantFrom('upToOutstanding', 'allRecovered'),
  auction: fc.record({
    startPrice: fc.bigInt({ min: FIL, max: 2n * FIL }),
    step: fc.bigInt({ min: FIL / 10n, max: FIL }),
    floorPrice: fc.bigInt({ min: FIL / 2n, max: FIL }),
    intervalEpochs: fc.constantFrom(1, 100, 2000),
    restarts: fc.nat(2),
    dust: fc.constantFrom(1n, 50n),
  }),
})

/** What somebody tries next; the rules may refuse it. */
interface Attempt {
  readonly kind: LedgerEntry['kind'] | 'nextDay'
  readonly which: number
  readonly amount: bigint
  readonly wait: number
}

/** The kinds that move pFIL come up more often. */
const anyAttempt: fc.Arbitrary<Attempt> = fc.record({
  kind: fc.constantFrom<Attempt['kind'][]>(
    'open',
    'mint',
    'mint',
    'nextDay',
    'nextDay',
    'burn',
    'topUp',
    'repay',
    'warn',
    'warn',
    'liftWarning',
    'forceTermination',
    'forceTermination',
    'recover',
    'recover',
    'bid',
    'bid',
    'bid',
    'settle',
    'settle',
    'writeOff',
    'close',
    'fundReserve',
  ),
  which: fc.nat(5),
  amount: fc.oneof(fc.bigInt({ min: -1n, max: 1000n }), fc.bigInt({ min: 0n, max: 100n })),
  wait: fc.constantFrom(0, 0, 1, 100, 3000),
})

function appraisalOf(actorBalance: bigint): Appraisal {
  return {
    actorBalance,
    preCommitDeposit: 10n,
    terminationFee: 85n,
    buffer: 15n,
    feeDebt: 5n,
    queuedTerminationFee: 3n,
  }
}

function entryOf(books: Books, { kind, which, amount, wait }: Attempt): LedgerEntry {
  const miner = MINERS[which % MINERS.length] ?? (0 as ActorId)
  const auction = which % Math.max(books.auctions.length, 1)
  const epoch = books.epoch + wait
  switch (kind) {
    case 'open':
      return {
        kind,
        epoch,
        miner,
        terms: { warningThreshold: 300n, terminationThreshold: 200n, noticeEpochs: which },
      }
    case 'nextDay':
      return {
        kind: 'passiveMint',
        epoch: epoch + DAY,
        miner,
        day: books.agreements.get(miner)?.passiveMintDay ?? 0,
        filPerPfil: { num: 1000n + amount, denom: 1000n },
      }
    case 'mint':
      return { kind, epoch, miner, amount, appraisal: appraisalOf(1200n) }
    case 'warn':
    case 'liftWarning':
    case 'forceTermination':
      return { kind, epoch, miner, appraisal: appraisalOf(amount) }
    case 'bid': {
      const remaining = books.auctions[auction]?.remaining ?? 0n
      const fil = which < 3 ? remaining : amount
      const ask = books.auctions.length === 0 ? undefined : askOf(books, auction, fil, epoch)
      return { kind, epoch, auction, fil, pfil: (ask ?? 0n) + BigInt(which) * 20n - 20n }
    }
    case 'settle':
      return { kind, epoch, auction }
    case 'writeOff':
      return { kind, epoch, miner, stillRecoverable: which < 4 ? 0n : 1n }
    case 'close':
      return { kind, epoch, miner }
    case 'fundReserve':
      return { kind, epoch, amount: divFloor(amount, 10n) }
    default:
      return { kind: kind === 'passiveMint' ? 'burn' : kind, epoch, miner, amount }
  }
}

/** Entries that the rules took, the books after each, and whatever was refused leaves no trace. */
function play(terms: LedgerTerms, attempts: readonly Attempt[]) {
  const steps: { readonly entry: LedgerEntry; readonly before: Books; readonly after: Books }[] = []
  let books = openBooks(terms)
  for (const attempt of attempts) {
    const entry = entryOf(books, attempt)
    try {
      const after = applyEntry(books, entry)
      steps.push({ entry, before: books, after })
      books = after
    } catch (error) {
      if (!(error instanceof LedgerError)) {
        throw error
      }
    }
  }
  return { steps, books }
}

const BEGINNING: readonly Attempt[] = [
  { kind: 'open', which: 0, amount: 0n, wait: 0 },
  { kind: 'open', which: 1, amount: 0n, wait: 0 },
  { kind: 'mint', which: 0, amount: 900n, wait: 0 },
  { kind: 'mint', which: 1, amount: 100n, wait: 0 },
]
const WINDING_UP: readonly Attempt[] = [
  { kind: 'warn', which: 0, amount: 0n, wait: 0 },
  { kind: 'forceTermination', which: 0, amount: 0n, wait: 1 },
]

/** Sequences that begin with agreements, half of them with one that is being wound up. */
const anyPlay = fc
  .tuple(
    anyTerms,
    fc.constantFrom(BEGINNING, [...BEGINNING, ...WINDING_UP]),
    fc.array(anyAttempt, { maxLength: 80, size: 'max' }),
  )
  .map(([terms, beginning, attempts]) => play(terms, [...beginning, ...attempts]))

/** A second, simpler model of the same pFIL: what each miner owes, what circulates, what FIL stands for it. */
class Ghost {
  readonly owed = new Map<ActorId, bigint>()
  supply = 0n
  backedByFil = 0n
  lost = 0n
  reserve = 0n

  follow({ entry, before, after }: { entry: LedgerEntry; before: Books; after: Books }): void {
    switch (entry.kind) {
      case 'mint':
        this.lend(entry.miner, entry.amount)
        break
      case 'passiveMint':
        // How much it is has tests of its own.
        this.lend(entry.miner, outstandingOf(after, entry.miner) - outstandingOf(before, entry.miner))
        break
      case 'burn':
        this.lend(entry.miner, -entry.amount)
        break
      case 'repay':
        this.back(entry.miner, entry.amount)
        break
      case 'bid': {
        const { miner } = before.auctions[entry.auction] ?? { miner: 0 as ActorId }
        this.lend(miner, -minBigInt(entry.pfil, this.owed.get(miner) ?? 0n))
        break
      }
      case 'settle': {
        const { miner, remaining } = before.auctions[entry.auction] ?? { miner: 0 as ActorId, remaining: 0n }
        this.back(miner, minBigInt(remaining, this.owed.get(miner) ?? 0n))
        break
      }
      case 'fundReserve':
        this.reserve += entry.amount
        break
      case 'writeOff': {
        const covered = minBigInt(this.reserve, this.owed.get(entry.miner) ?? 0n)
        this.reserve -= covered
        this.back(entry.miner, covered)
        this.lost += this.owed.get(entry.miner) ?? 0n
        this.owed.set(entry.miner, 0n)
        break
      }
      default:
        break
    }
  }

  private lend(miner: ActorId, amount: bigint): void {
    this.owed.set(miner, (this.owed.get(miner) ?? 0n) + amount)
    this.supply += amount
  }

  private back(miner: ActorId, amount: bigint): void {
    this.owed.set(miner, (this.owed.get(miner) ?? 0n) - amount)
    this.backedByFil += amount
  }
}

describe('the books after any sequence of entries', () => {
  test.prop([anyPlay])('I5: hold their invariants after every one', ({ steps }) => {
    for (const { after } of steps) {
      expect(checkBooks(after)).toEqual([])
    }
  })

  test.prop([anyPlay])(
    'I5: owe what all miners owe: the supply without what FIL stands for and what is lost',
    ({ steps }) => {
      for (const { after } of steps) {
        const owed = MINERS.reduce((sum, miner) => sum + outstandingOf(after, miner), 0n)
        expect(owed).toBe(supplyOf(after) - surplusOf(after))
      }
    },
  )

  test.prop([anyPlay])('I5: are backed, miner by miner or by FIL, outside declared bad debt', ({ steps }) => {
    for (const { after } of steps) {
      const owed = MINERS.reduce((sum, miner) => sum + outstandingOf(after, miner), 0n)
      const backing = owed + balanceOf(after.balances, 'FIL vault')
      expect(backing >= supplyOf(after) - balanceOf(after.balances, 'pFIL bad debt')).toBe(true)
    }
  })

  test.prop([anyPlay])('I6: are those of a simpler model that followed', ({ steps }) => {
    const ghost = new Ghost()
    for (const step of steps) {
      ghost.follow(step)
      const { balances } = step.after
      expect(MINERS.map((miner) => outstandingOf(step.after, miner))).toEqual(
        MINERS.map((miner) => ghost.owed.get(miner) ?? 0n),
      )
      expect(supplyOf(step.after)).toBe(ghost.supply)
      expect(balanceOf(balances, 'pFIL held in FIL')).toBe(ghost.backedByFil)
      expect(balanceOf(balances, 'pFIL bad debt')).toBe(ghost.lost)
      expect(balanceOf(balances, 'FIL reserve')).toBe(ghost.reserve)
    }
  })

  test.prop([anyPlay])('I5: are the same when the entries are replayed', ({ steps, books }) => {
    const entries = steps.map(({ entry }) => entry)
    expect(replayEntries(books.terms, entries)).toEqual(books)
  })

  test.prop([anyPlay, anyAttempt])('are the same when an entry is refused', ({ books }, attempt) => {
    const copy = structuredClone(books)
    try {
      applyEntry(books, entryOf(books, attempt))
    } catch (error) {
      expect(error).toBeInstanceOf(LedgerError)
    }
    expect(books).toEqual(copy)
  })
})

describe('auctions in any sequence of entries', () => {
  test.prop([anyPlay])('I5: conserve the lot and what was paid', ({ books }) => {
    for (const { lot, remaining, sold, passedIn, returned, paid, burned, surplus } of books.auctions) {
      expect(sold + passedIn + returned + remaining).toBe(lot)
      expect(burned + surplus).toBe(paid)
    }
  })

  test.prop([anyPlay])('I7: leave no part that can never be sold', ({ books }) => {
    const { dust } = books.terms.auction
    for (const { lot, remaining } of books.auctions) {
      expect(remaining === 0n || remaining >= minBigInt(dust, lot)).toBe(true)
    }
  })

  // FIL goes in by recovery, repayment, top-up and reserve, and is afterwards where an account says.
  test.prop([anyPlay])('and all other entries conserve FIL', ({ books }) => {
    const fil = [...books.balances].filter(([account]) => account.startsWith('FIL '))
    expect(fil.reduce((sum, [, amount]) => sum + amount, 0n)).toBe(0n)
  })
})

describe('minting in any sequence of entries', () => {
  test.prop([anyPlay])('never goes beyond the Safe Pledge of its moment', ({ steps }) => {
    for (const { entry, after } of steps) {
      if (entry.kind === 'mint') {
        const { actorBalance, preCommitDeposit, terminationFee, buffer } = entry.appraisal
        const backed = actorBalance - preCommitDeposit - terminationFee - buffer
        expect(outstandingOf(after, entry.miner) <= backed).toBe(true)
      }
    }
  })
})

// A law that no sequence puts to the test would hold for nothing.
describe('the sequences', () => {
  const sample = fc.sample(anyPlay, { numRuns: 300, seed: 1 })

  test.each<LedgerEntry['kind']>([
    'bid',
    'burn',
    'close',
    'forceTermination',
    'fundReserve',
    'liftWarning',
    'mint',
    'open',
    'passiveMint',
    'recover',
    'repay',
    'settle',
    'topUp',
    'warn',
    'writeOff',
  ])('enter %s', (kind) => {
    expect(sample.some(({ steps }) => steps.some(({ entry }) => entry.kind === kind))).toBe(true)
  })

  test.each(['sold', 'passedIn', 'returned', 'surplus'] as const)(
    'have an auction with something %s',
    (part) => {
      expect(sample.some(({ books }) => books.auctions.some((auction) => auction[part] > 0n))).toBe(true)
    },
  )

  test.each(['fromReserve', 'lost'] as const)('have an agreement with something %s', (part) => {
    const agreements = sample.flatMap(({ books }) => [...books.agreements.values()])
    expect(agreements.some(({ totals }) => totals[part] > 0n)).toBe(true)
  })
})
