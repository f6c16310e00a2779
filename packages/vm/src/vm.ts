import {
  type ActorCode,
  type ActorRecord,
  AWARD_BLOCK_REWARD_METHOD,
  AwardBlockRewardParams,
  BUILTIN_ACTORS,
  EPOCH_TICK_METHOD,
  loadActorState,
  loadStateTree,
  OutOfGas,
  type StateTree,
  serialize,
} from '@plimsoll/actors'
import type { Blockstore, Cid, Codec } from '@plimsoll/ipld'
import {
  type ActorName,
  type Address,
  type ChainEpoch,
  CRON_ACTOR_ADDR,
  ExitCode,
  REWARD_ACTOR_ADDR,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { type ActorChange, ActorTable } from './actor-table.ts'
import { call } from './call.ts'
import type { Host } from './host.ts'
import type { CallTrace, Message, Receipt } from './message.ts'
import type { MessageContext } from './message-context.ts'
import { findActor, resolveAddress } from './resolve.ts'

/** The code of the actors that can be executed, by name. */
export type BuiltinActors = Readonly<Partial<Record<ActorName, ActorCode>>>

/**
 * A machine that executes messages on a state of actors v18.
 *
 * It holds the state in memory; {@link root} says which state that is. Whether blocks are encoded at every change
 * or only where a root is asked for is the store's decision (`writeBackBlockstore`). A class, because it is what
 * lives and changes.
 *
 * @example
 * const vm = openVm(writeBackBlockstore(store), root, host, 6_112_430)
 * const receipt = vm.applyMessage({ from, to, value: 0n, method: 22, params: null })
 */
export class Vm {
  /** The epoch that messages are executed in. It is set by whoever drives the machine. */
  epoch: ChainEpoch
  readonly store: Blockstore
  readonly host: Host
  readonly #actors: ActorTable
  readonly #builtins: BuiltinActors

  /** `builtins` are the actors that can be executed: those of v18, unless a test has others. */
  constructor(
    store: Blockstore,
    actors: ActorTable,
    host: Host,
    epoch: ChainEpoch,
    builtins: BuiltinActors = BUILTIN_ACTORS,
  ) {
    this.store = store
    this.host = host
    this.epoch = epoch
    this.#actors = actors
    this.#builtins = builtins
  }

  /**
   * Executes a message of an account. A failure of an actor is a receipt, and only the sender's sequence is
   * left of it.
   *
   * @throws {MissingBlockError} `MISSING_BLOCK` when the state that the machine was given is incomplete.
   * @throws {StateError} `UNKNOWN_ACTOR_CODE`, `NOT_IMPLEMENTED`
   */
  applyMessage(message: Message): Receipt {
    const sender = this.resolveAddress(message.from)
    const record = sender && this.#actors.find(sender)
    if (sender === undefined || record === undefined || !this.#maySend(record)) {
      return refusedReceipt(message, sender ?? message.from, ExitCode.SYS_SENDER_INVALID)
    }
    const { sequence } = record
    if (message.sequence !== undefined && message.sequence !== sequence) {
      return refusedReceipt(message, sender, ExitCode.SYS_SENDER_STATE_INVALID)
    }
    this.#actors.set(sender, { ...record, sequence: sequence + 1n })
    return this.#execute(message, sender, sequence)
  }

  /** Executes a message of the system itself. @throws as {@link applyMessage} does. */
  applyImplicitMessage(message: Omit<Message, 'from' | 'sequence'>): Receipt {
    const from = SYSTEM_ACTOR_ADDR
    const record = findActor({ actors: this.#actors }, from)
    if (this.host.customs.implicitMessagesAdvanceSequence) {
      this.#actors.set(from, { ...record, sequence: record.sequence + 1n })
    }
    return this.#execute({ ...message, from }, from, record.sequence)
  }

  /** Ends an epoch: cron runs. */
  tick(epoch: ChainEpoch = this.epoch): Receipt {
    this.epoch = epoch
    return this.applyImplicitMessage({
      to: CRON_ACTOR_ADDR,
      value: 0n,
      method: EPOCH_TICK_METHOD,
      params: null,
    })
  }

  /** Ends every epoch from the present one up to and including `epoch`, as a chain does with null rounds. */
  tickThrough(epoch: ChainEpoch): void {
    while (this.epoch <= epoch) {
      this.tick()
      this.epoch++
    }
  }

  /** Pays a block's reward. Amounts in attoFIL. */
  awardBlockReward(params: AwardBlockRewardParams): Receipt {
    return this.applyImplicitMessage({
      to: REWARD_ACTOR_ADDR,
      value: 0n,
      method: AWARD_BLOCK_REWARD_METHOD,
      params: serialize(AwardBlockRewardParams, params),
    })
  }

  /** An actor's record by its ID address, or undefined. */
  findActor(actor: Address): ActorRecord | undefined {
    return this.#actors.find(actor)
  }

  /** An actor's state by its ID address. @throws {StateError} `ACTOR_NOT_FOUND` */
  stateOf<T>(actor: Address, codec: Codec<T>): T {
    return loadActorState(this.store, codec, findActor({ actors: this.#actors }, actor))
  }

  /** The ID address of an address, or undefined. */
  resolveAddress(address: Address): Address | undefined {
    return resolveAddress({ actors: this.#actors, store: this.store }, address)
  }

  /** The root of the state as it is. */
  root(): Cid {
    return this.#actors.root()
  }

  /** The state as it is, for whoever reads all of it; later messages do not show in it. */
  stateTree(): StateTree {
    return this.#actors.stateTree()
  }

  /** A machine on the same state, apart from this one from now on. Costs nothing but what either changes. */
  fork(host: Host = this.host): Vm {
    return new Vm(this.store, this.#actors.fork(), host, this.epoch, this.#builtins)
  }

  #execute(message: Message, origin: Address, sequence: bigint): Receipt {
    const mark = this.#actors.mark()
    const context = this.#context(message.from, origin, sequence)
    const { to, value, method } = message
    const params = this.#paramsOf(message)
    try {
      const { trace, error } = call(context, { from: origin, to, value, method, params, isReadOnly: false })
      const { exitCode, returnData } = trace
      const changes = this.#actors.changes()
      const receipt = { exitCode, returnData, events: context.events, trace, changes }
      return error === undefined ? receipt : { ...receipt, error }
    } catch (error) {
      if (error instanceof OutOfGas) {
        this.#actors.revertTo(mark)
        return refusedReceipt(message, origin, ExitCode.SYS_OUT_OF_GAS, this.#actors.changes())
      }
      // What is no actor's failure is no receipt either: the message has not happened.
      this.#actors.revertTo(0)
      throw error
    } finally {
      this.#actors.commit()
    }
  }

  /** A block of no bytes is none at all where the host says so. */
  #paramsOf({ params }: Message) {
    const isNone = params?.data.length === 0 && !this.host.customs.emptyParamsAreABlock
    return isNone ? null : params
  }

  #maySend({ code }: ActorRecord): boolean {
    return this.host.customs.maySend(this.host.codes.nameOf(code))
  }

  #context(sender: Address, origin: Address, sequence: bigint): MessageContext {
    return {
      store: this.store,
      actors: this.#actors,
      host: this.host,
      primitives: this.host.primitivesAt(this.epoch),
      builtins: this.#builtins,
      epoch: this.epoch,
      origin,
      sender,
      sequence,
      events: [],
      createdActors: 0,
    }
  }
}

/**
 * Opens a machine on a state: a state root of version 5, or the bare HAMT of the actors.
 *
 * @throws {StateError} `NO_STATE_ROOT`, `UNSUPPORTED_STATE_TREE`
 * @throws {CodecError} when a block is missing or malformed.
 */
export function openVm(
  store: Blockstore,
  root: Cid,
  host: Host,
  epoch: ChainEpoch,
  builtins?: BuiltinActors,
): Vm {
  const tree = loadStateTree(store, [root])
  return new Vm(store, new ActorTable(store, tree.actors, tree.wrapper), host, epoch, builtins)
}

function refusedReceipt(
  message: Message,
  from: Address,
  exitCode: number,
  changes: readonly ActorChange[] = [],
): Receipt {
  const { to, value, method, params } = message
  const trace: CallTrace = {
    from,
    to,
    value,
    method,
    params,
    exitCode,
    returnData: null,
    events: [],
    calls: [],
  }
  return { exitCode, returnData: null, events: [], trace, changes }
}
