import type { Policy } from '@plimsoll/actors'
import { type AttoFil, formatActorId } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import type { Normal } from './draws/normal.ts'
import { type LossDistribution, lossDistribution } from './loss-distribution.ts'
import { runShock, type ShockOutcome } from './run-shock.ts'
import { isDrawn, type Shock, type StressFile, StressFileError } from './stress-file.ts'
import type { StressSubject } from './stressed-miner.ts'

/** What of a shock is the same however it is drawn. */
export interface ShockResult {
  readonly shock: Shock
  /** The first draw; the only one of a shock of fixed values. */
  readonly outcome: ShockOutcome
  /** Losses of the first draw by cluster, in the order of the portfolio; attoFIL. */
  readonly clusters: ReadonlyMap<string, AttoFil>
  /** Of the total loss; undefined for fixed values. */
  readonly distribution: LossDistribution | undefined
  /** Draws in which at least one miner breaks. */
  readonly drawsWithBreaks: number
}

/** What draws need beside the file. */
export interface StressInputs {
  readonly seed: number
  readonly normal: Normal
  readonly policy: Policy
}

/**
 * Follows every shock of a file, and every draw of those with drawn values. `onDraw` hears of each.
 *
 * @throws {StressFileError} `INVALID_STRESS_FILE` for a shock that meets a miner outside of the portfolio.
 * @throws {PlanError} `STATE_NOT_PREDICTABLE`
 */
export function runStress(
  view: NetworkView,
  subjects: readonly StressSubject[],
  file: StressFile,
  { seed, normal, policy }: StressInputs,
  onDraw?: () => void,
): readonly ShockResult[] {
  for (const shock of file.shocks) {
    requireKnownMiners(shock, subjects)
  }
  return file.shocks.map((shock) => {
    const outcomes = Array.from({ length: drawsOf(shock, file) }, (_, index) => {
      const draw = { seed, index, normal }
      const outcome = runShock({ view, policy, subjects, shock, draw, days: file.days })
      onDraw?.()
      return outcome
    })
    const [outcome] = outcomes as [ShockOutcome]
    return {
      shock,
      outcome,
      clusters: clustersOf(outcome),
      distribution: isDrawn(shock) ? lossDistribution(outcomes.map(lossOf), file.levels ?? []) : undefined,
      drawsWithBreaks: outcomes.filter(({ rounds }) => rounds.length > 0).length,
    }
  })
}

function requireKnownMiners({ name, miners }: Shock, subjects: readonly StressSubject[]): void {
  const unknown = miners?.find((miner) => !subjects.some((subject) => subject.miner === miner))
  if (unknown !== undefined) {
    const message = `the shock "${name}" meets ${formatActorId(unknown)}, which is not in the portfolio`
    throw new StressFileError('INVALID_STRESS_FILE', message, { miner: unknown })
  }
}

/** How many draws all shocks of a file take together. */
export function countDraws(file: StressFile): number {
  return file.shocks.reduce((sum, shock) => sum + drawsOf(shock, file), 0)
}

function drawsOf(shock: Shock, { draws = 1 }: StressFile): number {
  return isDrawn(shock) ? draws : 1
}

function lossOf({ miners }: ShockOutcome): AttoFil {
  return miners.reduce((sum, { figures }) => sum + figures.loss, 0n)
}

function clustersOf({ miners }: ShockOutcome): ReadonlyMap<string, AttoFil> {
  const losses = new Map<string, AttoFil>()
  for (const { subject, figures } of miners) {
    losses.set(subject.cluster, (losses.get(subject.cluster) ?? 0n) + figures.loss)
  }
  return losses
}
