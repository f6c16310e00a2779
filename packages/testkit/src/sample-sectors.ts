import { type SectorOnChainInfo, SIMPLE_QA_POWER } from '@plimsoll/actors'
import { type Cid, Multicodec, Multihash, makeCid } from '@plimsoll/ipld'
import { EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { type RandomSource, randomSource } from './random.ts'

/** What the sample is made by; the same options give the same sectors. */
export interface SampleOptions {
  readonly count: number
  readonly seed?: number
  /** The epoch by which all sectors are active. */
  readonly epoch?: number
}

const SECTOR_BYTES = 32 * 2 ** 30
const LIFETIME_EPOCHS = 540 * EPOCHS_IN_DAY
const MEAN_BATCH = 24

/**
 * Sectors as a large provider has them: committed in batches at one epoch and price, half without deals, four
 * in ten wholly verified, one in ten partly; one in ten with data that came later. Sector numbers have no gaps.
 */
export function* sampleSectors({
  count,
  seed = 1,
  epoch = 6_000_000,
}: SampleOptions): Generator<SectorOnChainInfo> {
  const random = randomSource(seed)
  let left = 0
  let batch = createBatch(random, epoch)
  for (let sectorNumber = 0; sectorNumber < count; sectorNumber++) {
    if (left === 0) {
      left = 1 + random.below(2 * MEAN_BATCH - 1)
      batch = createBatch(random, epoch)
    }
    left--
    yield sampleSector(random, sectorNumber, batch)
  }
}

interface Batch {
  readonly activation: number
  readonly expiration: number
  /** AttoFIL for a sector of plain quality. */
  readonly pledge: bigint
  readonly hasRecordedRewards: boolean
}

function createBatch(random: RandomSource, epoch: number): Batch {
  const activation = epoch - 1 - random.below(LIFETIME_EPOCHS - EPOCHS_IN_DAY)
  return {
    activation,
    expiration: activation + LIFETIME_EPOCHS,
    pledge: 130_000_000_000_000_000n + BigInt(random.below(2 ** 32)) * 9_000_000n,
    hasRecordedRewards: random.below(2) === 0,
  }
}

function sampleSector(random: RandomSource, sectorNumber: number, batch: Batch): SectorOnChainInfo {
  const { activation, expiration, pledge, hasRecordedRewards } = batch
  const spacetime = BigInt(SECTOR_BYTES) * BigInt(expiration - activation)
  const kind = random.below(10)
  const verifiedShare = kind < 5 ? 0n : kind < 9 ? 1024n : BigInt(random.below(1024))
  const verifiedDealWeight = (spacetime * verifiedShare) >> 10n
  const initialPledge = pledge + ((9n * pledge * verifiedShare) >> 10n)
  return {
    sectorNumber,
    sealProof: 8,
    sealedCid: sealedCid(random.bytes(32)),
    deprecatedDealIds: [],
    activation,
    expiration,
    dealWeight: 0n,
    verifiedDealWeight,
    initialPledge,
    expectedDayReward: hasRecordedRewards ? initialPledge >> 8n : null,
    expectedStoragePledge: hasRecordedRewards ? initialPledge >> 3n : null,
    powerBaseEpoch: activation,
    replacedDayReward: hasRecordedRewards ? 0n : null,
    sectorKeyCid: random.below(10) === 0 ? sealedCid(random.bytes(32)) : null,
    flags: SIMPLE_QA_POWER,
    dailyFee: initialPledge >> 14n,
  }
}

/** A replica commitment. Source: multiformats `table.csv`, `fil-commitment-sealed`. */
export function sealedCid(digest: Uint8Array): Cid {
  return makeCid(Multicodec.FIL_COMMITMENT_SEALED, Multihash.POSEIDON_BLS12_381_A1_FC1, digest)
}
