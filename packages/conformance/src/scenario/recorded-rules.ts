import { type Curve, type DurationMultiplier, type Policy, policyUnder, type Rules } from '@plimsoll/actors'
import { ScenarioError } from './scenario-file.ts'
import type { RecordedMultiplier, ScenarioRules } from './scenario-types.ts'

/** A policy with the proposals that a scenario was recorded under. */
export function policyUnderRecorded(recorded: ScenarioRules | undefined, policy: Policy): Policy {
  if (recorded === undefined) {
    return policy
  }
  const [settledPartitionsMax, settledSectorsMax] = recorded.early_termination_caps ?? [
    policy.settledPartitionsMax,
    policy.settledSectorsMax,
  ]
  return { ...policyUnder(rulesOf(recorded), policy), settledPartitionsMax, settledSectorsMax }
}

function rulesOf({ terminateSectors2, terminateSectors2Lenient, fip0006, sdm }: ScenarioRules): Rules {
  const variant = terminateSectors2Lenient ? 'lenient' : 'strict'
  return {
    terminateSectors2: terminateSectors2 ? variant : 'off',
    recoveryInDebt: fip0006,
    durationMultiplier: sdm === null ? null : multiplierOfRecorded(sdm),
  }
}

/** The multiplier that a record describes. @throws {ScenarioError} `INVALID_SCENARIO` for a form that there is not. */
export function multiplierOfRecorded(sdm: RecordedMultiplier): DurationMultiplier {
  return {
    name: sdm.preset,
    curve: curveOf(sdm),
    fromEpoch: sdm.from_epoch,
    minCommitment: sdm.min_commitment,
    maxCommitment: sdm.max_commitment,
    maxMultiplier: BigInt(sdm.max_multiplier),
    lockTargetNum: BigInt(sdm.lock_target_num),
  }
}

function curveOf({ form, knots, start, end }: RecordedMultiplier): Curve {
  if (form === 'table' && knots !== undefined) {
    return { form, knots: knots.map(([duration, multiplier]) => [duration, BigInt(multiplier)]) }
  }
  if (form === 'pr1261' && start !== undefined && end !== undefined) {
    return { form, start, end }
  }
  throw new ScenarioError('INVALID_SCENARIO', `a multiplier of the form ${form}`, { form })
}
