import { formatFilRoundedDown, formatPower, type NetworkParameters } from '@plimsoll/primitives'
import type { StressReport } from '@plimsoll/risk'
import { type Block, table } from './document.ts'
import { FIL_DECIMALS, fil } from './fil.ts'
import { formatEpoch } from './head.ts'

type ShockFigures = StressReport['shocks'][number]

/** A stress as a document: all shocks in a table, then each with its miners, rounds, clusters and losses. */
export function stressPage(report: StressReport, network: NetworkParameters | undefined): readonly Block[] {
  const { shocks, fromEpoch, days, seed } = report
  return [
    {
      kind: 'lines',
      lines: [
        `from epoch ${formatEpoch(fromEpoch, network)} for ${days} days, seed ${seed}`,
        'operator: proves what is not lost; no blocks are won; who breaks is terminated at the day’s end',
      ],
    },
    table(
      ['shock', 'breaks', 'rounds', 'loss', 'draws', 'mean loss', 'greatest'],
      shocks.map(({ name, miners, rounds, loss, distribution }) => [
        name,
        `${miners.filter(({ round }) => round !== null).length} of ${miners.length}`,
        String(rounds.length),
        fil(loss),
        distribution === null ? '1' : String(distribution.draws),
        distribution === null ? '' : fil(distribution.mean),
        distribution === null ? '' : fil(distribution.greatest),
      ]),
      1,
    ),
    ...shocks.flatMap((shock) => shockBlocks(shock, network)),
  ]
}

function shockBlocks(shock: ShockFigures, network: NetworkParameters | undefined): readonly Block[] {
  const { name, miners, clusters, distribution } = shock
  const notes = minerNotes(shock, network)
  return [
    {
      kind: 'heading',
      text: distribution === null ? name : `${name} (first of ${distribution.draws} draws)`,
    },
    table(
      ['miner', 'state', 'eligible\nasset', 'fee debt', 'liquidation\nvalue', 'Safe Pledge\nstrict', 'loss'],
      miners.map((miner) => [
        miner.label === undefined ? miner.miner : `${miner.miner} ${miner.label}`,
        miner.round === null ? miner.state : `${miner.state}, round ${miner.round}`,
        fil(miner.eligibleAsset),
        fil(miner.feeDebt),
        fil(miner.liquidationValue),
        `${fil(miner.safePledgeStrict)}${miner.isBeforeBuffer ? ' *' : ''}`,
        fil(miner.loss),
      ]),
      2,
    ),
    ...(notes.length === 0 ? [] : [{ kind: 'lines' as const, lines: notes }]),
    table(
      ['cluster', 'loss'],
      clusters.map(({ cluster, loss }) => [cluster, fil(loss)]),
      1,
    ),
    ...(distribution === null ? [] : [{ kind: 'lines' as const, lines: distributionLines(distribution) }]),
  ]
}

/** What is said of single miners beside the table, a line each. */
function minerNotes(
  { miners, rounds }: ShockFigures,
  network: NetworkParameters | undefined,
): readonly string[] {
  return [
    ...(miners.some(({ isBeforeBuffer }) => isBeforeBuffer) ? ['* before buffer: none is given'] : []),
    ...miners
      .filter(({ needs }) => needs.length > 0)
      .map(({ miner, needs }) => `${miner} has no ${needs.join(' and no ')}, which it cannot cross then`),
    ...miners.flatMap(({ miner, consensusFault: fault }) =>
      fault === null
        ? []
        : [
            `${miner}: consensus fault, penalty ${fil(fault.penalty)}; paid now: ` +
              `${fil(fault.toReporter)} to the reporter, ${fil(fault.burned)} burned`,
          ],
    ),
    ...rounds.flatMap(({ terminated }, round) =>
      terminated.map(
        ({ miner, epoch, fee, qaPower }) =>
          `round ${round}: ${miner} after epoch ${formatEpoch(epoch, network)}, fee ${fil(fee)}, ${formatPower(BigInt(qaPower))} gone`,
      ),
    ),
  ]
}

function distributionLines({
  draws,
  drawsWithBreaks,
  levels,
}: NonNullable<ShockFigures['distribution']>): readonly string[] {
  return [
    `of ${draws} draws ${drawsWithBreaks} break a miner`,
    ...levels.map(
      ({ level, quantile, expectedShortfall }) =>
        `level ${formatFilRoundedDown(BigInt(level), FIL_DECIMALS)}: loss ${fil(quantile)}, expected shortfall ${fil(expectedShortfall)}`,
    ),
  ]
}
