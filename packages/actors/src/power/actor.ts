import { attoFil, storagePower, u64 } from '@plimsoll/ipld'
import { type ActorCode, method } from '../runtime/dispatch.ts'
import { powerConstructor } from './methods/constructor.ts'
import { createMiner } from './methods/create-miner.ts'
import { enrollCronEvent } from './methods/enroll-cron-event.ts'
import {
  currentTotalPower,
  minerConsensusCount,
  minerCount,
  minerPower,
  minerRawPower,
  networkRawPower,
} from './methods/getters.ts'
import { onEpochTickEnd } from './methods/on-epoch-tick-end.ts'
import { updateClaimedPower } from './methods/update-claimed-power.ts'
import { updatePledgeTotal } from './methods/update-pledge-total.ts'
import {
  CREATE_MINER_METHOD,
  CreateMinerParams,
  CreateMinerReturn,
  CURRENT_TOTAL_POWER_METHOD,
  CurrentTotalPowerReturn,
  ENROLL_CRON_EVENT_METHOD,
  EnrollCronEventParams,
  MinerCountReturn,
  MinerPowerReturn,
  MinerRawPowerReturn,
  UPDATE_CLAIMED_POWER_METHOD,
  UPDATE_PLEDGE_TOTAL_METHOD,
  UpdateClaimedPowerParams,
} from './types.ts'

const createMinerSignature = { params: CreateMinerParams, returns: CreateMinerReturn }
const countSignature = { returns: MinerCountReturn }

/** The methods of the power actor. Source: builtin-actors v18, `actors/power/src/lib.rs`, `Method`. */
export const POWER_ACTOR: ActorCode = {
  name: 'storagepower',
  methods: new Map([
    [1, method('Constructor', {}, powerConstructor)],
    [CREATE_MINER_METHOD, method('CreateMiner', createMinerSignature, createMiner)],
    [
      UPDATE_CLAIMED_POWER_METHOD,
      method('UpdateClaimedPower', { params: UpdateClaimedPowerParams }, updateClaimedPower),
    ],
    [ENROLL_CRON_EVENT_METHOD, method('EnrollCronEvent', { params: EnrollCronEventParams }, enrollCronEvent)],
    [5, method('OnEpochTickEnd', {}, onEpochTickEnd)],
    [UPDATE_PLEDGE_TOTAL_METHOD, method('UpdatePledgeTotal', { params: attoFil }, updatePledgeTotal)],
    [
      CURRENT_TOTAL_POWER_METHOD,
      method('CurrentTotalPower', { returns: CurrentTotalPowerReturn }, currentTotalPower),
    ],
    [1173380165, method('CreateMinerExported', createMinerSignature, createMiner)],
    [931722534, method('NetworkRawPowerExported', { returns: storagePower }, networkRawPower)],
    [
      3753401894,
      method('MinerRawPowerExported', { params: u64, returns: MinerRawPowerReturn }, minerRawPower),
    ],
    [1987646258, method('MinerCountExported', countSignature, minerCount)],
    [196739875, method('MinerConsensusCountExported', countSignature, minerConsensusCount)],
    [36284446, method('MinerPowerExported', { params: u64, returns: MinerPowerReturn }, minerPower)],
  ]),
}
