import { Claims, pledgePenaltyForContinuedFault } from '@plimsoll/actors'
import { within } from '@plimsoll/ipld'
import { idAddress } from '@plimsoll/primitives'
import type { MinerAssessment, RuleAssessment } from '../assess/assess-miner.ts'
import type { NetworkView } from '../assess/network-view.ts'
import type { PackSubject } from './rule-pack.ts'

/** What the packs are asked about a miner that was assessed, by one of its sets of fee rules. */
export function packSubject(
  view: NetworkView,
  assessment: MinerAssessment,
  { live, queued }: RuleAssessment,
): PackSubject {
  const { miner, sheet, counts, terms, buffer } = assessment
  const claim = within('f04', () =>
    within('claims', () => Claims.load(view.tree.store, view.network.power.claims).get(idAddress(miner))),
  )
  return {
    sheet,
    terminationFee: live.fee,
    queuedTerminationFee: queued.fee,
    // A miner without a claim has no power that counts.
    faultFeeOfClaim: pledgePenaltyForContinuedFault(view.estimates, claim?.qualityAdjPower ?? 0n),
    liveSectors: counts.liveSectors,
    faultySectors: counts.faultySectors,
    outstanding: terms.outstanding,
    buffer,
  }
}
