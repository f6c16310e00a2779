import { BaseError } from '@plimsoll/primitives'

/** A state that is well-formed and still not one that this code can speak about. */
export class StateError extends BaseError {}
