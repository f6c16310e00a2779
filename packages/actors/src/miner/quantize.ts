import type { ChainEpoch } from '@plimsoll/primitives'

/**
 * A grid of epochs: `offset` and everything a multiple of `unit` away from it.
 *
 * Source: builtin-actors v18, `actors/miner/src/quantize.rs`.
 */
export interface QuantSpec {
  readonly unit: number
  readonly offset: ChainEpoch
}

export const NO_QUANTIZATION: QuantSpec = { unit: 1, offset: 0 }

/**
 * The first epoch of the grid from `epoch` on.
 *
 * Source: the same file, `quantize_up`. Its division truncates toward zero, which for epochs before the offset
 * rounds up already.
 */
export function quantizeUp({ unit, offset: seed }: QuantSpec, epoch: ChainEpoch): ChainEpoch {
  const offset = seed % unit
  const quotient = Math.trunc((epoch - offset) / unit)
  const isOnGrid = (epoch - offset) % unit === 0
  return unit * (isOnGrid || epoch < offset ? quotient : quotient + 1) + offset
}

/** The last epoch of the grid up to `epoch`. Source: the same file, `quantize_down`. */
export function quantizeDown(quant: QuantSpec, epoch: ChainEpoch): ChainEpoch {
  const next = quantizeUp(quant, epoch)
  return next === epoch ? next : next - quant.unit
}
