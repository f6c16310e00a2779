import type { NetworkEstimates, Policy } from '@plimsoll/actors'
import {
  type ActorId,
  type AttoFil,
  type ChainEpoch,
  EPOCHS_IN_DAY,
  type StoragePower,
} from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { type OpenPath, openPath } from '../forecast/closed-form/predict-path.ts'
import { networkPath } from '../plan/network-path.ts'
import { type Draw, drawNetwork, type NetworkShock } from './draw-shock.ts'
import type { Shock } from './stress-file.ts'
import { type StressedFigures, stressedFigures } from './stressed-figures.ts'
import { type StressedMiner, type StressSubject, stressMiner } from './stressed-miner.ts'

/** Why a miner breaks: its eligible asset is below its termination level, or it could not return what is owed. */
export type Breach = 'termination level' | 'insolvent'

/** A miner after a shock. */
export interface StressedOutcome {
  readonly subject: StressSubject
  readonly figures: StressedFigures
  /** Below the warning level at the end of an epoch, if not below the termination level. */
  readonly isWarned: boolean
  readonly breach: Breach | undefined
  /** In which round it broke, from 0; undefined where it did not. */
  readonly round: number | undefined
}

/** What a forced termination of a round took away. */
export interface ForcedTermination {
  readonly miner: ActorId
  readonly breach: Breach
  /** The epoch after which its sectors count no more. */
  readonly epoch: ChainEpoch
  /** Its termination fee then; attoFIL. */
  readonly fee: AttoFil
  readonly qaPower: StoragePower
}

/** Miners that break once those of the rounds before are terminated. */
export interface StressRound {
  readonly terminated: readonly ForcedTermination[]
  /** At the end, with the terminations of the rounds before; position of the filters, in Q.128. */
  readonly estimates: NetworkEstimates
}

export interface ShockOutcome {
  readonly network: NetworkShock
  /** In the order of the portfolio. */
  readonly miners: readonly StressedOutcome[]
  /** Only rounds in which somebody breaks. */
  readonly rounds: readonly StressRound[]
}

/**
 * Follows one draw of a shock for so many days: the miners of a portfolio in one network, everybody else with the
 * power that the shock leaves. Miners that break are terminated at once, which lowers the network's power; the
 * estimates follow by the filters, the reward by the minting function. That is done again until nobody else breaks.
 */
export function runShock(
  view: NetworkView,
  policy: Policy,
  subjects: readonly StressSubject[],
  shock: Shock,
  draw: Draw,
  days: number,
): ShockOutcome {
  const network = drawNetwork(shock, draw)
  const terminated = new Map<ActorId, ForcedTermination>()
  const brokeIn = new Map<ActorId, StressedOutcome>()
  const rounds: StressRound[] = []
  for (;;) {
    const passed = passDays(view, policy, subjects, shock, draw, days, network, terminated)
    const fresh = passed.outcomes.filter(
      ({ subject, breach }) => breach !== undefined && !terminated.has(subject.miner),
    )
    if (fresh.length === 0) {
      const miners = passed.outcomes.map((outcome) => brokeIn.get(outcome.subject.miner) ?? outcome)
      return { network, miners, rounds }
    }
    const forced = fresh.map((outcome) => forcedTermination(outcome, passed))
    for (const [i, outcome] of fresh.entries()) {
      terminated.set(outcome.subject.miner, forced[i] as ForcedTermination)
      brokeIn.set(outcome.subject.miner, { ...outcome, round: rounds.length })
    }
    rounds.push({ terminated: forced, estimates: passed.estimates })
  }
}

interface Passed {
  readonly outcomes: readonly StressedOutcome[]
  readonly stressed: ReadonlyMap<ActorId, { readonly path: OpenPath; readonly stressed: StressedMiner }>
  readonly estimates: NetworkEstimates
  readonly end: ChainEpoch
}

function passDays(
  view: NetworkView,
  policy: Policy,
  subjects: readonly StressSubject[],
  shock: Shock,
  draw: Draw,
  days: number,
  network: NetworkShock,
  terminated: ReadonlyMap<ActorId, ForcedTermination>,
): Passed {
  const start = view.assessedEpoch
  const end = start + days * EPOCHS_IN_DAY
  const all = subjects.map(({ miner, terms }) => {
    const stressed = stressMiner(view, policy, miner, shock, draw, view.estimates)
    return { miner, terms, stressed }
  })
  const before = all.map(({ stressed }) => stressed.miner.claim)
  const together = networkPath(view, policy, before, network)
  const paths = all.map(({ terms, stressed }) =>
    openPath(stressed.miner, {
      ...{ start, days, operator: { kind: 'proves' }, isLost: stressed.isLost },
      network: { estimates: () => together.estimates(), tick: () => {} },
      outstandingAt: () => terms.outstanding,
      thresholds: { warning: terms.warningThreshold, termination: terms.terminationThreshold },
    }),
  )
  for (let epoch = start; epoch < end; epoch++) {
    for (const path of paths) {
      path.pass(epoch)
    }
    const claims = all.map(({ miner, stressed }) => {
      const gone = terminated.get(miner)
      return gone !== undefined && epoch > gone.epoch ? NOTHING : stressed.miner.claim
    })
    together.tick(epoch, claims)
  }
  const estimates = together.estimates()
  const outcomes = subjects.map((subject, i): StressedOutcome => {
    const { crossings } = (paths[i] as OpenPath).result()
    const { miner } = (all[i] as (typeof all)[number]).stressed
    const figures = stressedFigures(miner, subject, end, estimates, network.price)
    const isBelow = crossings.some(({ kind }) => kind === 'termination')
    const breach = isBelow ? 'termination level' : figures.loss > 0n ? 'insolvent' : undefined
    const isWarned = crossings.some(({ kind }) => kind === 'warning')
    return { subject, figures, isWarned, breach, round: undefined }
  })
  const stressed = new Map(
    all.map(({ miner, stressed: each }, i) => [miner, { path: paths[i] as OpenPath, stressed: each }]),
  )
  return { outcomes, stressed, estimates, end }
}

const NOTHING = { raw: 0n, qa: 0n }

/** From the epoch in which the level is crossed; one that is only found insolvent breaks at the end. */
function forcedTermination(
  { subject, figures, breach }: StressedOutcome,
  { stressed, end }: Passed,
): ForcedTermination {
  const { miner } = subject
  const own = stressed.get(miner)
  const crossing = own?.path.result().crossings.find(({ kind }) => kind === 'termination')
  return {
    miner,
    breach: breach ?? 'insolvent',
    epoch: crossing?.epoch ?? end - 1,
    fee: figures.terminationFee,
    qaPower: own?.stressed.miner.claim.qa ?? 0n,
  }
}
