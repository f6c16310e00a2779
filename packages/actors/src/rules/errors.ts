import { BaseError } from '@plimsoll/primitives'

/** Rules that cannot be: `data` says which part of them. */
export class RulesError extends BaseError {}
