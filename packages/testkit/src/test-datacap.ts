import {
  BUILTIN_ACTORS,
  DatacapState,
  FRC46_TOKEN_TYPE,
  Frc46TokenReceived,
  METHOD_CONSTRUCTOR,
  MINT_METHOD,
  type SendResult,
  UNIVERSAL_RECEIVER_HOOK_METHOD,
  UniversalReceiverParams,
} from '@plimsoll/actors'
import { encodeCbor } from '@plimsoll/ipld'
import {
  type Address,
  assert,
  DATACAP_ACTOR_ADDR,
  type Hashes,
  idAddress,
  SYSTEM_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { cborBlock, SENT, TestRuntime } from './test-runtime.ts'

/** Accounts, by id. */
export const [ALICE_ID, BORIS_ID, CARLA_ID] = [101n, 102n, 103n]
/** Who may mint and destroy. */
export const GOVERNOR_ID = 6n

/** What a receiver will be told, and how it answers: well and with nothing unless told otherwise. */
export interface ExpectedHook {
  readonly from: bigint
  readonly to: bigint
  readonly operator: bigint
  readonly amount: bigint
  readonly operatorData?: Uint8Array
  readonly result?: SendResult
  readonly meanwhile?: () => void
}

/** A token of which nobody has anything, three accounts, and the registry as its governor. */
export class TestDatacap {
  readonly rt: TestRuntime

  constructor(hashes: Hashes) {
    this.rt = new TestRuntime(hashes, DATACAP_ACTOR_ADDR, 'datacap')
    this.rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
    this.rt.actors.set(VERIFIED_REGISTRY_ACTOR_ADDR, { type: 'verifiedregistry' })
    for (const account of [ALICE_ID, BORIS_ID, CARLA_ID]) {
      this.rt.actors.set(idAddress(account), { type: 'account' })
    }
    this.call(SYSTEM_ACTOR_ADDR, METHOD_CONSTRUCTOR, VERIFIED_REGISTRY_ACTOR_ADDR)
  }

  call(caller: Address, method: number, params?: unknown): unknown {
    const actor = BUILTIN_ACTORS.datacap
    assert(actor !== undefined, 'there is a datacap actor')
    this.rt.caller = caller
    return this.rt.call(actor, method, params)
  }

  callAs(caller: bigint, method: number, params?: unknown): unknown {
    return this.call(idAddress(caller), method, params)
  }

  /** Makes tokens for an actor, as the registry does. */
  mint(to: bigint, amount: bigint, operators: readonly bigint[] = []): unknown {
    this.expectHook({ from: 7n, to, operator: GOVERNOR_ID, amount })
    const params = { to: idAddress(to), amount, operators: operators.map((id) => idAddress(id)) }
    return this.callAs(GOVERNOR_ID, MINT_METHOD, params)
  }

  expectHook({ result = SENT, meanwhile, operatorData = new Uint8Array(), ...rest }: ExpectedHook): void {
    const payload = encodeCbor(Frc46TokenReceived, { ...rest, operatorData, tokenData: new Uint8Array() })
    this.rt.expectSend({
      to: idAddress(rest.to),
      method: UNIVERSAL_RECEIVER_HOOK_METHOD,
      params: cborBlock(UniversalReceiverParams, { type: FRC46_TOKEN_TYPE, payload }),
      result,
      ...(meanwhile !== undefined && { meanwhile }),
    })
  }

  get state(): DatacapState {
    return this.rt.state(DatacapState)
  }

  get supply(): bigint {
    return this.state.token.supply
  }

  balance(owner: bigint): unknown {
    return this.callAs(CARLA_ID, 3261979605, idAddress(owner))
  }

  allowance(owner: bigint, operator: bigint): unknown {
    const params = { owner: idAddress(owner), operator: idAddress(operator) }
    return this.callAs(CARLA_ID, 4205072950, params)
  }
}
