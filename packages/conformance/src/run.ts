import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createHashes } from '@plimsoll/primitives'
import type { Driver, DriverContext } from './driver.ts'
import {
  cborTypes,
  fip0098Fee,
  initialPledge,
  miscTables,
  preFip0098Fee,
  vestingTable,
} from './drivers/builtin-actors.ts'
import { goAddress, goBitfield, quantize } from './drivers/encodings.ts'
import { goPools } from './drivers/go-pools.ts'
import { liquidationFees } from './drivers/liquidation-fees.ts'
import { derivedTerminationFees, terminationCalculator } from './drivers/mainnet-fees.ts'
import { mainnetMessages } from './drivers/mainnet-messages.ts'
import { networkStates, olderStates } from './drivers/network-states.ts'
import { powerTable } from './drivers/power-table.ts'
import { equivalenceLaw, multipliers } from './drivers/proposals.ts'
import { refFvm } from './drivers/ref-fvm.ts'
import { referenceV18 } from './drivers/reference-v18.ts'
import {
  baselineReward,
  expFunction,
  mainnetRewardStates,
  mainnetRewardTransitions,
  simpleReward,
} from './drivers/rewards.ts'
import { scenarioStates } from './drivers/scenario-states.ts'
import { windUpSummaries } from './drivers/wind-up-summaries.ts'
import type { NamedOutcome, Outcome } from './outcome.ts'
import { NOT_VECTORS, SKIPS } from './skips.ts'
import { type VectorFile, vectorFile } from './vector-file.ts'

const DRIVERS: readonly Driver[] = [
  cborTypes,
  fip0098Fee,
  preFip0098Fee,
  initialPledge,
  vestingTable,
  miscTables,
  refFvm,
  goBitfield,
  goAddress,
  quantize,
  mainnetMessages,
  derivedTerminationFees,
  terminationCalculator,
  networkStates,
  olderStates,
  scenarioStates,
  referenceV18,
  liquidationFees,
  windUpSummaries,
  goPools,
  multipliers,
  equivalenceLaw,
  powerTable,
  simpleReward,
  baselineReward,
  expFunction,
  mainnetRewardStates,
  mainnetRewardTransitions,
]

/** One case with where it comes from. */
export interface CaseResult {
  readonly family: string
  readonly file: string
  readonly name: string
  readonly outcome: Outcome
}

/** Decides the vectors in the given files and directories, one case after another. */
export async function* runConformance(paths: readonly string[], filter = ''): AsyncGenerator<CaseResult> {
  const hashes = await createHashes()
  for (const file of paths.flatMap(listVectorFiles)) {
    if (file.path.includes(filter)) {
      yield* decideFile(file, { hashes })
    }
  }
}

/** Decides the cases of one file. A file that nobody knows is one case, and it fails. */
export function* decideFile(file: VectorFile, context: DriverContext): Generator<CaseResult> {
  const { family, cases } = casesOf(file, context)
  for (const [name, outcome] of cases) {
    yield { family, file: file.relativePath, name, outcome }
  }
}

function casesOf(
  file: VectorFile,
  context: DriverContext,
): { readonly family: string; readonly cases: Iterable<NamedOutcome> } {
  const skip = SKIPS.find(([pattern]) => pattern.test(file.path))
  if (skip !== undefined) {
    return { family: 'not decided yet', cases: [[file.name, { status: 'skipped', reason: skip[1] }]] }
  }
  const driver = DRIVERS.find((candidate) => candidate.handles(file))
  if (driver === undefined) {
    const difference = 'no driver knows this file'
    return { family: 'unknown', cases: [[file.name, { status: 'failed', difference }]] }
  }
  return { family: driver.family, cases: runDriver(driver, file, context) }
}

/** The cases of a file; an error outside of any of them is a failure of the file. */
function* runDriver(driver: Driver, file: VectorFile, context: DriverContext): Generator<NamedOutcome> {
  try {
    yield* driver.run(file, context)
  } catch (error) {
    const difference = error instanceof Error ? (error.stack ?? error.message) : String(error)
    yield ['file', { status: 'failed', difference }]
  }
}

/** The files of vectors in a directory and below it, or the one file that is given, by path. */
export function listVectorFiles(root: string): readonly VectorFile[] {
  if (!statSync(root).isDirectory()) {
    return [vectorFile(root, root)]
  }
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !NOT_VECTORS.some((pattern) => pattern.test(path)))
    .sort()
    .map((path) => vectorFile(path, relative(root, path)))
}
