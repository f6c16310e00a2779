import { parseScenarioFile, type ScenarioFile, ScenarioFileError } from '@plimsoll/risk'
import { readJsonFile } from '../json-file.ts'

/** What the command line says of a scenario, beside its file. */
export interface ScenarioOptions {
  readonly scenario?: string
  readonly days?: number
  readonly operator?: 'proves' | 'stops'
  readonly background?: ScenarioFile['background']
}

/**
 * The scenario of the file, with what the command line says in its place; nothing happens where there is none.
 *
 * @throws {UsageError} `FILE_UNREADABLE`
 * @throws {ScenarioFileError} `INVALID_SCENARIO_FILE`
 */
export async function scenarioOf({
  scenario,
  days,
  operator,
  background,
}: ScenarioOptions): Promise<ScenarioFile> {
  const file = scenario === undefined ? parseScenarioFile({ format: 1 }) : await readScenario(scenario)
  return {
    ...file,
    ...(days !== undefined && { days }),
    ...(operator !== undefined && { operator }),
    ...(background !== undefined && { background }),
  }
}

/**
 * Reads a scenario file.
 *
 * @throws {UsageError} `FILE_UNREADABLE`
 * @throws {ScenarioFileError} `INVALID_SCENARIO_FILE`
 */
async function readScenario(path: string): Promise<ScenarioFile> {
  const json = await readJsonFile(
    path,
    (reason) => new ScenarioFileError('INVALID_SCENARIO_FILE', `${path} ${reason}`, { path }),
  )
  return parseScenarioFile(json)
}
