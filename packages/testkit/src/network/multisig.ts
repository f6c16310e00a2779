import {
  ExecParams,
  ExecReturn,
  type IpldBlock,
  type MethodNum,
  MultisigConstructorParams,
  ProposeParams,
  ProposeReturn,
  serialize,
} from '@plimsoll/actors'
import { encodeCbor } from '@plimsoll/ipld'
import { type Address, type AttoFil, ExitCode, INIT_ACTOR_ADDR } from '@plimsoll/primitives'
import { executeFor } from './send.ts'
import type { TestNetwork } from './test-network.ts'

/** How a multisig begins; one approval is enough and nothing is locked unless it says otherwise. */
export interface MultisigTerms {
  readonly threshold?: number
  readonly unlockDuration?: number
  readonly value?: AttoFil
}

/** Makes a multisig and returns its ID address. */
export function createMultisig(
  network: Pick<TestNetwork, 'vm'>,
  from: Address,
  signers: readonly Address[],
  { threshold = 1, unlockDuration = 0, value = 0n }: MultisigTerms = {},
): Address {
  const constructorParams = encodeCbor(MultisigConstructorParams, {
    signers,
    numApprovalsThreshold: BigInt(threshold),
    unlockDuration: BigInt(unlockDuration),
    startEpoch: BigInt(network.vm.epoch),
  })
  const codeCid = network.vm.host.codes.codeOf('multisig')
  const params = serialize(ExecParams, { codeCid, constructorParams })
  const { idAddress } = executeFor(
    network,
    { from, to: INIT_ACTOR_ADDR, actor: 'init', method: 'Exec', params, value },
    ExecReturn,
  )
  return idAddress
}

/** What a multisig is to do. */
export interface ProposedCall {
  readonly to: Address
  readonly method: MethodNum
  readonly params: IpldBlock
  readonly value?: AttoFil
}

/** Proposes a call that one approval is enough for, and that has to succeed. */
export function proposeAndApply(
  network: Pick<TestNetwork, 'vm'>,
  from: Address,
  multisig: Address,
  { to, method, params, value = 0n }: ProposedCall,
): void {
  const { applied, code } = executeFor(
    network,
    {
      from,
      to: multisig,
      actor: 'multisig',
      method: 'Propose',
      params: serialize(ProposeParams, { to, value, method, params: params.data }),
    },
    ProposeReturn,
  )
  if (!applied || code !== ExitCode.OK) {
    throw new Error(applied ? `the proposal ended with ${code}` : 'the proposal waits for approvals')
  }
}
