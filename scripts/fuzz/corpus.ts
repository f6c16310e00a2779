import { BUILTIN_ACTORS, type IpldBlock, type MethodNum } from '@plimsoll/actors'
import type { ActorName, Address } from '@plimsoll/primitives'
import type { CallTrace, Vm } from '@plimsoll/vm'

/** Parameters that a method was called with, by a message or by another actor. */
export interface SeenCall {
  readonly actor: ActorName
  readonly method: MethodNum
  readonly from: Address
  readonly to: Address
  readonly params: IpldBlock | null
}

/** How many calls of a method are remembered; a new one replaces an old one. */
const PER_METHOD = 12

/**
 * Calls as they were made, of every method that was ever called at any depth: what mutations begin with. A class,
 * because it lives as long as its world.
 */
export class Corpus {
  readonly #seen = new Map<string, SeenCall[]>()
  #added = 0

  add(vm: Vm, trace: CallTrace): void {
    const code = vm.findActor(trace.to)?.code
    const actor = code === undefined ? undefined : vm.host.codes.nameOf(code)
    if (actor !== undefined && BUILTIN_ACTORS[actor]?.methods.has(trace.method)) {
      this.#remember({ actor, method: trace.method, from: trace.from, to: trace.to, params: trace.params })
    }
    for (const call of trace.calls) {
      this.add(vm, call)
    }
  }

  /** The methods that were called, each by a name and a number. */
  methods(): readonly string[] {
    return [...this.#seen.keys()]
  }

  callsOf(method: string): readonly SeenCall[] {
    return this.#seen.get(method) ?? []
  }

  #remember(call: SeenCall): void {
    const key = `${call.actor}.${call.method}`
    const calls = this.#seen.get(key)
    this.#added++
    if (calls === undefined) {
      this.#seen.set(key, [call])
    } else if (calls.length < PER_METHOD) {
      calls.push(call)
    } else if (this.#added % 8 === 0) {
      calls[(this.#added >> 3) % PER_METHOD] = call
    }
  }
}
