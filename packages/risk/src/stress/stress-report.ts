import type { NetworkEstimates } from '@plimsoll/actors'
import { type AttoFil, assert, formatActorId } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { type StateHead, stateHead } from '../report/assess-report.ts'
import type { StressedOutcome, StressRound } from './run-shock.ts'
import type { ShockResult } from './stress.ts'
import type { ConsensusFaultTerms } from './stressed-miner.ts'

/** A stress as JSON has it; amounts as decimal text of attoFIL, shares and prices in 10^-18. */
export interface StressReport extends StateHead {
  readonly fromEpoch: number
  readonly days: number
  readonly seed: number
  readonly outlook: 'safe' | 'warning' | 'termination'
  readonly shocks: readonly ShockFigures[]
}

export interface ShockFigures {
  readonly name: string
  readonly price: string
  readonly loss: string
  readonly miners: readonly StressedMinerFigures[]
  readonly clusters: readonly { readonly cluster: string; readonly loss: string }[]
  readonly rounds: readonly RoundFigures[]
  /** Of drawn values; the miners above are those of the first draw. */
  readonly distribution: {
    readonly draws: number
    readonly drawsWithBreaks: number
    readonly mean: string
    readonly greatest: string
    readonly levels: readonly {
      readonly level: string
      readonly quantile: string
      readonly expectedShortfall: string
    }[]
  } | null
}

export interface StressedMinerFigures {
  readonly miner: string
  readonly label?: string
  readonly cluster: string
  readonly outstanding: string
  readonly eligibleAsset: string
  readonly feeDebt: string
  readonly terminationFee: string
  readonly liquidationValue: string
  readonly safePledgeStrict: string
  readonly isBeforeBuffer: boolean
  readonly loss: string
  /** The penalty, and of the debt what is paid at once: to the reporter, and burned. */
  readonly consensusFault: Readonly<Record<'penalty' | 'toReporter' | 'burned', string>> | null
  /** A level that the portfolio does not give cannot be crossed. */
  readonly needs: readonly ('warningThreshold' | 'terminationThreshold')[]
  readonly state: 'safe' | 'warning' | 'termination level' | 'insolvent'
  readonly round: number | null
}

export interface RoundFigures {
  readonly terminated: readonly {
    readonly miner: string
    readonly breach: string
    readonly epoch: number
    readonly fee: string
    readonly qaPower: string
    readonly estimates: EstimateFigures
  }[]
  /** At the end of the days. */
  readonly estimates: EstimateFigures
}

/** Positions of the filters, Q.128. */
export interface EstimateFigures {
  readonly reward: string
  readonly qaPower: string
}

export function stressReport(
  view: NetworkView,
  { days, seed }: { readonly days: number; readonly seed: number },
  results: readonly ShockResult[],
): StressReport {
  const shocks = results.map(shockFigures)
  const states = shocks.flatMap(({ miners }) => miners.map(({ state }) => state))
  // Of drawn shocks the tables show the first draw, and the outlook is the worst of all.
  const isBroken = results.some(({ drawsWithBreaks }) => drawsWithBreaks > 0)
  return {
    ...stateHead(view),
    ...{ fromEpoch: view.assessedEpoch, days, seed },
    outlook: isBroken ? 'termination' : states.includes('warning') ? 'warning' : 'safe',
    shocks,
  }
}

function shockFigures({
  shock,
  outcome,
  clusters,
  distribution,
  drawsWithBreaks,
}: ShockResult): ShockFigures {
  const { miners, network, rounds } = outcome
  return {
    name: shock.name,
    price: String(network.price.num),
    loss: String(miners.reduce((sum, { figures }) => sum + figures.loss, 0n)),
    miners: miners.map(minerFigures),
    clusters: [...clusters].map(([cluster, loss]) => ({ cluster, loss: String(loss) })),
    rounds: rounds.map(roundFigures),
    distribution:
      distribution === undefined
        ? null
        : {
            ...{ draws: distribution.draws, drawsWithBreaks },
            mean: String(distribution.mean),
            greatest: String(distribution.greatest),
            levels: distribution.levels.map(({ level, quantile, expectedShortfall }) => ({
              level: String(level),
              quantile: String(quantile),
              expectedShortfall: String(expectedShortfall),
            })),
          },
  }
}

function minerFigures(outcome: StressedOutcome): StressedMinerFigures {
  const { subject, figures, isWarned, consensusFault, termination, round } = outcome
  const { terms, cluster, buffer } = subject
  return {
    miner: formatActorId(subject.miner),
    ...(terms.label !== undefined && { label: terms.label }),
    cluster,
    outstanding: String(terms.outstanding),
    eligibleAsset: String(figures.eligibleAsset),
    feeDebt: String(figures.feeDebt),
    terminationFee: String(figures.terminationFee),
    liquidationValue: known(figures.liquidationValue),
    safePledgeStrict: known(figures.safePledgeStrict),
    isBeforeBuffer: buffer === null,
    loss: String(figures.loss),
    consensusFault: consensusFault === undefined ? null : faultFigures(consensusFault),
    needs: (['warningThreshold', 'terminationThreshold'] as const).filter(
      (level) => terms[level] === undefined,
    ),
    state: termination?.breach ?? (isWarned ? 'warning' : 'safe'),
    round: round ?? null,
  }
}

function faultFigures({ penalty, toReporter, burned }: ConsensusFaultTerms) {
  return { penalty: String(penalty), toReporter: String(toReporter), burned: String(burned) }
}

function known(amount: AttoFil | null): string {
  assert(amount !== null, 'fees under FIP-0098 are always known')
  return String(amount)
}

function roundFigures({ terminated, estimates }: StressRound): RoundFigures {
  return {
    terminated: terminated.map(({ miner, breach, epoch, fee, qaPower, estimates: then }) => ({
      ...{ miner: formatActorId(miner), breach, epoch },
      ...{ fee: String(fee), qaPower: String(qaPower), estimates: estimateFigures(then) },
    })),
    estimates: estimateFigures(estimates),
  }
}

function estimateFigures({ reward, qaPower }: NetworkEstimates): EstimateFigures {
  return { reward: String(reward.position), qaPower: String(qaPower.position) }
}
