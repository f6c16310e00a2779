import {
  Actors,
  DeclareFaultsParams,
  MAINNET_POLICY,
  type SectorOnChainInfo,
  serialize,
  TerminateSectorsParams,
} from '@plimsoll/actors'
import { bitFieldOf, type Cid, linkTo, SlabBlockstore } from '@plimsoll/ipld'
import {
  ACTOR_NAMES,
  type ActorId,
  ATTO_FIL_PER_FIL,
  BURNT_FUNDS_ACTOR_ADDR,
  CRON_ACTOR_ADDR,
  type Hashes,
  idAddress,
  STORAGE_MARKET_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { buildState, methodNumber, OWNER_ID, openNetwork, sampleSectors, testCode } from '@plimsoll/testkit'
import { actorCodeTable, type Message } from '@plimsoll/vm'

/** One large miner on a network, as a state whose blocks are all in memory. */
export interface VmWorkload {
  readonly base: SlabBlockstore
  readonly root: Cid
  /** The deadlines that messages of {@link EPOCH} may change, with the sectors of their partitions. */
  readonly deadlines: readonly DeadlineSectors[]
}

interface DeadlineSectors {
  readonly index: number
  readonly partitions: readonly (readonly number[])[]
}

/** A kind of message, how many sectors each touches, and how many go to every deadline. */
export interface MessagePlan {
  readonly method: 'DeclareFaults' | 'TerminateSectors'
  readonly sectors: 1 | 100 | 3000
  readonly perDeadline: number
}

/** The epoch of every message. */
export const EPOCH = 6_000_000
export const CODES = actorCodeTable(Object.fromEntries(ACTOR_NAMES.map((name) => [name, testCode(name)])))

const MINER_ID = 1000 as ActorId
const PARTITIONS = 2
const DEADLINES = MAINNET_POLICY.wpostPeriodDeadlines

/** A miner whose sectors fill two partitions of each deadline, in the order of their numbers. */
export function buildVmWorkload(hashes: Hashes, count: number): VmWorkload {
  const base = new SlabBlockstore(hashes)
  const places = DEADLINES * PARTITIONS
  const size = Math.ceil(count / places)
  const sectors = [...sampleSectors({ count, epoch: EPOCH })].map((sector: SectorOnChainInfo) => {
    const place = Math.floor(sector.sectorNumber / size)
    return { ...sector, deadline: Math.floor(place / PARTITIONS), partition: place % PARTITIONS }
  })
  const built = buildState(base, {
    epoch: EPOCH,
    miners: [{ id: MINER_ID, sectors, unlockedBalance: 1_000_000n * ATTO_FIL_PER_FIL }],
  })
  const deadlines = Array.from({ length: DEADLINES }, (_, index) => ({
    index,
    partitions: Array.from({ length: PARTITIONS }, (_, partition) => {
      const first = (index * PARTITIONS + partition) * size
      return Array.from({ length: Math.min(size, count - first) }, (_, i) => first + i)
    }),
  }))
  const open = Math.floor((EPOCH % MAINNET_POLICY.wpostProvingPeriod) / MAINNET_POLICY.wpostChallengeWindow)
  return {
    base,
    root: withSingletons(base, built),
    // The open deadline and the next one are closed to declarations.
    deadlines: deadlines.filter(({ index }) => index !== open && index !== (open + 1) % DEADLINES),
  }
}

/** The actors that a miner's messages and cron call beside those that the state has. */
function withSingletons(base: SlabBlockstore, root: Cid): Cid {
  const { vm } = openNetwork(base.hashes, { store: base })
  const actors = Actors.load(base, linkTo(root))
  for (const actor of [STORAGE_MARKET_ACTOR_ADDR, CRON_ACTOR_ADDR, BURNT_FUNDS_ACTOR_ADDR]) {
    const record = vm.findActor(actor)
    if (record === undefined) {
      throw new Error('a network without its singletons')
    }
    actors.set(actor, record)
  }
  return actors.flush().cid
}

/** The messages of a plan: every deadline in turn, then the next sectors of each. */
export function messagesOf({ deadlines }: VmWorkload, plan: MessagePlan): readonly Message[] {
  return Array.from({ length: plan.perDeadline }, (_, round) =>
    deadlines.map((deadline) => messageOf(deadline, plan, round)),
  ).flat()
}

function messageOf({ index, partitions }: DeadlineSectors, plan: MessagePlan, round: number): Message {
  const declarations = declaredOf(partitions, plan, round).map(({ partition, sectors }) => ({
    deadline: BigInt(index),
    partition: BigInt(partition),
    sectors: bitFieldOf(sectors),
  }))
  const codec = plan.method === 'DeclareFaults' ? DeclareFaultsParams : TerminateSectorsParams
  return {
    from: idAddress(OWNER_ID),
    to: idAddress(MINER_ID),
    value: 0n,
    method: methodNumber('storageminer', plan.method),
    params: serialize(codec, declarations),
  }
}

/** Neighbours, as sectors that were sealed together are: of one partition in turn, or of both where it takes both. */
function declaredOf(
  partitions: readonly (readonly number[])[],
  { sectors, perDeadline }: MessagePlan,
  round: number,
): readonly { readonly partition: number; readonly sectors: readonly number[] }[] {
  if (perDeadline === 1) {
    const each = sectors / partitions.length
    return partitions.map((numbers, partition) => ({ partition, sectors: numbers.slice(0, each) }))
  }
  const partition = round % partitions.length
  const numbers = partitions[partition] ?? []
  const first = Math.floor(round / partitions.length) * sectors
  return [{ partition, sectors: numbers.slice(first, first + sectors) }]
}
