import { BaseError } from '@plimsoll/primitives'

/** A curve that cannot be drawn. */
export class CurveError extends BaseError {}
