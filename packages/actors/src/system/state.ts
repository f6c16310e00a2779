import { cid, type Link, link, list, text, tuple, type ValueOf } from '@plimsoll/ipld'

/** The registry of the built-in actors: their names and code. */
export const BuiltinActors = list(tuple('BuiltinActor', { name: text, code: cid }))
export type BuiltinActors = ValueOf<typeof BuiltinActors>

/** The state of the system actor. CBOR tuple. Source: builtin-actors v18, `actors/system/src/lib.rs`, `State`. */
export const SystemState = tuple('SystemState', { builtinActors: link<BuiltinActors>() })
export type SystemState = { readonly builtinActors: Link<BuiltinActors> }
