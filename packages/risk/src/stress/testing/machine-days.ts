import { Claims, filterEstimate, loadActorState, PowerState, RULES_OF_TODAY } from '@plimsoll/actors'
import { type ActorId, assert, type Hashes, idAddress, STORAGE_POWER_ACTOR_ID } from '@plimsoll/primitives'
import { editActor } from '@plimsoll/testkit'
import type { Vm } from '@plimsoll/vm'
import { assessMiner, type MinerTerms, openMiner } from '../../assess/assess-miner.ts'
import { requireMiner } from '../../assess/find-miners.ts'
import { type NetworkView, openNetworkView } from '../../assess/network-view.ts'
import { openRun } from '../../run/open-run.ts'
import { runScenario } from '../../run/run-scenario.ts'
import { parseScenarioFile } from '../../scenario/scenario-file.ts'
import type { StressedFigures } from '../stressed-figures.ts'
import type { StressSubject } from '../stressed-miner.ts'

/**
 * The state of a machine, in which the smoothed power has come down to what the miners have. On a young network it is
 * still far above that, and falls so fast that a fee for the days to come is none.
 */
export function settledView(vm: Vm): NetworkView {
  const root = editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state) => ({
    ...state,
    thisEpochQaPowerSmoothed: filterEstimate(state.totalQaBytesCommitted, 0n),
  }))(vm.store, vm.root())
  return openNetworkView(vm.store, [root])
}

/** Sectors that a miner loses, and when it has them again, in days. */
export interface LostSectors {
  readonly miner: ActorId
  readonly sectors: readonly number[]
  readonly regainedAtDay?: number
}

/**
 * Runs some miners on the machine, all others frozen: they prove what is not lost. The states at the beginning and at
 * the end of every day.
 */
export function machineDays(
  hashes: Hashes,
  view: NetworkView,
  miners: readonly ActorId[],
  lost: readonly LostSectors[],
  days: number,
): readonly NetworkView[] {
  const run = openRun(view, {
    ...{ hashes, miners, rules: RULES_OF_TODAY, background: 'frozen' },
    ...{ networkVersion: 28, circulatingSupply: undefined },
  })
  const steps = lost.flatMap(({ miner, sectors, regainedAtDay }) => {
    const about = { miner: `f0${miner}`, sectors }
    const lose = { do: 'lose', day: 0, ...about }
    return regainedAtDay === undefined || regainedAtDay >= days
      ? [lose]
      : [lose, { do: 'regain', day: regainedAtDay, ...about }]
  })
  const views = [view]
  runScenario(run, parseScenarioFile({ format: 1, days, steps }), {
    onDay: () => {
      views.push(openNetworkView(run.vm.store, [run.vm.root()]))
    },
  })
  return views
}

/** What a state says of a miner, with the buffer of the beginning. */
export function figuresIn(
  view: NetworkView,
  { miner, terms, buffer }: StressSubject,
): Omit<StressedFigures, 'loss'> {
  const { id, record } = requireMiner(view, miner)
  const kept: MinerTerms = { ...terms, buffer: buffer === null ? undefined : { amount: buffer } }
  const { sheet, byRules } = assessMiner(view, openMiner(view, id, record), ['fip0098'], kept)
  const [{ position, live }] = byRules
  assert(live.fee !== null, 'fees under FIP-0098 are always known')
  return { ...position, feeDebt: sheet.feeDebt, terminationFee: live.fee }
}

/** The state in which a miner has a claim of nothing. */
export function withoutPower(view: NetworkView, miner: ActorId): NetworkView {
  const { store, root } = view.tree
  const edited = editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state, at) => {
    const claims = Claims.load(at, state.claims)
    const claim = claims.get(idAddress(miner))
    if (claim === undefined) {
      throw new Error(`f0${miner} has no claim`)
    }
    claims.set(idAddress(miner), { ...claim, rawBytePower: 0n, qualityAdjPower: 0n })
    return {
      ...state,
      claims: claims.flush(),
      totalBytesCommitted: state.totalBytesCommitted - claim.rawBytePower,
      totalQaBytesCommitted: state.totalQaBytesCommitted - claim.qualityAdjPower,
    }
  })(store, root)
  return openNetworkView(store, [edited])
}

/** The QA power of a miner's claim in a state. */
export function claimedIn({ tree }: NetworkView, miner: ActorId): bigint {
  const record = tree.actors.get(idAddress(STORAGE_POWER_ACTOR_ID))
  if (record === undefined) {
    throw new Error('the state has no power actor')
  }
  const { claims } = loadActorState(tree.store, PowerState, record)
  return Claims.load(tree.store, claims).get(idAddress(miner))?.qualityAdjPower ?? 0n
}
