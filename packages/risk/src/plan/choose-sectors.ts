import { type AttoFil, divFloor } from '@plimsoll/primitives'
import {
  type Candidate,
  type Choice,
  cashOf,
  type LadderStep,
  type Queue,
  type SafeTarget,
  type SafeVerdict,
  slackOf,
  subjectAfter,
  topUpOf,
} from './safe-target.ts'

/** A candidate with what terminating it alone moves towards the target, at best. */
interface Rated extends Candidate {
  readonly gain: bigint
}

const NOTHING: Choice = { fee: 0n, pledge: 0n }

/**
 * Chooses the sectors whose termination brings a miner back to its warning level for the least total fee.
 *
 * The search takes candidates by fee per gain, ascending, until the target is reached, then drops those that are not
 * needed, the dearest first. The least fee of any choice, of parts of sectors too, is the lower bound: the gap between
 * the two is what the search may have missed. Equal rates go to the lower number.
 *
 * @throws {PlanError} `COMPARED_QUANTITY_UNKNOWN`
 */
export function chooseSectors(
  target: SafeTarget,
  queue: Queue,
  candidates: readonly Candidate[],
): SafeVerdict & { readonly order: readonly number[] } {
  const { subject, judge, price } = target
  const slack = (choice: Choice) => {
    const cash = cashOf(subject, queue, choice, price)
    return slackOf(judge(subjectAfter(subject, queue, choice, { cash, price })))
  }
  const compared = judge(subject)
  const base = {
    ...{ quantity: compared.name, unit: compared.unit, price },
    outstanding: subject.outstanding,
    topUp: topUpOf(target),
  }
  const drawn = slack(NOTHING)
  const ladder = ladderOf(target, queue, drawn)
  const none = { ...base, ladder, fee: 0n, lowerBound: 0n, sectors: [], order: [] }
  if (slackOf(compared) >= 0n) {
    return { outcome: 'already safe', ...none }
  }
  if (drawn >= 0n) {
    return { outcome: 'reached by drawing', ...none }
  }
  const rated = rate(candidates, (candidate) => gainOf(target, queue, candidate))
  const prefix = shortestPrefix(rated, slack)
  if (prefix === undefined) {
    return { outcome: 'unreachable', ...none }
  }
  const chosen = prune(prefix, slack)
  return {
    outcome: 'reached',
    ...base,
    ladder,
    fee: sumOf(chosen).fee,
    lowerBound: lowerBoundOf(rated, -drawn),
    sectors: chosen.map(({ number }) => number).sort((a, b) => a - b),
    order: rated.map(({ number }) => number),
  }
}

/** At best all of the released pledge is cash, the fee being paid from funds that vest. */
function gainOf({ subject, judge, price }: SafeTarget, queue: Queue, candidate: Candidate): bigint {
  const before = { ...queue, quota: cashOf(subject, queue, NOTHING, price) }
  const at = (choice: Choice, more: AttoFil) =>
    slackOf(judge(subjectAfter(subject, before, choice, { cash: before.quota + more, price })))
  return at(candidate, candidate.pledge) - at(NOTHING, 0n)
}

function rate(
  candidates: readonly Candidate[],
  gainOfOne: (candidate: Candidate) => bigint,
): readonly Rated[] {
  return candidates
    .map((candidate) => ({ ...candidate, gain: gainOfOne(candidate) }))
    .filter(({ gain }) => gain > 0n)
    .sort((a, b) => {
      const [left, right] = [a.fee * b.gain, b.fee * a.gain]
      return left === right ? a.number - b.number : left < right ? -1 : 1
    })
}

function shortestPrefix(
  rated: readonly Rated[],
  slack: (choice: Choice) => bigint,
): readonly Rated[] | undefined {
  let [fee, pledge] = [0n, 0n]
  for (const [i, candidate] of rated.entries()) {
    fee += candidate.fee
    pledge += candidate.pledge
    if (slack({ fee, pledge }) >= 0n) {
      return rated.slice(0, i + 1)
    }
  }
  return undefined
}

/** Without any sector the target is not reached, so that one at least is kept. */
function prune(prefix: readonly Rated[], slack: (choice: Choice) => bigint): readonly Rated[] {
  const kept = new Set(prefix)
  let { fee, pledge } = sumOf(prefix)
  for (const candidate of prefix.toSorted((a, b) => (a.fee === b.fee ? 0 : a.fee < b.fee ? 1 : -1))) {
    const without = { fee: fee - candidate.fee, pledge: pledge - candidate.pledge }
    if (slack(without) >= 0n) {
      kept.delete(candidate)
      ;({ fee, pledge } = without)
    }
  }
  return [...kept]
}

/** The fee of the cheapest parts of sectors that together gain as much. */
function lowerBoundOf(rated: readonly Rated[], needed: bigint): AttoFil {
  let [missing, fee] = [needed, 0n]
  for (const candidate of rated) {
    if (candidate.gain >= missing) {
      return fee + divFloor(candidate.fee * missing, candidate.gain)
    }
    missing -= candidate.gain
    fee += candidate.fee
  }
  return fee
}

function sumOf(candidates: readonly Candidate[]): Choice {
  return candidates.reduce(
    (sum, { fee, pledge }) => ({ fee: sum.fee + fee, pledge: sum.pledge + pledge }),
    NOTHING,
  )
}

function ladderOf(target: SafeTarget, queue: Queue, drawn: bigint): readonly LadderStep[] {
  const { subject, price } = target
  return [
    {
      step: 'draw',
      amount: cashOf(subject, queue, NOTHING, price),
      sectors: null,
      isEnough: drawn >= 0n,
    },
    { step: 'recover', amount: null, sectors: subject.faultySectors, isEnough: false },
    { step: 'top up', amount: topUpOf(target), sectors: null, isEnough: true },
  ]
}
