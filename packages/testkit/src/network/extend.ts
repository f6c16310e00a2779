import { type ExpirationExtension2, ExtendSectorExpiration2Params, serialize } from '@plimsoll/actors'
import { bitFieldOf } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { TestMiner } from './create-miner.ts'
import { bySectorPlace } from './miner-view.ts'
import { type Call, execute } from './send.ts'
import type { TestNetwork } from './test-network.ts'

/** Sectors that are to live longer, with all claims of each; claims are kept. */
export interface ExtensionPlan {
  readonly sectorNumbers: readonly number[]
  readonly expiration: ChainEpoch
  readonly claims?: ReadonlyMap<number, readonly bigint[]>
}

export function extendCall(
  network: TestNetwork,
  { id, worker }: TestMiner,
  { sectorNumbers, expiration, claims = new Map() }: ExtensionPlan,
): Call {
  const extensions = bySectorPlace(network, id, sectorNumbers).map(
    ({ deadline, partition, sectors }): ExpirationExtension2 => ({
      deadline: BigInt(deadline),
      partition: BigInt(partition),
      sectors: bitFieldOf(sectors.filter((number) => !claims.has(number))),
      sectorsWithClaims: sectors
        .filter((number) => claims.has(number))
        .map((number) => ({
          sectorNumber: BigInt(number),
          maintainClaims: claims.get(number) ?? [],
          dropClaims: [],
        })),
      newExpiration: BigInt(expiration),
    }),
  )
  const params = serialize(ExtendSectorExpiration2Params, { extensions })
  return { from: worker.id, to: id, actor: 'storageminer', method: 'ExtendSectorExpiration2', params }
}

/** Lets sectors live longer. */
export function extend(network: TestNetwork, miner: TestMiner, plan: ExtensionPlan): void {
  execute(network, extendCall(network, miner, plan))
}
