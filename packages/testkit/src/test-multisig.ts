import { BUILTIN_ACTORS, METHOD_CONSTRUCTOR, METHOD_SEND, MultisigState, PendingTxns } from '@plimsoll/actors'
import {
  type ActorId,
  type Address,
  type AttoFil,
  addressFromBytes,
  assert,
  type Hashes,
  INIT_ACTOR_ADDR,
  idAddress,
} from '@plimsoll/primitives'
import { TestRuntime } from './test-runtime.ts'

export const MULTISIG = idAddress(100 as ActorId)
/** Four accounts, the first three of which are signers unless a plan says otherwise. */
export const ANNE = idAddress(101 as ActorId)
export const BOB = idAddress(102 as ActorId)
export const CHUCK = idAddress(103 as ActorId)
export const DARLENE = idAddress(104 as ActorId)

/** The keys of the accounts, in the same order. */
export const [ANNE_KEY, BOB_KEY, CHUCK_KEY, DARLENE_KEY] = [1, 2, 3, 4].map((digit) =>
  addressFromBytes(new Uint8Array(21).fill(digit).fill(1, 0, 1)),
) as [Address, Address, Address, Address]

export interface MultisigPlan {
  readonly signers?: readonly Address[]
  readonly numApprovalsThreshold?: bigint
  readonly unlockDuration?: bigint
  readonly startEpoch?: bigint
  /** attoFIL that the constructor receives, and the multisig has. */
  readonly value?: AttoFil
}

/** A proposal as parameters; what is not given is a transfer of nothing to Chuck. */
export interface Proposal {
  readonly to?: Address
  readonly value?: AttoFil
  readonly method?: number | bigint
  readonly params?: Uint8Array
}

/** A multisig of Anne, Bob and Chuck, of whom two have to approve, before it is constructed. */
export class TestMultisig {
  readonly rt: TestRuntime

  constructor(hashes: Hashes) {
    this.rt = new TestRuntime(hashes, MULTISIG, 'multisig')
    this.rt.actors.set(INIT_ACTOR_ADDR, { type: 'init' })
    const accounts = [
      [ANNE, ANNE_KEY],
      [BOB, BOB_KEY],
      [CHUCK, CHUCK_KEY],
      [DARLENE, DARLENE_KEY],
    ] as const
    for (const [account, key] of accounts) {
      this.rt.actors.set(account, { type: 'account' })
      this.rt.idAddresses.set(key, account)
    }
  }

  construct(plan: MultisigPlan = {}): this {
    const { value = 0n, ...rest } = plan
    this.rt.valueReceived = value
    this.rt.balance = value
    this.call(INIT_ACTOR_ADDR, METHOD_CONSTRUCTOR, {
      ...{ signers: [ANNE, BOB, CHUCK], numApprovalsThreshold: 2n, unlockDuration: 0n, startEpoch: 0n },
      ...rest,
    })
    this.rt.valueReceived = 0n
    return this
  }

  call(caller: Address, method: number, params?: unknown): unknown {
    const actor = BUILTIN_ACTORS.multisig
    assert(actor !== undefined, 'there is a multisig actor')
    this.rt.caller = caller
    return this.rt.call(actor, method, params)
  }

  propose(caller: Address, proposal: Proposal = {}): unknown {
    return this.call(caller, 2, { ...this.#plain(), ...proposal })
  }

  approve(caller: Address, id: bigint, proposalHash: Uint8Array = new Uint8Array()): unknown {
    return this.call(caller, 3, { id, proposalHash })
  }

  cancel(caller: Address, id: bigint, proposalHash: Uint8Array = new Uint8Array()): unknown {
    return this.call(caller, 4, { id, proposalHash })
  }

  expectTransfer(to: Address, value: AttoFil): void {
    this.rt.expectSend({ to, method: METHOD_SEND, value })
  }

  get state(): MultisigState {
    return this.rt.state(MultisigState)
  }

  /** Who has approved what is pending, by number. */
  get approvals(): ReadonlyMap<bigint, readonly Address[]> {
    const pending = PendingTxns.load(this.rt.store, this.state.pendingTxs)
    return new Map([...pending.entries()].map(([id, { approved }]) => [id, approved]))
  }

  #plain(): Required<Proposal> {
    return { to: CHUCK, value: 0n, method: METHOD_SEND, params: new Uint8Array() }
  }
}
