import { chainEpoch, cid, link, list, rawItem, tuple, type ValueOf } from '@plimsoll/ipld'
import type { StateRoot } from './state-root.ts'

/**
 * The header of a block, with the parts that lead to the state; the others are kept as they are.
 *
 * CBOR tuple. Source: filecoin-project/lotus `chain/types/blockheader.go`, `BlockHeader`.
 */
export const BlockHeader = tuple('BlockHeader', {
  miner: rawItem,
  ticket: rawItem,
  electionProof: rawItem,
  beaconEntries: rawItem,
  winPoStProof: rawItem,
  parents: list(cid),
  parentWeight: rawItem,
  height: chainEpoch,
  /** The state after the messages of the parents; what a snapshot of this tipset holds. */
  parentStateRoot: link<StateRoot>(),
  parentMessageReceipts: cid,
  messages: cid,
  blsAggregate: rawItem,
  timestamp: rawItem,
  blockSig: rawItem,
  forkSignaling: rawItem,
  parentBaseFee: rawItem,
})
export type BlockHeader = ValueOf<typeof BlockHeader>
