import { encodeCbor } from '@plimsoll/ipld'
import { INIT_ACTOR_ADDR } from '@plimsoll/primitives'
import { EXEC_METHOD, ExecParams, ExecReturn } from '../../init/types.ts'
import { MinerConstructorParams } from '../../miner/method-types.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { deserialize, sendAndReturn, serialize } from '../../runtime/send.ts'
import { consensusMinerMinPower, loadClaims, setClaim } from '../claims.ts'
import { PowerState } from '../state.ts'
import type { CreateMinerParams, CreateMinerReturn } from '../types.ts'

/**
 * Method 2, `CreateMiner`: makes a miner that owns what was sent along, and gives it a claim of no power.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `create_miner`.
 *
 * @throws {ActorError} with whatever the init actor or the miner's constructor ends with.
 */
export function createMiner(rt: Runtime, params: CreateMinerParams): CreateMinerReturn {
  rt.validateImmediateCallerAcceptAny()
  const constructorParams = encodeCbor(MinerConstructorParams, {
    owner: params.owner,
    worker: params.worker,
    controlAddresses: [],
    windowPostProofType: params.windowPostProofType,
    peerId: params.peer,
    multiAddresses: params.multiaddrs,
  })
  const codeCid = rt.getCodeCidForType('storageminer')
  const execParams = serialize(ExecParams, { codeCid, constructorParams })
  const created = deserialize(
    ExecReturn,
    sendAndReturn(rt, INIT_ACTOR_ADDR, EXEC_METHOD, execParams, rt.message.valueReceived),
  )
  // The miner's constructor has refused every proof type that there is not.
  const windowPostProofType = Number(params.windowPostProofType)
  rt.transaction(PowerState, (state) => {
    const claims = loadClaims(rt.store, state)
    setClaim(claims, created.idAddress, { windowPostProofType, rawBytePower: 0n, qualityAdjPower: 0n })
    state.minerCount++
    if (consensusMinerMinPower(rt.policy, windowPostProofType) <= 0n) {
      state.minerAboveMinPowerCount++
    }
    state.claims = claims.flush()
  })
  return created
}
