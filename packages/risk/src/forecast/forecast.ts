import { type ActorEvent, MinerState } from '@plimsoll/actors'
import { decodeCbor, text } from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  type AttoFil,
  type ChainEpoch,
  type Hashes,
  idAddress,
  minBigInt,
} from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { openRun, type Run, type RunInputs } from '../run/open-run.ts'
import { runScenario } from '../run/run-scenario.ts'
import type { ScenarioFile } from '../scenario/scenario-file.ts'

/** Levels of the eligible asset below which a lender warns, and below which it terminates; attoFIL. */
export interface Thresholds {
  readonly warning?: AttoFil | undefined
  readonly termination?: AttoFil | undefined
}

/** What a forecast of one miner is made of. */
export interface ForecastInputs extends Pick<RunInputs, 'rules' | 'networkVersion' | 'circulatingSupply'> {
  readonly hashes: Hashes
  readonly miner: ActorId
  /** What happens, and what the operator does; its steps may be about this miner only. */
  readonly scenario: ScenarioFile
  /** Minted against the miner and not burned; attoFIL. */
  readonly outstanding: AttoFil
  readonly thresholds: Thresholds
}

/** A miner's money in an epoch; attoFIL. */
export interface MoneyPoint {
  readonly epoch: ChainEpoch
  readonly balance: AttoFil
  readonly preCommitDeposits: AttoFil
  readonly initialPledge: AttoFil
  readonly lockedFunds: AttoFil
  readonly feeDebt: AttoFil
  /** Of the balance what is not locked, less the debt. */
  readonly available: AttoFil
  /** Balance without deposits and what is outstanding: what the thresholds are compared with. */
  readonly eligibleAsset: AttoFil
}

/** What happens to a miner for the first time. */
export const CROSSINGS = ['noneAvailable', 'feeDebt', 'warning', 'termination', 'sectorsTerminated'] as const
export type CrossingKind = (typeof CROSSINGS)[number]

/** The first epoch at whose end something is so; of the epoch before the run when it is so already. */
export interface Crossing {
  readonly kind: CrossingKind
  readonly epoch: ChainEpoch
}

/** How bad the worst threshold is that is crossed within the forecast. */
export type Outlook = 'safe' | 'warning' | 'termination'

export interface Forecast {
  readonly inputs: ForecastInputs
  readonly start: MoneyPoint
  /** The end of every day. */
  readonly days: readonly MoneyPoint[]
  /** By epoch. */
  readonly crossings: readonly Crossing[]
  readonly outlook: Outlook
  /** The lowest that the eligible asset gets when debt is counted against it. */
  readonly lowest: MoneyPoint
}

/**
 * Runs a miner on, alone in a frozen network, and notes when what happens to it.
 *
 * This is the path of the actors themselves, to the attoFIL. What is assumed: nobody wins blocks, other miners' claims
 * stay as they are, the estimates follow from that by the network's own filter.
 */
export function forecast(view: NetworkView, inputs: ForecastInputs, onDay?: (day: number) => void): Forecast {
  const run = openRun(view, { ...inputs, background: 'frozen', miners: [inputs.miner] })
  const miner = idAddress(inputs.miner)
  const start = moneyOf(run, miner, inputs.outstanding, run.vm.epoch - 1)
  const first = new Map<CrossingKind, ChainEpoch>()
  noteCrossings(first, start, inputs.thresholds)
  const days: MoneyPoint[] = []
  let [latest, lowest] = [start, start]
  runScenario(run, inputs.scenario, {
    onEpoch: ({ changes, events }) => {
      const { epoch } = run.vm
      // Only what changes the miner can take it across anything.
      if (changes.some(({ actor }) => actor === miner)) {
        latest = moneyOf(run, miner, inputs.outstanding, epoch)
        lowest = strictAsset(latest) < strictAsset(lowest) ? latest : lowest
        noteCrossings(first, latest, inputs.thresholds)
      }
      if (
        !first.has('sectorsTerminated') &&
        events.some(({ emitter, event }) => emitter === miner && isTermination(event))
      ) {
        first.set('sectorsTerminated', epoch)
      }
    },
    onDay: (day) => {
      days.push({ ...latest, epoch: run.vm.epoch - 1 })
      onDay?.(day)
    },
  })
  const crossings = [...first].map(([kind, epoch]) => ({ kind, epoch })).toSorted((a, b) => a.epoch - b.epoch)
  return { inputs, start, days, crossings, outlook: outlookOf(first), lowest }
}

