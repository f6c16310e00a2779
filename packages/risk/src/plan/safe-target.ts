import { type AttoFil, divCeil, divFloor, maxBigInt, minBigInt } from '@plimsoll/primitives'
import { type Compared, type PackSubject, standingOf } from '../packs/rule-pack.ts'
import type { Ratio } from '../power-table/ratio.ts'
import { PlanError } from './load-predicted-miner.ts'

/** When a miner is safe again: a protocol's compared quantity is no longer beyond its warning level. */
export interface SafeTarget {
  readonly subject: PackSubject
  readonly judge: (subject: PackSubject) => Compared
  /** What a unit of debt costs in FIL, when the plan's cash buys it back. */
  readonly price: Ratio
}

/** A sector that may be terminated; attoFIL. */
export interface Candidate {
  readonly number: number
  readonly pledge: AttoFil
  readonly fee: AttoFil
}

/** Everything that a choice of sectors does to a miner; attoFIL. */
export interface Choice {
  readonly fee: AttoFil
  readonly pledge: AttoFil
}

/** A softer step that may come before a termination. */
export interface LadderStep {
  readonly step: 'draw' | 'recover' | 'top up'
  /** What is drawn or added; attoFIL. */
  readonly amount: AttoFil | null
  /** Sectors to be recovered. */
  readonly sectors: number | null
  /** Whether it alone, after those before it, is enough. Recovered sectors change no balance at once. */
  readonly isEnough: boolean
}

export interface SafeVerdict {
  readonly outcome: 'already safe' | 'reached by drawing' | 'reached' | 'unreachable'
  readonly quantity: string
  /** What is owed, attoFIL, and what a unit of it costs in FIL. */
  readonly outstanding: AttoFil
  readonly price: Ratio
  readonly unit: Compared['unit']
  readonly ladder: readonly LadderStep[]
  /** What has to be added when nothing is terminated; attoFIL. */
  readonly topUp: AttoFil
  /** Of the sectors chosen, at the epoch of the plan; attoFIL. */
  readonly fee: AttoFil
  /** No choice of sectors costs less; attoFIL. */
  readonly lowerBound: AttoFil
  /** Ascending. */
  readonly sectors: readonly number[]
}

/**
 * How far a compared quantity is from its warning level; not negative where it is not beyond it. Of a ratio it is in
 * parts that only their sign and their differences mean something of.
 *
 * @throws {PlanError} `COMPARED_QUANTITY_UNKNOWN` where a parameter is missing.
 */
export function slackOf(compared: Compared): bigint {
  if (compared.unit === 'attoFIL') {
    const { value, warning } = compared
    if (value.state === 'known' && warning.threshold.state === 'known') {
      return value.value - warning.threshold.value
    }
  } else {
    const { value, warning } = compared
    if (value.state === 'known' && warning.threshold.state === 'known') {
      const { num, denom } = warning.threshold.value
      return num * value.value.of - value.value.debt * denom
    }
  }
  const standing = standingOf(compared)
  const missing = standing.state === 'needs' ? standing.parameters.join(' and ') : 'its value or the level'
  throw new PlanError(
    'COMPARED_QUANTITY_UNKNOWN',
    `${compared.name} cannot be compared with its warning level, for want of ${missing}`,
    { missing },
  )
}

/** What is charged and released before any choice: debt, and the queue. */
export interface Queue {
  readonly fee: AttoFil
  readonly pledge: AttoFil
  /** What the beneficiary may still have. */
  readonly quota: AttoFil
}

/**
 * The cash that a choice of sectors brings at once: charges are paid from vesting funds first, so that they do not
 * lower it until those are used up.
 */
export function cashOf(
  { sheet, outstanding }: PackSubject,
  queue: Queue,
  choice: Choice,
  price: Ratio,
): AttoFil {
  const charges = sheet.feeDebt + queue.fee + choice.fee
  const locked = maxBigInt(sheet.lockedFunds - sheet.vestedFunds - charges, 0n)
  const pledge = sheet.initialPledge - queue.pledge - choice.pledge
  const free = sheet.actorBalance - charges - locked - sheet.preCommitDeposit - pledge
  return minBigInt(maxBigInt(free, 0n), minBigInt(queue.quota, priceOfDebt(outstanding, price)))
}

/** What it costs to buy all of a debt back. */
export function priceOfDebt(outstanding: AttoFil, { num, denom }: Ratio): AttoFil {
  return divCeil(outstanding * num, denom)
}

/** A miner after charges were burnt and cash was spent on its debt. */
export function subjectAfter(
  subject: PackSubject,
  queue: Queue,
  choice: Choice,
  { cash, price }: { readonly cash: AttoFil; readonly price: Ratio },
): PackSubject {
  const { sheet, terminationFee, outstanding } = subject
  const charges = sheet.feeDebt + queue.fee + choice.fee
  const burned = minBigInt(charges, sheet.actorBalance - sheet.preCommitDeposit)
  const actorBalance = sheet.actorBalance - burned - cash
  const bought = divFloor(cash * price.denom, price.num)
  const initialPledge = sheet.initialPledge - queue.pledge - choice.pledge
  const lockedFunds = maxBigInt(sheet.lockedFunds - sheet.vestedFunds - charges, 0n)
  const unlockedBalance = actorBalance - initialPledge - lockedFunds - sheet.preCommitDeposit
  const feeDebt = charges - burned
  return {
    ...subject,
    sheet: {
      ...sheet,
      ...{ actorBalance, initialPledge, lockedFunds, unlockedBalance, feeDebt },
      availableBalance: unlockedBalance - feeDebt,
      vestedFunds: 0n,
    },
    terminationFee: terminationFee === null ? null : terminationFee - choice.fee,
    queuedTerminationFee: 0n,
    outstanding: maxBigInt(outstanding - bought, 0n),
  }
}

/** What a subject lacks in the miner's own balance to be safe: the least that, added, is enough. */
export function topUpOf({ subject, judge }: SafeTarget): AttoFil {
  const isEnough = (amount: AttoFil) => slackOf(judge(withTopUp(subject, amount))) >= 0n
  if (isEnough(0n)) {
    return 0n
  }
  let high = 1n
  while (!isEnough(high) && high < MOST_FIL) {
    high <<= 1n
  }
  let low = high >> 1n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (isEnough(middle)) {
      high = middle
    } else {
      low = middle
    }
  }
  return high
}

/** More attoFIL than there will ever be. */
const MOST_FIL = 1n << 100n

function withTopUp(subject: PackSubject, amount: AttoFil): PackSubject {
  const { sheet } = subject
  return {
    ...subject,
    sheet: {
      ...sheet,
      actorBalance: sheet.actorBalance + amount,
      unlockedBalance: sheet.unlockedBalance + amount,
      availableBalance: sheet.availableBalance + amount,
    },
  }
}
