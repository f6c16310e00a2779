import { loadMiner, type Miner, minerLayout, type SectorOnChainInfo } from '@plimsoll/actors'
import { type Amt, type Cid, type Link, SlabBlockstore } from '@plimsoll/ipld'
import type { ActorId, Hashes } from '@plimsoll/primitives'
import { buildMiner, sampleSectors } from '@plimsoll/testkit'

/** A miner with many generated sectors, in the layout of v16 to v18. */
export interface GeneratedBook {
  readonly store: SlabBlockstore
  readonly miner: Miner
  readonly count: number
  readonly root: Link<Amt<SectorOnChainInfo>>
  /** The CIDs of the blocks of its sectors, parents first. */
  readonly cids: readonly Cid[]
  readonly totalBytes: number
}

const LAYOUT = minerLayout(18)

export function generateBook(hashes: Hashes, count: number): GeneratedBook {
  const store = new RecordingStore(hashes)
  const sectors = LAYOUT.sectors.empty(store)
  for (const sector of sampleSectors({ count })) {
    sectors.set(sector.sectorNumber, sector)
  }
  const root = sectors.flush()
  const [cids, totalBytes] = [store.cids.toReversed(), store.totalBytes]
  const { head } = buildMiner(store, { id: 1000 as ActorId }, 6_000_000)
  const empty = loadMiner(store, LAYOUT, head)
  return {
    store,
    miner: { ...empty, state: { ...empty.state, sectors: root } },
    count,
    root,
    cids,
    totalBytes,
  }
}

/** The same sectors with some of them, spread evenly at random, a little different. */
export function changeScattered(
  { store, root, count }: GeneratedBook,
  changes: number,
): Link<Amt<SectorOnChainInfo>> {
  const sectors = LAYOUT.sectors.load(store, root)
  const step = Math.floor(count / changes)
  for (let i = 0; i < changes; i++) {
    const number = i * step + ((i * 7919) % step)
    const sector = sectors.get(number)
    if (sector === undefined) {
      throw new Error(`the generated book has no sector ${number}`)
    }
    sectors.set(number, { ...sector, expiration: sector.expiration + 2880 })
  }
  return sectors.flush()
}

class RecordingStore extends SlabBlockstore {
  readonly cids: Cid[] = []

  override put(cid: Cid, block: Uint8Array): void {
    this.cids.push(cid)
    super.put(cid, block)
  }
}

export function requireBlockOf({ store }: GeneratedBook, cid: Cid): Uint8Array {
  const block = store.find(cid)
  if (block === undefined) {
    throw new Error('the generated book misses a block')
  }
  return block
}
