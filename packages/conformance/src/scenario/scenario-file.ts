import { BaseError, isActorName } from '@plimsoll/primitives'
import { parseExactJson, readContents } from '../vector-file.ts'
import type { ScenarioEnd, ScenarioHeader, Step } from './scenario-types.ts'

/** A scenario that is not what its format says. The message names the line, counted from 1. */
export class ScenarioError extends BaseError {}

/** A scenario that is read line by line. */
export interface ScenarioFile {
  readonly path: string
  readonly header: ScenarioHeader
  /** The steps that the file has, as far as its lines tell. */
  readonly stepCount: number
  /** The steps in order, then the end. Can be read once. */
  readonly lines: Iterable<Step | ScenarioEnd>
}

const SUFFIX = '.jsonl.gz'

/** Where the state at the start, or at the end, of a scenario is: beside it. */
export function statePathOf(path: string, which: 'genesis' | 'final'): string {
  const stem = path.endsWith(SUFFIX) ? path.slice(0, -SUFFIX.length) : path
  return `${stem}.${which}.car.gz`
}

/**
 * Opens a scenario. Integers of 2^53 and more are read as bigints.
 *
 * @throws {ScenarioError} `INVALID_SCENARIO`, also while the lines are read.
 */
export function openScenario(path: string): ScenarioFile {
  const contents = Buffer.from(readContents(path))
  const lines = jsonLines(contents)
  const first = lines.next()
  if (first.done || !isHeader(first.value)) {
    throw new ScenarioError('INVALID_SCENARIO', 'line 1: this is not the header of a scenario', { path })
  }
  return { path, header: first.value, stepCount: countLines(contents) - 2, lines: readSteps(lines, path) }
}

/** The last line of a scenario, without its steps being read. @throws {ScenarioError} `INVALID_SCENARIO` */
export function readEnd(path: string): ScenarioEnd {
  const lines = Buffer.from(readContents(path)).toString('utf8').trimEnd()
  const end = parseLine(lines.slice(lines.lastIndexOf('\n') + 1), 0)
  if (!isStep(end) || end.t !== 'end') {
    throw new ScenarioError('INVALID_SCENARIO', 'the scenario ends without its last line', { path })
  }
  return end
}

function* readSteps(lines: Generator<unknown>, path: string): Generator<Step | ScenarioEnd> {
  let number = 1
  let last: Step | ScenarioEnd | undefined
  for (const line of lines) {
    number++
    if (!isStep(line) || last?.t === 'end') {
      throw invalid(number, 'this is neither a step nor the end of a scenario', path)
    }
    last = line
    yield line
  }
  if (last?.t !== 'end') {
    throw invalid(number + 1, 'the scenario ends without its last line', path)
  }
}

function* jsonLines(contents: Buffer): Generator<unknown> {
  let start = 0
  for (let number = 1; start < contents.length; number++) {
    const newline = contents.indexOf('\n', start)
    const end = newline < 0 ? contents.length : newline
    yield parseLine(contents.toString('utf8', start, end), number)
    start = end + 1
  }
}

/** Digits that do not stand in a text and are too many for a double. */
const LONG_INTEGER = /[:[,]-?\d{16}/

function parseLine(text: string, number: number): unknown {
  try {
    return LONG_INTEGER.test(text) ? parseExactJson(text) : JSON.parse(text)
  } catch (error) {
    throw new ScenarioError('INVALID_SCENARIO', `line ${number}: this is not JSON`, { number }, error)
  }
}

function countLines(contents: Buffer): number {
  let count = 0
  for (let at = contents.indexOf('\n'); at >= 0; at = contents.indexOf('\n', at + 1)) {
    count++
  }
  return contents.at(-1) === 0x0a ? count : count + 1
}

function invalid(number: number, reason: string, path: string): ScenarioError {
  return new ScenarioError('INVALID_SCENARIO', `line ${number}: ${reason}`, { number, path })
}

/** What a field of a line has to be. */
type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const count: Check = (value) => typeof value === 'number' && Number.isInteger(value)
const integer: Check = (value) => typeof value === 'bigint' || count(value)
const record: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOrNull: Check = (value) => value === null || text(value)
const texts: Check = (value) => Array.isArray(value) && value.every(text)
const counts: Check = (value) => Array.isArray(value) && value.every(count)

const HEADER: Readonly<Record<string, Check>> = {
  format: (value) => value === 1,
  family: text,
  name: text,
  network_version: count,
  circulating_supply: text,
  code_cids: (value) => record(value) && Object.keys(value as object).every(isActorName),
  proof_types: record,
  genesis_root: text,
  genesis_epoch: count,
}

const MESSAGE: Readonly<Record<string, Check>> = {
  epoch: count,
  from: text,
  to: text,
  value: text,
  method: integer,
  params: textOrNull,
  exit: count,
  ret: textOrNull,
  root: text,
  changed: record,
  trace: record,
}

const STEPS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  msg: MESSAGE,
  cron: MESSAGE,
  reward: MESSAGE,
  implicit: MESSAGE,
  cron_run: {
    from_epoch: count,
    roots: texts,
    epochs: (value) => value === undefined || counts(value),
  },
  end: { epoch: count, root: text, executed: count, coverage: record, coverage_nested: record },
}

function isHeader(value: unknown): value is ScenarioHeader {
  return passes(value, HEADER)
}

function isStep(value: unknown): value is Step | ScenarioEnd {
  const kind = record(value) ? String((value as { readonly t?: unknown }).t) : ''
  const checks = Object.hasOwn(STEPS, kind) ? STEPS[kind] : undefined
  return checks !== undefined && passes(value, checks)
}

function passes(value: unknown, checks: Readonly<Record<string, Check>>): boolean {
  return (
    record(value) &&
    Object.entries(checks).every(([key, check]) => check((value as Readonly<Record<string, unknown>>)[key]))
  )
}
