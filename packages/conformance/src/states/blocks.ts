import {
  cidFromBytes,
  cidParts,
  decodeCbor,
  encodeCbor,
  formatCid,
  ipldValue,
  Multicodec,
} from '@plimsoll/ipld'
import { formatHex } from '@plimsoll/primitives'
import { allOf, attempt, expectEqual, type Outcome } from '../outcome.ts'
import type { LoadedCar } from './open-state.ts'

/**
 * Every block of a CAR as a value of DAG-CBOR: decoded and encoded again it must be the same bytes. That its
 * CID is the hash of its bytes was checked when the CAR was read.
 */
export function reencodeBlocks({ blocks }: LoadedCar): Outcome {
  return allOf(
    blocks.map(({ cid, block }) => {
      const name = cidFromBytes(cid)
      if (cidParts(name).codec !== Multicodec.DAG_CBOR) {
        return { status: 'passed' }
      }
      return attempt(() => {
        const outcome = expectEqual(
          formatHex(block),
          formatHex(encodeCbor(ipldValue, decodeCbor(ipldValue, block))),
        )
        return outcome.status === 'failed'
          ? { ...outcome, difference: `${formatCid(name)}: ${outcome.difference}` }
          : outcome
      })
    }),
  )
}
