import type { FilterEstimate, NetworkEstimates } from '@plimsoll/actors'

/** Estimates moved on by their own velocities for so many epochs. */
export function extrapolated({ reward, qaPower }: NetworkEstimates, epochs: number): NetworkEstimates {
  return { reward: moved(reward, epochs), qaPower: moved(qaPower, epochs) }
}

function moved({ position, velocity }: FilterEstimate, epochs: number): FilterEstimate {
  return { position: position + velocity * BigInt(epochs), velocity }
}
