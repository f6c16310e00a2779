import { CreateMinerParams, CreateMinerReturn, serialize } from '@plimsoll/actors'
import { type Address, ATTO_FIL_PER_FIL, type AttoFil, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import { createAccount } from './accounts.ts'
import { executeFor } from './send.ts'
import type { TestAccount, TestNetwork } from './test-network.ts'

/** A miner with those who act for it. */
export interface TestMiner {
  /** Its ID address. */
  readonly id: Address
  readonly owner: TestAccount
  readonly worker: TestAccount
}

/** What is different about a miner. */
export interface MinerTerms {
  /** What it gets at once, the deposit included; attoFIL. */
  readonly value?: AttoFil
  readonly owner?: TestAccount
  readonly worker?: TestAccount
  /** The registered window PoSt proof, which is that of 32 GiB sectors unless given. */
  readonly postProof?: number
}

const PLENTY = 100_000n * ATTO_FIL_PER_FIL
const POST_PROOF_32_GIB = 13

/** Makes a miner whose owner, unless given, is a new account and its own worker. */
export function createMiner(network: TestNetwork, terms: MinerTerms = {}): TestMiner {
  const { value = PLENTY, postProof = POST_PROOF_32_GIB } = terms
  const owner = terms.owner ?? createAccount(network)
  const worker = terms.worker ?? owner
  const params = serialize(CreateMinerParams, {
    owner: owner.id,
    worker: worker.id,
    windowPostProofType: BigInt(postProof),
    peer: new TextEncoder().encode('peer'),
    multiaddrs: [new TextEncoder().encode('multiaddr')],
  })
  const { idAddress: id } = executeFor(
    network,
    {
      from: owner.id,
      to: STORAGE_POWER_ACTOR_ADDR,
      actor: 'storagepower',
      method: 'CreateMiner',
      params,
      value,
    },
    CreateMinerReturn,
  )
  network.miners.push(id)
  return { id, owner, worker }
}
