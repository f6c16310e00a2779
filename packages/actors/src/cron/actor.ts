import { type ActorCode, method } from '../runtime/dispatch.ts'
import { cronConstructor } from './methods/constructor.ts'
import { epochTick } from './methods/epoch-tick.ts'
import { CronState } from './state.ts'
import { EPOCH_TICK_METHOD } from './types.ts'

/** The methods of the cron actor. Source: the same file. */
export const CRON_ACTOR: ActorCode = {
  name: 'cron',
  methods: new Map([
    [1, method('Constructor', { params: CronState }, cronConstructor)],
    [EPOCH_TICK_METHOD, method('EpochTick', {}, epochTick)],
  ]),
}
