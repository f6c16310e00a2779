import type { AttoFil } from '@plimsoll/primitives'

/** What a miner is appraised at when something is decided about it; attoFIL. */
export interface Appraisal {
  readonly actorBalance: AttoFil
  readonly preCommitDeposit: AttoFil
  /** Of all live sectors. */
  readonly terminationFee: AttoFil
  readonly buffer: AttoFil
  readonly feeDebt: AttoFil
  readonly queuedTerminationFee: AttoFil
}

/** Safe Pledge as published, or strict, where fee debt and queued fees count as well. */
export type MintRule = 'published' | 'strict'

/** A term of Safe Pledge, and what is left of the balance after it. */
export interface PledgeStep {
  readonly term: keyof Appraisal | 'outstanding'
  readonly left: AttoFil
}

/** What may be minted in addition; negative by what is missing. */
export interface MintCapacity {
  readonly capacity: AttoFil
  /** In the order of the formula, beginning with the balance. */
  readonly steps: readonly PledgeStep[]
}

const PUBLISHED = ['preCommitDeposit', 'outstanding', 'terminationFee', 'buffer'] as const
const STRICT = [...PUBLISHED, 'feeDebt', 'queuedTerminationFee'] as const

/** Works Safe Pledge out, term by term. */
export function mintCapacity(appraisal: Appraisal, outstanding: AttoFil, rule: MintRule): MintCapacity {
  const amounts = { ...appraisal, outstanding }
  const steps: PledgeStep[] = [{ term: 'actorBalance', left: appraisal.actorBalance }]
  let left = appraisal.actorBalance
  for (const term of rule === 'strict' ? STRICT : PUBLISHED) {
    left -= amounts[term]
    steps.push({ term, left })
  }
  return { capacity: left, steps }
}

/**
 * The term that binds when more is asked for than the capacity: the first one after which what is left no
 * longer covers it. Undefined when the capacity covers it.
 */
export function bindingTerm(
  { capacity, steps }: MintCapacity,
  asked: AttoFil,
): PledgeStep['term'] | undefined {
  return capacity >= asked ? undefined : steps.find(({ left }) => left < asked)?.term
}

/** What Repl compares with its thresholds. */
export function eligibleAssetOf(
  { actorBalance, preCommitDeposit }: Appraisal,
  outstanding: AttoFil,
): AttoFil {
  return actorBalance - preCommitDeposit - outstanding
}
