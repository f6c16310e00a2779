import {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  type DurationMultiplier,
  dailyProofFee,
  initialPledgeForPower,
  LOCK_TARGET_FACTOR_NUM,
  loadDeadlines,
  loadInfo,
  loadMiner,
  loadSectorsByNumber,
  MAINNET_POLICY,
  type Miner,
  minerLayout,
  Partitions,
  type PledgeInputs,
  pledgePenaltyForTermination,
  qaPowerOfTerm,
  rewardForPower,
  rewardProjection,
  type SectorOnChainInfo,
} from '@plimsoll/actors'
import { hasBit, subtractBitFields, unionOfBitFields } from '@plimsoll/ipld'
import type { ActorId, AttoFil, StoragePower } from '@plimsoll/primitives'
import { requireMiner } from '../assess/find-miners.ts'
import type { NetworkView } from '../assess/network-view.ts'

/** Sums over the sectors of a miner, as they are or as they would be. Amounts in attoFIL, power in bytes. */
export interface RatedSums {
  readonly qaPower: StoragePower
  /** For the same sectors committed now; null where the circulating supply was not given. */
  readonly pledgeToday: AttoFil | null
  readonly dailyFee: AttoFil | null
  /** A day of continued faults of all sectors. */
  readonly faultFee: AttoFil
  /** With the pledge that the sectors have, so that only the power makes a difference. */
  readonly terminationFee: AttoFil
}

/** A miner's sectors as they are, and as if each had been committed under a multiplier. */
export interface ReRating {
  readonly miner: ActorId
  readonly sectors: number
  readonly asIs: RatedSums
  readonly reRated: RatedSums
}

/**
 * Rates every sector of a miner anew as if a multiplier had always held. A table of arithmetic: nothing is executed,
 * and no sector on the network would change like this.
 */
export function reRate(
  view: NetworkView,
  id: ActorId,
  multiplier: DurationMultiplier,
  circulatingSupply: AttoFil | undefined,
): ReRating {
  const { record } = requireMiner(view, id)
  const miner = loadMiner(view.tree.store, minerLayout(view.version), record.head)
  const { sectorSize } = loadInfo(miner)
  const sectors = liveSectors(miner)
  const always = { ...multiplier, fromEpoch: 0 }
  const rate = (terms: DurationMultiplier | null) =>
    sumsOf(
      view,
      sectors,
      (sector) => qaPowerOfTerm({ sectorSize, multiplier: terms }, sector),
      circulatingSupply === undefined ? undefined : pledgeInputs(view, circulatingSupply, terms),
    )
  return { miner: id, sectors: sectors.length, asIs: rate(null), reRated: rate(always) }
}

/** What is neither expired nor terminated; the array of sectors keeps others until their partition is compacted. */
function liveSectors(miner: Miner): readonly SectorOnChainInfo[] {
  const { store } = miner
  const live = loadDeadlines(miner).flatMap(({ partitions }) =>
    [...Partitions.load(store, partitions).entries()].map(([, partition]) =>
      subtractBitFields(partition.sectors, partition.terminated),
    ),
  )
  const numbers = unionOfBitFields(live)
  return [...loadSectorsByNumber(miner).values()].filter(({ sectorNumber }) => hasBit(numbers, sectorNumber))
}

function sumsOf(
  view: NetworkView,
  sectors: readonly SectorOnChainInfo[],
  powerOf: (sector: SectorOnChainInfo) => StoragePower,
  pledge: PledgeInputs | undefined,
): RatedSums {
  const { estimates, assessedEpoch } = view
  const faultFees = rewardProjection(estimates, CONTINUED_FAULT_PROJECTION_PERIOD)
  let [qaPower, pledgeToday, dailyFee, faultFee, terminationFee] = [0n, 0n, 0n, 0n, 0n]
  for (const sector of sectors) {
    const power = powerOf(sector)
    const fee = rewardForPower(faultFees, power)
    qaPower += power
    faultFee += fee
    terminationFee += pledgePenaltyForTermination(
      sector.initialPledge,
      assessedEpoch - sector.activation,
      fee,
    )
    if (pledge !== undefined) {
      pledgeToday += initialPledgeForPower(power, estimates, pledge)
      dailyFee += dailyProofFee(MAINNET_POLICY, pledge.circulatingSupply, power)
    }
  }
  return {
    qaPower,
    pledgeToday: pledge === undefined ? null : pledgeToday,
    dailyFee: pledge === undefined ? null : dailyFee,
    faultFee,
    terminationFee,
  }
}

function pledgeInputs(
  { network, assessedEpoch }: NetworkView,
  circulatingSupply: AttoFil,
  multiplier: DurationMultiplier | null,
): PledgeInputs {
  const { reward, power } = network
  // Before v16 there is no ramp; a state that executes has one.
  const ramp = 'rampStartEpoch' in power ? power : { rampStartEpoch: 0, rampDurationEpochs: 0n }
  return {
    baselinePower: reward.thisEpochBaselinePower,
    circulatingSupply,
    epochsSinceRampStart: assessedEpoch - ramp.rampStartEpoch,
    rampDurationEpochs: Number(ramp.rampDurationEpochs),
    lockTargetFactorNum: multiplier?.lockTargetNum ?? LOCK_TARGET_FACTOR_NUM,
  }
}
