import { list, tuple, uint, type ValueOf } from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { requireInvariant } from './actor-error.ts'

/** Source of everything here: builtin-actors v18, `runtime/src/util/batch_return.rs`. */

/** An item of a batch that failed. CBOR tuple. */
const FailCode = tuple('FailCode', { index: uint, code: uint })

/** How the items of a batch ended. CBOR tuple. */
export const BatchReturn = tuple('BatchReturn', { successCount: uint, failCodes: list(FailCode) })
export type BatchReturn = ValueOf<typeof BatchReturn>

/** All of `count` items went well. Source: `ok`. */
export function batchOk(count: number): BatchReturn {
  return { successCount: count, failCodes: [] }
}

/** A batch from the code of each item, in order. Source: `BatchReturnGen`. */
export function batchOf(codes: readonly number[]): BatchReturn {
  const failCodes = codes.flatMap((code, index) => (code === ExitCode.OK ? [] : [{ index, code }]))
  return { successCount: codes.length - failCodes.length, failCodes }
}

/** Source: `size`. */
export function batchSize(batch: BatchReturn): number {
  return batch.successCount + batch.failCodes.length
}

/** Source: `all_ok`. */
export function isAllOk(batch: BatchReturn): boolean {
  return batch.failCodes.length === 0
}

/** The items that went well. Source: `successes`. */
export function successesOf<T>(batch: BatchReturn, items: readonly T[]): readonly T[] {
  requireInvariant(items.length === batchSize(batch), 'items of another batch')
  if (isAllOk(batch)) {
    return items
  }
  const failed = new Set(batch.failCodes.map(({ index }) => index))
  return items.filter((_, index) => !failed.has(index))
}

/** The code of every item, in order. Source: `codes`. */
export function codesOf(batch: BatchReturn): readonly number[] {
  const codes = new Array<number>(batchSize(batch)).fill(ExitCode.OK)
  for (const { index, code } of batch.failCodes) {
    codes[index] = code
  }
  return codes
}

/**
 * One batch from batches of which each has the successes of the one before as its items.
 *
 * Source: `stack`.
 */
export function stackBatches(batches: readonly BatchReturn[]): BatchReturn {
  const [first, ...rest] = batches
  if (first === undefined) {
    return batchOk(0)
  }
  const codes = [...codesOf(first)]
  for (const batch of rest) {
    const next = codesOf(batch)
    let item = 0
    for (let i = 0; i < codes.length; i++) {
      if (codes[i] === ExitCode.OK) {
        requireInvariant(item < next.length, 'a batch is shorter than the successes of the one before')
        codes[i] = next[item++] as number
      }
    }
    requireInvariant(item === next.length, 'a batch is longer than the successes of the one before')
  }
  return batchOf(codes)
}
