import { DeclareFaultsParams, DeclareFaultsRecoveredParams, serialize } from '@plimsoll/actors'
import { bitFieldOf } from '@plimsoll/ipld'
import type { TestMiner } from './create-miner.ts'
import { bySectorPlace } from './miner-view.ts'
import { type Call, execute } from './send.ts'
import type { TestNetwork } from './test-network.ts'

/** Sectors as messages name them: by their deadlines and partitions. */
export function declarationsOf(network: TestNetwork, { id }: TestMiner, numbers: readonly number[]) {
  return bySectorPlace(network, id, numbers).map(({ deadline, partition, sectors }) => ({
    deadline: BigInt(deadline),
    partition: BigInt(partition),
    sectors: bitFieldOf(sectors),
  }))
}

export function declareFaultsCall(network: TestNetwork, miner: TestMiner, numbers: readonly number[]): Call {
  const params = serialize(DeclareFaultsParams, declarationsOf(network, miner, numbers))
  return { from: miner.worker.id, to: miner.id, actor: 'storageminer', method: 'DeclareFaults', params }
}

/** Declares sectors faulty, none of whose deadlines may be open or about to open. */
export function declareFaults(network: TestNetwork, miner: TestMiner, numbers: readonly number[]): void {
  execute(network, declareFaultsCall(network, miner, numbers))
}

export function declareRecoveriesCall(
  network: TestNetwork,
  miner: TestMiner,
  numbers: readonly number[],
): Call {
  const params = serialize(DeclareFaultsRecoveredParams, declarationsOf(network, miner, numbers))
  return {
    from: miner.worker.id,
    to: miner.id,
    actor: 'storageminer',
    method: 'DeclareFaultsRecovered',
    params,
  }
}

/** Promises to prove faulty sectors at their next deadline. */
export function declareRecoveries(network: TestNetwork, miner: TestMiner, numbers: readonly number[]): void {
  execute(network, declareRecoveriesCall(network, miner, numbers))
}
