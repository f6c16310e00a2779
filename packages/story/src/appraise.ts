import {
  type Appraisal,
  assessMiner,
  type DailySlashing,
  eligibleAssetOf,
  mintCapacity,
  type NetworkView,
  openMiner,
  openNetworkView,
  outstandingOf,
  requireAgreement,
  requireMiner,
} from '@plimsoll/risk'
import type { Standing } from './event.ts'
import { burntBy, type StoryMiner, type World } from './world.ts'

/** The state as it is for a message in the present epoch. */
export function viewOf({ network: { vm } }: Pick<World, 'network'>): NetworkView {
  return openNetworkView(vm.store, [vm.root()], { epoch: vm.epoch })
}

/** What a miner is worth, with what else of it is looked at. */
export interface Appraised {
  readonly appraisal: Appraisal
  readonly slashing: DailySlashing
  readonly liveSectors: number
  readonly faultySectors: number
  readonly unlocked: bigint
}

/** Appraises a miner as an assessment does. Every amount in attoFIL. */
export function appraise(
  { terms }: Pick<World, 'terms'>,
  view: NetworkView,
  { id }: Pick<StoryMiner, 'id'>,
): Appraised {
  const { sheet, byRules, buffer, slashing, counts } = assessMiner(
    view,
    openMiner(view, id, requireMiner(view, id).record),
    ['fip0098'],
    { outstanding: 0n, buffer: { days: terms.bufferDays } },
  )
  const [{ live, queued }] = byRules
  if (live.fee === null || queued.fee === null || buffer === null) {
    throw new Error('the fee of a miner of the story is not known')
  }
  const { actorBalance, preCommitDeposit, feeDebt } = sheet
  return {
    appraisal: {
      ...{ actorBalance, preCommitDeposit, feeDebt, buffer },
      terminationFee: live.fee,
      queuedTerminationFee: queued.fee,
    },
    slashing,
    liveSectors: counts.liveSectors,
    faultySectors: counts.faultySectors,
    unlocked: sheet.availableBalance,
  }
}

/** A miner against its agreement, by the books as they are. */
export function standingOf(world: World, each: StoryMiner, appraised: Appraised): Standing {
  const { appraisal, liveSectors, faultySectors } = appraised
  const { stage, terms } = requireAgreement(world.books, each.id)
  const outstanding = outstandingOf(world.books, each.id)
  return {
    miner: each.id,
    ...{ stage, outstanding, liveSectors, faultySectors },
    eligibleAsset: eligibleAssetOf(appraisal, outstanding),
    safePledge: mintCapacity(appraisal, outstanding, world.terms.ledger.mintRule).capacity,
    terminationFee: appraisal.terminationFee,
    feeDebt: appraisal.feeDebt,
    warningThreshold: terms.warningThreshold,
    terminationThreshold: terms.terminationThreshold,
    burnt: burntBy(world, each),
  }
}
