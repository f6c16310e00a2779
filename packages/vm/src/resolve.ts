import {
  AccountState,
  type ActorRecord,
  AddressMap,
  InitState,
  METHOD_CONSTRUCTOR,
  StateError,
  serialize,
} from '@plimsoll/actors'
import { address, type Link, load, save } from '@plimsoll/ipld'
import {
  type ActorName,
  type Address,
  AddressProtocol,
  actorId,
  assert,
  delegatedNamespaceOf,
  ExitCode,
  formatIdAddress,
  INIT_ACTOR_ADDR,
  idAddress,
  protocolOf,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { emptyArrayLink } from './empty-state.ts'
import type { CallTrace } from './message.ts'
import type { CallRequest, MessageContext } from './message-context.ts'

/** An actor that has to be there, since something was made with it already. */
export function findActor({ actors }: Pick<MessageContext, 'actors'>, actor: Address): ActorRecord {
  const record = actors.find(actor)
  if (record === undefined) {
    const id = formatIdAddress(actor)
    throw new StateError('ACTOR_NOT_FOUND', `there is no actor ${id} in this state`, { id })
  }
  return record
}

/** The ID address of an address by the init actor's table; an ID address is its own answer. */
export function resolveAddress(
  context: Pick<MessageContext, 'actors' | 'store'>,
  target: Address,
): Address | undefined {
  if (protocolOf(target) === AddressProtocol.Id) {
    return target
  }
  const { addressMap } = loadInit(context)
  const id = AddressMap.load(context.store, addressMap).get(target)
  return id === undefined ? undefined : idAddress(actorId(id))
}

/** The receiver of a call, or why there is none. */
export type Resolution = { readonly receiver: Address } | { readonly refusal: 'noReceiver' | 'readOnly' }

/**
 * The receiver of a call. An address of a key that has no actor yet gets an account, and a delegated one of an
 * existing manager a placeholder, unless the call may only read.
 *
 * Source: ref-fvm `fvm/src/call_manager/default.rs`, `create_actor_from_send`.
 */
export function resolveOrCreate(
  context: MessageContext,
  { to, isReadOnly }: CallRequest,
  calls: CallTrace[],
): Resolution {
  const resolved = resolveAddress(context, to)
  if (resolved !== undefined && context.actors.find(resolved) !== undefined) {
    return { receiver: resolved }
  }
  const create = creatorOf(context, to, calls)
  if (create === undefined) {
    return { refusal: 'noReceiver' }
  }
  return isReadOnly ? { refusal: 'readOnly' } : { receiver: create() }
}

/** How an actor of that address is made, where sending to it is enough to make one. */
function creatorOf(context: MessageContext, to: Address, calls: CallTrace[]): (() => Address) | undefined {
  switch (protocolOf(to)) {
    case AddressProtocol.Secp256k1:
    case AddressProtocol.Bls:
      return () => createAccount(context, to, calls)
    case AddressProtocol.Delegated: {
      const manager = delegatedNamespaceOf(to)
      const hasManager = manager !== undefined && context.actors.find(manager) !== undefined
      return hasManager ? () => createPlaceholder(context, to) : undefined
    }
    default:
      return undefined
  }
}

/** The account and what its constructor, called by the system, makes of it. Source: builtin-actors v18, `actors/account/src/lib.rs`, `constructor`. */
function createAccount(context: MessageContext, key: Address, calls: CallTrace[]): Address {
  const actor = assignId(context, key)
  const head = save(context.store, AccountState, { address: key })
  context.actors.set(actor, { ...newActor(context, 'account'), head })
  calls.push({
    from: SYSTEM_ACTOR_ADDR,
    to: actor,
    value: 0n,
    method: METHOD_CONSTRUCTOR,
    params: serialize(address, key),
    exitCode: ExitCode.OK,
    returnData: null,
    events: [],
    calls: [],
  })
  return actor
}

function createPlaceholder(context: MessageContext, delegatedAddress: Address): Address {
  const actor = assignId(context, delegatedAddress)
  context.actors.set(actor, { ...newActor(context, 'placeholder'), delegatedAddress })
  return actor
}

function newActor(context: MessageContext, name: ActorName): ActorRecord {
  const head: Link<unknown> = emptyArrayLink(context.store)
  return { code: context.host.codes.codeOf(name), head, sequence: 0n, balance: 0n, delegatedAddress: null }
}

/** Source: builtin-actors v18, `actors/init/src/state.rs`, `map_addresses_to_id`. */
function assignId(context: MessageContext, target: Address): Address {
  const init = loadInit(context)
  const addressMap = AddressMap.load(context.store, init.addressMap)
  assert(!addressMap.has(target), 'an address that resolves to an id has an actor')
  const id = actorId(init.nextId)
  addressMap.set(target, id)
  const head = save(context.store, InitState, { ...init, nextId: id + 1, addressMap: addressMap.flush() })
  context.actors.set(INIT_ACTOR_ADDR, { ...findActor(context, INIT_ACTOR_ADDR), head })
  return idAddress(id)
}

function loadInit(context: Pick<MessageContext, 'actors' | 'store'>): InitState {
  return load(context.store, InitState, findActor(context, INIT_ACTOR_ADDR).head as Link<InitState>)
}
