import { type ActorId, type AttoFil, type ChainEpoch, divFloor, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import type { Ratio } from '../power-table/ratio.ts'
import { type DrawnValue, VALUE_DECIMALS } from './drawn-value.ts'
import { tieToFactor } from './draws/common-factor.ts'
import { quantileOf } from './draws/distribution.ts'
import { uniformOf } from './draws/generator.ts'
import type { Normal } from './draws/normal.ts'
import type { Shock } from './stress-file.ts'

/** What draws depend on beside the shock. */
export interface Draw {
  readonly seed: number
  /** From 0. */
  readonly index: number
  readonly normal: Normal
}

/** What a shock does to the network: factors, and the price of a pFIL in FIL. */
export interface NetworkShock {
  readonly power: Ratio
  readonly reward: Ratio
  readonly estimates: 'follow' | 'jump'
  readonly price: Ratio
}

/** What a shock does to one miner. */
export interface MinerShock {
  /** Of its live sectors. */
  readonly faultyShare: Ratio
  readonly faultEpochs: ChainEpoch
  readonly faultyUnit: 'sectors' | 'partitions' | 'deadlines'
  readonly consensusFault: boolean
  /** AttoFIL. */
  readonly feeDebt: AttoFil
}

const SCALE = 10n ** BigInt(VALUE_DECIMALS)
const NO_FAULTS = { faultyShare: { num: 0n, denom: SCALE }, faultEpochs: 0, faultyUnit: 'sectors' } as const
const NOT_MET: MinerShock = { ...NO_FAULTS, consensusFault: false, feeDebt: 0n }

/** The values of a draw that are the network's: one each. */
export function drawNetwork(shock: Shock, draw: Draw): NetworkShock {
  const { network, price } = shock
  const ratio = (name: string, value: DrawnValue | undefined): Ratio => ({
    num: value === undefined ? SCALE : drawValue(shock, draw, value, [name]),
    denom: SCALE,
  })
  return {
    power: ratio('power', network?.power),
    reward: ratio('reward', network?.reward),
    estimates: network?.estimates ?? 'follow',
    price: ratio('price', price),
  }
}

/** The values of a draw that are a miner's: each has its own, and only the common factor ties them. */
export function drawMiner(shock: Shock, draw: Draw, miner: ActorId): MinerShock {
  const { faults, consensusFault, feeDebt } = shock
  if (shock.miners?.includes(miner) === false) {
    return NOT_MET
  }
  const drawn = (name: string, value: DrawnValue) => drawValue(shock, draw, value, [name, miner])
  return {
    ...(faults === undefined
      ? NO_FAULTS
      : {
          faultyShare: { num: drawn('share', faults.share), denom: SCALE },
          faultEpochs: Number(divFloor(drawn('days', faults.days) * BigInt(EPOCHS_IN_DAY), SCALE)),
          faultyUnit: faults.of,
        }),
    consensusFault:
      consensusFault !== undefined &&
      comesToPass(drawn('chance', consensusFault.chance), uniformFor(shock, draw, ['fault', miner])),
    feeDebt: feeDebt === undefined ? 0n : drawn('feeDebt', feeDebt),
  }
}

/** What has the chance of 1 always comes to pass, and what has that of 0 never. */
function comesToPass(chance: bigint, uniform: bigint): boolean {
  return uniform * SCALE < chance << 64n
}

function drawValue(shock: Shock, draw: Draw, value: DrawnValue, key: readonly (string | number)[]): bigint {
  if (value.kind === 'fixed') {
    return value.value
  }
  const { distribution, correlation } = value
  const factor = uniformFor(shock, draw, ['factor'])
  const tied = tieToFactor(draw.normal, correlation, factor, uniformFor(shock, draw, key))
  return quantileOf(distribution, tied, draw.normal)
}

/** Another shock of the same file draws its own numbers, wherever it stands. */
function uniformFor(shock: Shock, { seed, index }: Draw, key: readonly (string | number)[]): bigint {
  return uniformOf(seed, [shock.name, index, ...key])
}
