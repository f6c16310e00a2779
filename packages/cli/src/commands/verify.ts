import {
  ExplanationError,
  openNetworkView,
  parseExplanation,
  stateHead,
  verifyExplanation,
} from '@plimsoll/risk'
import { ExitStatus } from '../errors.ts'
import { readJsonFile } from '../json-file.ts'
import { renderStateHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import type { StateOptions } from './options.ts'

export type VerifyOptions = Pick<StateOptions, 'actorsVersion' | 'json'>

/** `verify`: works a saved explanation out again from the state. */
export async function verify(
  file: string,
  path: string,
  options: VerifyOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  const saved = parseExplanation(
    await readJsonFile(file, (reason) => new ExplanationError('INVALID_EXPLANATION', `${file} ${reason}`)),
  )
  const { store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, { ...options, epoch: saved.assessedEpoch })
  const { terms, differences } = verifyExplanation(view, saved)
  const head = stateHead(view)
  if (options.json) {
    terminal.writeOut(renderJson({ ...head, miner: saved.miner, subject: saved.subject, terms, differences }))
  } else {
    const lines = differences.map(
      ({ path: place, field, saved: before, recomputed }) =>
        `${place === '' ? 'the head' : place}, ${field}: saved ${before}, from the state ${recomputed}`,
    )
    const verdict =
      differences.length === 0
        ? `verified: ${terms} terms, each as the state gives it`
        : `NOT verified: ${differences.length} differences in ${terms} terms`
    terminal.writeOut(`${[renderStateHead(view, head), '', ...lines, verdict].join('\n')}\n`)
  }
  return differences.length === 0 ? ExitStatus.OK : ExitStatus.FINDINGS
}
