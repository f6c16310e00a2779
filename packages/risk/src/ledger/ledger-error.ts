import { BaseError } from '@plimsoll/primitives'

/** An entry that the rules of the books refuse; the books stay as they were. */
export class LedgerError extends BaseError {}
