import { assert } from '@plimsoll/primitives'
import type { MinerAssessment } from '../assess/assess-miner.ts'
import { derived, given, type Term } from './term.ts'

/** The buffer that was chosen, with its version. */
export function explainBuffer({ terms, slashing, buffer }: MinerAssessment): Term {
  const choice = terms.buffer
  if (choice === undefined) {
    return given('buffer', 0n, 'attoFIL', 'none was given')
  }
  assert(buffer !== null, 'a buffer that was chosen has an amount')
  if ('amount' in choice) {
    return given('buffer', buffer, 'attoFIL', 'given')
  }
  if (choice.version === 2) {
    const formula =
      'Σ over the days and deadlines of the fault fee of its live power + payable daily fee, at the estimates extrapolated to the end of its window'
    return derived('buffer', buffer, 'attoFIL', formula, 'buffer v2', [
      given('days', choice.days, 'days', 'given'),
    ])
  }
  const deadlines = 'Σ over deadlines of the charge at the end of its window'
  const daily = derived('dailySlashing', slashing.total, 'attoFIL', 'faultFees + dailyFees', 'buffer v1', [
    derived(
      'faultFees',
      slashing.faultFees,
      'attoFIL',
      `${deadlines}: the fault fee of its live power, 10,108 epochs of reward`,
      'builtin-actors actors/miner/src/monies.rs pledge_penalty_for_continued_fault',
      [],
    ),
    derived(
      'dailyFees',
      slashing.dailyFees,
      'attoFIL',
      `${deadlines}: min(daily_fee, floor(a day’s expected reward / 2))`,
      'FIP-0100; builtin-actors actors/miner/src/policy.rs daily_proof_fee_payable',
      [],
    ),
  ])
  return derived('buffer', buffer, 'attoFIL', 'days × dailySlashing', 'buffer v1', [
    given('days', choice.days, 'days', 'given'),
    daily,
  ])
}
