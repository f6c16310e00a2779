import { BaseError } from '@plimsoll/primitives'

/** Two states that are no forecast and its outcome. */
export class BacktestError extends BaseError {}