/** The eligible asset less the debt: what is left of it once the debt is paid. */
export function strictAsset({ eligibleAsset, feeDebt }: MoneyPoint): AttoFil {
  return eligibleAsset - feeDebt
}

function moneyOf({ vm }: Run, miner: Address, outstanding: AttoFil, epoch: ChainEpoch): MoneyPoint {
  const { preCommitDeposits, initialPledge, lockedFunds, feeDebt } = vm.stateOf(miner, MinerState)
  const balance = vm.findActor(miner)?.balance ?? 0n
  return {
    epoch,
    balance,
    preCommitDeposits,
    initialPledge,
    lockedFunds,
    feeDebt,
    available: balance - preCommitDeposits - initialPledge - lockedFunds - feeDebt,
    eligibleAsset: balance - preCommitDeposits - outstanding,
  }
}

function noteCrossings(
  first: Map<CrossingKind, ChainEpoch>,
  { epoch, available, feeDebt, eligibleAsset }: MoneyPoint,
  { warning, termination }: Thresholds,
): void {
  const isSo: Readonly<Record<Exclude<CrossingKind, 'sectorsTerminated'>, boolean>> = {
    noneAvailable: available <= 0n,
    feeDebt: feeDebt > 0n,
    warning: warning !== undefined && eligibleAsset < warning,
    termination: termination !== undefined && eligibleAsset < termination,
  }
  for (const kind of CROSSINGS) {
    if (kind !== 'sectorsTerminated' && isSo[kind] && !first.has(kind)) {
      first.set(kind, epoch)
    }
  }
}

function outlookOf(first: ReadonlyMap<CrossingKind, ChainEpoch>): Outlook {
  if (first.has('termination')) {
    return 'termination'
  }
  return first.has('warning') ? 'warning' : 'safe'
}

function isTermination(event: ActorEvent): boolean {
  const type = event.find(({ key }) => key === '$type')
  return type !== undefined && decodeCbor(text, type.value) === 'sector-terminated'
}

/** What would keep a miner above a level for the whole of a forecast. */
export interface Remedy {
  readonly level: 'warning' | 'termination'
  /** To be added before {@link before}; attoFIL. */
  readonly topUp: AttoFil
  /** The epoch in which the level is crossed otherwise. */
  readonly before: ChainEpoch
  /** Whether a second run with that top-up at its beginning stays above the level, which it has to. */
  readonly isConfirmed: boolean
  /** Whether recovering everything and proving it from the first day on does as well. */
  readonly recoveringCures: boolean
}

/**
 * What cures the worst crossing of a forecast; undefined where there is none. Every answer is run, not only computed.
 *
 * The amount is what is missing where the asset is lowest with the debt paid, since added FIL pays the debt first.
 */
export function remedyOf(
  view: NetworkView,
  { inputs, outlook, lowest, crossings }: Forecast,
): Remedy | undefined {
  if (outlook === 'safe') {
    return undefined
  }
  const threshold = inputs.thresholds[outlook] ?? 0n
  const crossing = crossings.find(({ kind }) => kind === outlook)
  const topUp = threshold - minBigInt(strictAsset(lowest), threshold)
  const { scenario, miner } = inputs
  const withTopUp = {
    ...scenario,
    steps: [{ do: 'topUp' as const, miner, day: 0, amount: topUp, from: RESERVE }, ...scenario.steps],
  }
  return {
    level: outlook,
    topUp,
    before: crossing?.epoch ?? lowest.epoch,
    isConfirmed: topUp > 0n && staysAbove(view, inputs, withTopUp, outlook),
    recoveringCures: staysAbove(view, inputs, { ...scenario, operator: 'proves' }, outlook),
  }
}

/** Whose FIL is added in a run: the reward actor has some, and nobody wins blocks there. */
const RESERVE = 2 as ActorId

function staysAbove(
  view: NetworkView,
  inputs: ForecastInputs,
  scenario: ScenarioFile,
  level: 'warning' | 'termination',
): boolean {
  const { start, crossings, days } = forecast(view, { ...inputs, scenario })
  const first = crossings.find(({ kind }) => kind === level)
  // Where the miner is below the level already, it has to come above it and to stay there.
  return (
    first === undefined ||
    (first.epoch === start.epoch &&
      days.every(({ eligibleAsset }) => eligibleAsset >= (inputs.thresholds[level] ?? 0n)))
  )
}
