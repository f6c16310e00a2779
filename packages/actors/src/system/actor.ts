import { type ActorCode, method } from '../runtime/dispatch.ts'
import { systemConstructor } from './methods/constructor.ts'

/** The methods of the system actor. Source: builtin-actors v18, `actors/system/src/lib.rs`. */
export const SYSTEM_ACTOR: ActorCode = {
  name: 'system',
  methods: new Map([[1, method('Constructor', {}, systemConstructor)]]),
}
