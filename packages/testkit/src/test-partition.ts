import {
  checkDeadline,
  checkMinerInvariants,
  checkPartition,
  createFindings,
  type Deadline,
  type Draft,
  draftOf,
  type Finding,
  loadMiner,
  MAINNET_POLICY,
  type Miner,
  type MinerState,
  minerLayout,
  type Partition,
  Partitions,
  type PowerPair,
  powerForSectors,
  type QuantSpec,
  type SectorOnChainInfo,
  sectorSet,
  valueOfDraft,
} from '@plimsoll/actors'
import { type BitField, type Blockstore, bitsOf } from '@plimsoll/ipld'
import { type AttoFil, actorId } from '@plimsoll/primitives'
import { buildMiner, plannedSector, SECTOR_BYTES } from './build-miner.ts'

/** The grid of the reference's tests of partitions and deadlines: 1, 5, 9, 13 and so on. */
export const PARTITION_QUANT: QuantSpec = { unit: 4, offset: 1 }

/** What the power of 32 GiB sectors follows from. */
export const PARTITION_TERMS = { sectorSize: SECTOR_BYTES, multiplier: null }

/**
 * A sector that has been there since epoch 0; the weight is that of verified data, the amounts are attoFIL.
 *
 * Source of the idea: builtin-actors v18, `actors/miner/tests/util.rs`, `test_sector`.
 */
export function quickSector(
  expiration: number,
  sectorNumber: number,
  verifiedDealWeight: bigint,
  initialPledge: bigint,
  dailyFee: bigint,
): SectorOnChainInfo {
  return plannedSector({
    sectorNumber,
    activation: 0,
    expiration,
    verifiedDealWeight,
    initialPledge,
    dailyFee,
  })
}

/** Sectors 1 to 6, two for each of the epochs 5, 9 and 13 of the grid. Source: `actors/miner/tests/expiration_queue.rs`, `sectors`. */
export const PARTITION_SECTORS: readonly SectorOnChainInfo[] = [
  quickSector(2, 1, 60n, 1000n, 3000n),
  quickSector(3, 2, 61n, 1001n, 4000n),
  quickSector(7, 3, 62n, 1002n, 5000n),
  quickSector(8, 4, 63n, 1003n, 6000n),
  quickSector(11, 5, 64n, 1004n, 7000n),
  quickSector(13, 6, 65n, 1005n, 8000n),
]

/** Sectors 1 to 9 and one more, for partitions of 4. Source: `actors/miner/tests/deadline_state_test.rs`, `all_sectors`. */
export const DEADLINE_SECTORS: readonly SectorOnChainInfo[] = [
  quickSector(2, 1, 60n, 1000n, 1000n),
  quickSector(3, 2, 61n, 1001n, 2000n),
  quickSector(7, 3, 62n, 1002n, 3000n),
  quickSector(8, 4, 63n, 1003n, 4000n),
  quickSector(8, 5, 64n, 1004n, 5000n),
  quickSector(11, 6, 65n, 1005n, 6000n),
  quickSector(13, 7, 66n, 1006n, 7000n),
  quickSector(8, 8, 67n, 1007n, 8000n),
  quickSector(8, 9, 68n, 1008n, 9000n),
  quickSector(8, 10, 68n, 1008n, 9000n),
]

/** Those of the sectors that have these numbers, in the order of the sectors. */
export function sectorsNumbered(
  sectors: readonly SectorOnChainInfo[],
  numbers: Iterable<number | bigint>,
): readonly SectorOnChainInfo[] {
  const wanted = new Set(numbers)
  return sectors.filter(({ sectorNumber }) => wanted.has(sectorNumber))
}

/** The power of 32 GiB sectors. */
export function powerOfAll(sectors: Iterable<SectorOnChainInfo>): PowerPair {
  return powerForSectors(SECTOR_BYTES, sectors)
}

/** The members of a small set. */
export function membersOf(field: BitField): readonly (number | bigint)[] {
  return [...bitsOf(field)]
}

/** The numbers of all sectors that leave a partition at each epoch of its queue, the on-time ones first. */
export function leavingByEpoch(
  store: Blockstore,
  { expirationsEpochs }: Draft<Partition>,
): Readonly<Record<number, readonly (number | bigint)[]>> {
  const queue = minerLayout(18).partitionExpirations.load(store, expirationsEpochs)
  return Object.fromEntries(
    [...queue.entries()].map(([epoch, { onTimeSectors, earlySectors }]) => [
      epoch,
      [...membersOf(onTimeSectors), ...membersOf(earlySectors)],
    ]),
  )
}

/** The members of a set of all partitions of a deadline together. */
export function membersTogether(
  store: Blockstore,
  { partitions }: Draft<Deadline>,
  set: 'sectors' | 'faults' | 'recoveries' | 'terminated' | 'unproven',
): readonly (number | bigint)[] {
  return [...Partitions.load(store, partitions).entries()].flatMap(([, partition]) =>
    membersOf(partition[set]),
  )
}

/** The state of a miner without sectors whose first proving period begins at `epoch`, to be changed. */
export function emptyMinerState(store: Blockstore, epoch = 0): Draft<MinerState> {
  const { head } = buildMiner(store, { id: actorId(1000) }, 0)
  const { state } = loadMiner(store, minerLayout(18), head)
  return draftOf({ ...state, provingPeriodStart: epoch })
}

/** What the invariants say of a partition on {@link PARTITION_QUANT} whose miner has these sectors. */
export function partitionFindings(
  store: Blockstore,
  partition: Draft<Partition>,
  sectors: readonly SectorOnChainInfo[],
): readonly Finding[] {
  const findings = createFindings()
  checkPartition(valueOfDraft(partition), contextOf(store, sectors), findings)
  return findings.list
}

/** The same of a deadline. */
export function deadlineFindings(
  store: Blockstore,
  deadline: Draft<Deadline>,
  sectors: readonly SectorOnChainInfo[],
): readonly Finding[] {
  const findings = createFindings()
  checkDeadline(valueOfDraft(deadline), contextOf(store, sectors), findings)
  return findings.list
}

/** The same of the whole state of a miner that has so much. */
export function minerFindings(
  store: Blockstore,
  state: Draft<MinerState>,
  balance: AttoFil,
): readonly Finding[] {
  const findings = createFindings()
  const miner = { store, layout: minerLayout(18), state: valueOfDraft(state) }
  checkMinerInvariants(MAINNET_POLICY, 18, miner, balance, findings)
  return findings.list
}

function contextOf(store: Blockstore, sectors: readonly SectorOnChainInfo[]) {
  return {
    miner: minerOf(store),
    quant: PARTITION_QUANT,
    terms: PARTITION_TERMS,
    sectors: sectorSet(new Map(sectors.map((sector) => [sector.sectorNumber, sector]))),
  }
}

/** The invariants of a partition ask its miner for no more than the store and the layout, so that one will do. */
const MINERS = new WeakMap<Blockstore, Miner>()

function minerOf(store: Blockstore): Miner {
  const miner = MINERS.get(store) ?? { store, layout: minerLayout(18), state: emptyMinerState(store) }
  MINERS.set(store, miner)
  return miner
}
