import type { ActorId, AttoFil } from '@plimsoll/primitives'
import {
  assessMiner,
  assessPacks,
  type FeeRules,
  NO_PACK_PARAMETERS,
  openMiner,
  openNetworkView,
  type PackParameters,
  PackParametersError,
  packSubject,
  packsReport,
  parsePackParameters,
  reportHead,
  requireMiner,
} from '@plimsoll/risk'
import { UsageError } from '../errors.ts'
import { readJsonFile } from '../json-file.ts'
import { renderHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { renderPacks, renderPacksCsv } from '../output/packs-page.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import { type BufferOptions, type StateOptions, selectBuffer, selectRules } from './options.ts'

export interface PacksOptions extends StateOptions, BufferOptions {
  readonly miner: ActorId
  readonly outstanding?: AttoFil
  readonly packParams?: string
  readonly feeRules?: FeeRules
  readonly csv?: boolean
}

/** `packs`: one miner by the rules of every pack, with what binds in each, beside the exact figures. */
export async function packs(path: string, options: PacksOptions, terminal: Terminal): Promise<void> {
  if (options.csv && options.json) {
    throw new UsageError('OPTIONS_CONTRADICT', '--json and --csv cannot both be given')
  }
  const buffer = selectBuffer(options)
  const parameters =
    options.packParams === undefined ? NO_PACK_PARAMETERS : await readPackParameters(options.packParams)
  const { store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const [rules] = selectRules(options.feeRules, view.version)
  const { id, record } = requireMiner(view, options.miner)
  const terms = { outstanding: options.outstanding ?? 0n, buffer }
  const assessment = assessMiner(view, openMiner(view, id, record), [rules], terms)
  const subject = packSubject(view, assessment, assessment.byRules[0])
  const report = packsReport(reportHead(view, rules), assessment, assessPacks(subject, parameters))
  if (options.json) {
    terminal.writeOut(renderJson(report))
    return
  }
  terminal.writeOut(
    options.csv ? renderPacksCsv(report) : `${renderHead(view, report)}\n\n${renderPacks(terminal, report)}`,
  )
}

/**
 * Reads a file of pack parameters.
 *
 * @throws {UsageError} `FILE_UNREADABLE`
 * @throws {PackParametersError} `INVALID_PACK_PARAMETERS`
 */
export async function readPackParameters(path: string): Promise<PackParameters> {
  const json = await readJsonFile(
    path,
    (reason) => new PackParametersError('INVALID_PACK_PARAMETERS', `${path} ${reason}`, { path }),
  )
  return parsePackParameters(json)
}
