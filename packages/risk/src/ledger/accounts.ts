import { type ActorId, type AttoFil, assert } from '@plimsoll/primitives'

/** What an account is kept in. A pFIL and a FIL never stand for each other without an entry that says so. */
export type LedgerUnit = 'pFIL' | 'FIL'

/**
 * The accounts of the books. In pFIL: what miners owe, what FIL in the vault stands for and what is lost are
 * above zero; what circulates is owed to its holders and so below zero. In FIL: where it is; what is outside
 * has no books of its own and may stand below zero.
 */
export type Account =
  | `pFIL owed ${ActorId}`
  | 'pFIL circulating'
  | 'pFIL held in FIL'
  | 'pFIL bad debt'
  | `FIL miner ${ActorId}`
  | `FIL owner ${ActorId}`
  | `FIL lot ${number}`
  | 'FIL vault'
  | 'FIL reserve'
  | 'FIL outside'

/** A change of one account. */
export interface Posting {
  readonly account: Account
  readonly amount: AttoFil
}

export type Balances = ReadonlyMap<Account, AttoFil>

export function owedAccount(miner: ActorId): Account {
  return `pFIL owed ${miner}`
}

export function minerAccount(miner: ActorId): Account {
  return `FIL miner ${miner}`
}

export function ownerAccount(miner: ActorId): Account {
  return `FIL owner ${miner}`
}

export function lotAccount(auction: number): Account {
  return `FIL lot ${auction}`
}

export function balanceOf(balances: Balances, account: Account): AttoFil {
  return balances.get(account) ?? 0n
}

/** An amount that goes from one account to another of the same unit. */
export function transfer(from: Account, to: Account, amount: AttoFil): readonly Posting[] {
  assert(unitOf(from) === unitOf(to), `${from} and ${to} are not in the same unit`)
  return amount === 0n
    ? []
    : [
        { account: from, amount: -amount },
        { account: to, amount },
      ]
}

/** The balances after postings, which add up to nothing in each unit. */
export function post(balances: Balances, postings: readonly Posting[]): Balances {
  assert(sumIn(postings, 'pFIL') === 0n && sumIn(postings, 'FIL') === 0n, 'postings that do not balance')
  const after = new Map(balances)
  for (const { account, amount } of postings) {
    after.set(account, balanceOf(after, account) + amount)
  }
  return after
}

/** The sum of all amounts in a unit; nothing when the books balance. */
export function sumIn(postings: Iterable<Posting>, unit: LedgerUnit): AttoFil {
  let sum = 0n
  for (const { account, amount } of postings) {
    sum += unitOf(account) === unit ? amount : 0n
  }
  return sum
}

function unitOf(account: Account): LedgerUnit {
  return account.startsWith('pFIL ') ? 'pFIL' : 'FIL'
}
