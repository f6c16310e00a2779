import { type ActorId, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import {
  type Curve,
  type CurveEstimates,
  type CurveFigures,
  countPoints,
  curveFigures,
  curveReport,
  estimatesOn,
  type NetworkView,
  openCurve,
  openNetworkView,
} from '@plimsoll/risk'
import { UsageError } from '../errors.ts'
import { curveCsv, curveCsvHead, curvePage } from '../output/curve-page.ts'
import { renderBlocks } from '../output/document.ts'
import { renderStateHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { createProgress } from '../output/progress.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import type { StateOptions } from './options.ts'

export interface CurveOptions extends StateOptions {
  readonly miner: ActorId
  readonly from?: ChainEpoch
  readonly to?: ChainEpoch
  readonly step: number
  readonly estimates: CurveEstimates
  readonly csv?: boolean
}

/** How far a curve goes unless it is told. */
export const CURVE_DAYS = 180

/** Points that are written at once; a CSV of every epoch of years does not stand in memory. */
const CSV_BATCH = 1_000

/** `curve`: what it costs to leave in every epoch of a range, and when it costs least. */
export async function curve(path: string, options: CurveOptions, terminal: Terminal): Promise<void> {
  if (options.csv && options.json) {
    throw new UsageError('OPTIONS_CONTRADICT', '--json and --csv cannot both be given')
  }
  const { store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const from = options.from ?? view.assessedEpoch
  const range = { from, to: options.to ?? from + CURVE_DAYS * EPOCHS_IN_DAY, step: options.step }
  const estimatesAt = estimatesOn(options.estimates, view.estimates, view.assessedEpoch, range.to)
  const opened = openCurve(view, options.miner, range, estimatesAt)
  const progress = createProgress(terminal, 'working the curve out')
  if (options.csv) {
    writeCsv(view, opened, terminal, progress.update)
    progress.end()
    return
  }
  const report = curveReport(view, opened, options.estimates, progress.update)
  progress.end()
  terminal.writeOut(
    options.json
      ? renderJson(report)
      : `${renderStateHead(view, report)}\n\n${renderBlocks(terminal, curvePage(report, view.network.network))}`,
  )
}

function writeCsv(
  view: NetworkView,
  opened: Curve,
  terminal: Terminal,
  onPoint: (done: number, total: number) => void,
): void {
  terminal.writeOut(curveCsvHead())
  const total = countPoints(opened.range)
  let batch: CurveFigures[] = []
  let done = 0
  for (const point of opened.points()) {
    batch.push(curveFigures(view, point))
    if (batch.length === CSV_BATCH) {
      terminal.writeOut(curveCsv(batch, view.network.network))
      batch = []
    }
    onPoint(++done, total)
  }
  terminal.writeOut(curveCsv(batch, view.network.network))
}
