import { type ActorCode, method } from '../runtime/dispatch.ts'
import { initConstructor } from './methods/constructor.ts'
import { exec } from './methods/exec.ts'
import { exec4 } from './methods/exec4.ts'
import { ConstructorParams, EXEC_METHOD, Exec4Params, ExecParams, ExecReturn } from './types.ts'

/** The methods of the init actor. Source: the same file. */
export const INIT_ACTOR: ActorCode = {
  name: 'init',
  methods: new Map([
    [1, method('Constructor', { params: ConstructorParams }, initConstructor)],
    [EXEC_METHOD, method('Exec', { params: ExecParams, returns: ExecReturn }, exec)],
    [3, method('Exec4', { params: Exec4Params, returns: ExecReturn }, exec4)],
  ]),
}
