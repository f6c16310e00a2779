import { BaseError } from '@plimsoll/primitives'

/** A saved explanation that cannot be read, or that is of another state. */
export class ExplanationError extends BaseError {}
