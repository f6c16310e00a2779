import { RulesError, StateError } from '@plimsoll/actors'
import { CodecError, formatPath } from '@plimsoll/ipld'
import { BaseError, ParseError } from '@plimsoll/primitives'
import {
  AssessError,
  BacktestError,
  CurveError,
  ExplanationError,
  LedgerError,
  PackParametersError,
  PlanError,
  PortfolioError,
  RunError,
  ScenarioFileError,
  StressFileError,
  WhatIfError,
} from '@plimsoll/risk'

/** The command line asks for something that makes no sense; `hint` says what would. */
export class UsageError extends BaseError {}

/** Exit statuses. Source: BSD `sysexits.h`, as far as a program like this needs it. */
export const ExitStatus = {
  OK: 0,
  /** `check` found something, or `replay` or `verify` a difference. */
  FINDINGS: 1,
  USAGE: 2,
  /** `forecast`, `stress`: a warning level is crossed; `forecast`: or a miner has no claim. */
  WARNING: 3,
  /** `forecast`, `stress`: a termination level is crossed, or what is owed could not be returned. */
  TERMINATION: 4,
  /** The input is not what it should be. */
  DATA: 65,
  /** A bug of ours. */
  SOFTWARE: 70,
} as const
export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus]

/** Errors of the question rather than of the data, by code. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  'ACTOR_NOT_FOUND',
  'ACTORS_VERSION_CONTRADICTED',
  'COMPARED_QUANTITY_UNKNOWN',
  'EPOCH_BEFORE_STATE',
  'EXPLANATION_OF_ANOTHER_STATE',
  'HEAD_BEFORE_STATE',
  'HEAD_MISSING',
  'NO_RECORDED_REWARDS',
  'NOT_A_MINER',
  'PLAN_ALTERED',
  'PLAN_DOES_NOT_FIT',
  'SECTOR_NOT_FOUND',
  'SECTOR_SETTLED',
  'STATE_NOT_PREDICTABLE',
  'STEP_NOT_PREDICTABLE',
  'STEP_NOT_FOUND',
])

/** What to do about an error, by code; docs/errors.md says more of each. */
const REMEDIES: Readonly<Record<string, string>> = {
  CAR_TRUNCATED: 'fetch the file again',
  CAR_HASH_MISMATCH: 'the file is damaged; fetch it again',
  MISSING_BLOCK: 'the snapshot is incomplete; export it again with its whole state',
  UNKNOWN_ACTORS_VERSION: 'say which with --actors-version N',
  SNAPSHOT_TOO_LARGE:
    'use a machine with more memory, or a CAR of the state alone, without chain and messages',
  NO_STATE_ROOT: 'give a CAR whose root is a state, its actors, or the blocks of a tipset',
  EPOCH_BEFORE_STATE: 'use a snapshot of that epoch',
  EXPLANATION_OF_ANOTHER_STATE: 'give the state that it was made from',
  HEAD_MISSING: 'give the present epoch with --head',
  STATE_TOO_OLD: 'fetch a newer snapshot',
}

/** An error as one line for people, and the status to exit with. */
export interface Failure {
  readonly line: string
  readonly status: ExitStatus
}

/** Describes an error that ends the program. An error that nobody threw on purpose is a bug, with its stack. */
export function describeFailure(error: unknown): Failure {
  if (!(error instanceof BaseError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { line: `plimsoll: a bug: ${stack}`, status: ExitStatus.SOFTWARE }
  }
  const place = error instanceof CodecError && error.path.length > 0 ? `, at ${formatPath(error.path)}` : ''
  const remedy = REMEDIES[error.code]
  return {
    line: `plimsoll: ${error.code}: ${error.message}${place}${remedy === undefined ? '' : ` (${remedy})`}`,
    status: statusOf(error),
  }
}

function statusOf(error: BaseError): ExitStatus {
  if (
    error instanceof UsageError ||
    error instanceof ParseError ||
    error instanceof RulesError ||
    error instanceof RunError ||
    error instanceof CurveError ||
    error instanceof BacktestError ||
    error instanceof WhatIfError ||
    USAGE_CODES.has(error.code)
  ) {
    return ExitStatus.USAGE
  }
  const isData =
    error instanceof CodecError ||
    error instanceof StateError ||
    error instanceof AssessError ||
    error instanceof ExplanationError ||
    error instanceof LedgerError ||
    error instanceof PortfolioError ||
    error instanceof PackParametersError ||
    error instanceof PlanError ||
    error instanceof ScenarioFileError ||
    error instanceof StressFileError ||
    error instanceof SnapshotError
  return isData ? ExitStatus.DATA : ExitStatus.SOFTWARE
}

/** A snapshot that cannot be read for a reason that lies outside its contents. */
export class SnapshotError extends BaseError {}
