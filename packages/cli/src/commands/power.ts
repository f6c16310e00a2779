import type { StoragePower } from '@plimsoll/primitives'
import {
  loadMinerPowers,
  openNetworkView,
  type PowerMeasure,
  type PowerQuestion,
  powerReport,
  SPEC2019_DEFAULTS,
} from '@plimsoll/risk'
import { UsageError } from '../errors.ts'
import { renderJson } from '../output/json.ts'
import { renderPowerCsv, renderPowerTable } from '../output/power-page.ts'
import { createProgress } from '../output/progress.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import type { StateOptions } from './options.ts'

export interface PowerOptions extends StateOptions {
  readonly rule: PowerQuestion['rule']
  readonly power?: PowerMeasure
  readonly stor?: StoragePower
  readonly targ?: number
  readonly ignoreCollateral?: boolean
  readonly limit?: number
  readonly csv?: boolean
}

/** `power`: who may win blocks, with which share, and what can be expected of it in a day. */
export async function power(path: string, options: PowerOptions, terminal: Terminal): Promise<void> {
  const question = questionOf(options)
  if (options.csv && options.json) {
    throw new UsageError('OPTIONS_CONTRADICT', '--json and --csv cannot both be given')
  }
  const { store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const progress = createProgress(terminal, 'reading claims')
  const miners = loadMinerPowers(view, progress.update)
  progress.end()
  const whole = powerReport(view, miners, question)
  const report = { ...whole, miners: whole.miners.slice(0, options.limit) }
  if (options.json) {
    terminal.writeOut(renderJson(report))
  } else {
    terminal.writeOut(options.csv ? renderPowerCsv(report.miners) : renderPowerTable(terminal, view, report))
  }
}

function questionOf({ rule, power: measure, stor, targ, ignoreCollateral }: PowerOptions): PowerQuestion {
  if (rule === 'spec2019') {
    const parameters = {
      minMinerSizeStor: stor ?? SPEC2019_DEFAULTS.minMinerSizeStor,
      minMinerSizeTarg: targ ?? SPEC2019_DEFAULTS.minMinerSizeTarg,
      zeroesUnderCollateralised: !ignoreCollateral,
    }
    return { rule, measure: measure ?? 'raw', parameters }
  }
  if (stor !== undefined || targ !== undefined || ignoreCollateral) {
    throw new UsageError(
      'OPTIONS_CONTRADICT',
      '--stor, --targ and --ignore-collateral are of the rule of 2019: give --rule spec2019',
    )
  }
  return { rule, measure: measure ?? 'qa' }
}
