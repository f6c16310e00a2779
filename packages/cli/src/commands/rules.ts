import { RULE_VERSIONS, SWITCHES } from '@plimsoll/actors'
import { scenarioSchema } from '@plimsoll/risk'
import { renderBlocks } from '../output/document.ts'
import { renderJson } from '../output/json.ts'
import type { Terminal } from '../terminal.ts'

export interface RulesOptions {
  readonly json?: boolean
}

/** `rules`: what can be switched on, and what it is. */
export function rules(options: RulesOptions, terminal: Terminal): void {
  if (options.json) {
    terminal.writeOut(renderJson({ format: 1, versions: RULE_VERSIONS, switches: SWITCHES }))
    return
  }
  const versions = RULE_VERSIONS.map((version) => `v${version}`)
  terminal.writeOut(
    renderBlocks(terminal, [
      {
        kind: 'lines',
        lines: [
          `A rule set is a version (${versions.join(', ')}; ${versions.at(-1)} executes, the others have formulas only)`,
          'with switches after it, as in v18+fip0006+sdm:fip0036.',
        ],
      },
      ...SWITCHES.flatMap(({ name, forms, changes, status, source, questions }) => [
        { kind: 'heading' as const, text: name },
        {
          kind: 'lines' as const,
          lines: [
            `written  ${forms.join('  ')}`,
            `changes  ${changes}`,
            `status   ${status}`,
            `source   ${source}`,
            ...questions.map(([question, answer]) => `open     ${question} ${answer}`),
          ],
        },
      ]),
    ]),
  )
}

/** `scenario`: the schema of the scenario file. */
export function scenario(terminal: Terminal): void {
  terminal.writeOut(renderJson(scenarioSchema()))
}
