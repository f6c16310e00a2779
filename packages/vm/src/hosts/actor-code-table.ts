import { StateError } from '@plimsoll/actors'
import type { Cid } from '@plimsoll/ipld'
import type { ActorName } from '@plimsoll/primitives'
import type { ActorCodeTable } from '../host.ts'

/** A table of the code that each actor has; actors that are left out are none in that network. */
export function actorCodeTable(codes: Readonly<Partial<Record<ActorName, Cid>>>): ActorCodeTable {
  const names = new Map(Object.entries(codes).map(([name, code]) => [code, name as ActorName]))
  return {
    codeOf: (name) => {
      const code = codes[name]
      if (code === undefined) {
        throw new StateError('UNKNOWN_ACTOR_CODE', `this network has no code for the actor ${name}`, { name })
      }
      return code
    },
    nameOf: (code) => names.get(code),
  }
}
