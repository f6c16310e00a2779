import type { AttoFil } from '@plimsoll/primitives'
import type { MinerAssessment } from './assess-miner.ts'

/**
 * Worst first: ascending by strict Safe Pledge, ties by id; miners whose figure is not known come last.
 */
export function compareWorstFirst(a: MinerAssessment, b: MinerAssessment): number {
  return (
    compareAmounts(a.byRules[0].position.safePledgeStrict, b.byRules[0].position.safePledgeStrict) ||
    a.miner - b.miner
  )
}

/** Ascending, null last. */
export function compareAmounts(a: AttoFil | null, b: AttoFil | null): number {
  if (a === null || b === null) {
    return a === b ? 0 : a === null ? 1 : -1
  }
  return a < b ? -1 : a > b ? 1 : 0
}
