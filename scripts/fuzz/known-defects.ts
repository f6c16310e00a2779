import { minerLayout, NEWEST_ACTORS_VERSION } from '@plimsoll/actors'
import { hasBit } from '@plimsoll/ipld'
import { deadlinesOf, methodNumber, partitionsOf, sectorsOf } from '@plimsoll/testkit'
import type { Message } from '@plimsoll/vm'
import type { World } from './world.ts'

const DISPUTE_WINDOWED_POST = methodNumber('storageminer', 'DisputeWindowedPoSt')
const { sectors: Sectors } = minerLayout(NEWEST_ACTORS_VERSION)

/**
 * Whether a message may dispute a proof of sectors that were updated or extended since.
 *
 * A dispute that holds marks them faulty by their power at the time of the proof, while the partition counts the one
 * of today: its sums are wrong from then on, in the reference as here, and no rule over them can be kept.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `dispute_windowed_post`, which gives `record_faults` the
 * sectors of the snapshot.
 */
export function isDisputeOfChangedSectors({ network, miners }: World, { to, method }: Message): boolean {
  if (method !== DISPUTE_WINDOWED_POST || !miners.some(({ id }) => id === to)) {
    return false
  }
  const today = sectorsOf(network, to)
  return deadlinesOf(network, to).some((deadline) => {
    const own = partitionsOf(network, deadline).map((partition) => partition.sectors)
    return [...Sectors.load(network.vm.store, deadline.sectorsSnapshot).entries()].some(([number, then]) => {
      const now = own.some((sectors) => hasBit(sectors, number)) ? today.get(number) : undefined
      return (
        now !== undefined &&
        (now.powerBaseEpoch !== then.powerBaseEpoch || now.verifiedDealWeight !== then.verifiedDealWeight)
      )
    })
  })
}
