import { BaseError } from '@plimsoll/primitives'

/** A question of what would be that makes no sense for the state. */
export class WhatIfError extends BaseError {}
