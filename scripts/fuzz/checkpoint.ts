import {
  type Blockstore,
  type Cid,
  cidOfBlock,
  createMemoryBlockstore,
  decodeCbor,
  formatCid,
  type IpldValue,
  ipldValue,
  saveBlock,
} from '@plimsoll/ipld'
import type { ChainEpoch, Hashes } from '@plimsoll/primitives'
import { openNetwork } from '@plimsoll/testkit'
import { openVm, type Vm } from '@plimsoll/vm'
import { networkOptions, type ProfileName } from './profile.ts'

/** A state apart from the machine that made it: its blocks, of which the first is the root. */
export interface Checkpoint {
  readonly epoch: ChainEpoch
  readonly blocks: readonly Uint8Array[]
}

/** Takes the whole state of a machine down. */
export function takeCheckpoint(vm: Vm): Checkpoint {
  return { epoch: vm.epoch, blocks: reachableBlocks(vm.store, vm.root()) }
}

/** A machine on a state that was taken down; `above` says how it keeps blocks. */
export function openCheckpoint(
  hashes: Hashes,
  profile: ProfileName,
  { epoch, blocks }: Checkpoint,
  above: (store: Blockstore) => Blockstore,
): Vm {
  const store = createMemoryBlockstore(hashes)
  for (const block of blocks) {
    saveBlock(store, block)
  }
  const [root] = blocks
  if (root === undefined) {
    throw new Error('a state without blocks')
  }
  return openVm(above(store), cidOfBlock(root, hashes), hostOf(hashes, profile), epoch)
}

const hosts = new Map<ProfileName, Vm['host']>()

/** The host of a profile's networks, which is the same for all of them. */
function hostOf(hashes: Hashes, profile: ProfileName): Vm['host'] {
  const host = hosts.get(profile) ?? openNetwork(hashes, networkOptions(profile)).vm.host
  hosts.set(profile, host)
  return host
}

/** The blocks that a root leads to, its own first. */
function reachableBlocks(store: Blockstore, root: Cid): readonly Uint8Array[] {
  const seen = new Map<string, Uint8Array>()
  const visit = (cid: Cid): void => {
    const key = formatCid(cid)
    const block = seen.has(key) ? undefined : store.find(cid)
    if (block !== undefined) {
      seen.set(key, block)
      linksIn(decodeCbor(ipldValue, block)).forEach(visit)
    }
  }
  visit(root)
  return [...seen.values()]
}

function linksIn(value: IpldValue): readonly Cid[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
    return []
  }
  return 'link' in value ? [value.link] : [...value.values()].flatMap(linksIn)
}
