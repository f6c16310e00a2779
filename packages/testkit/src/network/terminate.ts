import { serialize, TerminateSectorsParams } from '@plimsoll/actors'
import type { TestMiner } from './create-miner.ts'
import { declarationsOf } from './declare.ts'
import { type Call, execute } from './send.ts'
import type { TestNetwork } from './test-network.ts'

export function terminateCall(network: TestNetwork, miner: TestMiner, numbers: readonly number[]): Call {
  const params = serialize(TerminateSectorsParams, declarationsOf(network, miner, numbers))
  return { from: miner.worker.id, to: miner.id, actor: 'storageminer', method: 'TerminateSectors', params }
}

/** Ends sectors before their time, none of whose deadlines may be open or next. */
export function terminate(network: TestNetwork, miner: TestMiner, numbers: readonly number[]): void {
  execute(network, terminateCall(network, miner, numbers))
}
