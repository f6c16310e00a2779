import { type Cid, canonicalIndex } from '@plimsoll/ipld'
import { type AttoFil, ExitCode, maxBigInt } from '@plimsoll/primitives'
import { requireFunds, withExitCode } from '../runtime/actor-error.ts'
import type { Draft } from '../runtime/draft.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { DataActivation } from './activate-data.ts'
import { putPartition, requirePartition } from './deadline-state/partitions.ts'
import { type Deadlines, Partitions } from './deadline-state.ts'
import { loadDeadline, updateDeadline } from './deadlines.ts'
import { initialPledgeForPower } from './monies.ts'
import { replaceSectors, type SectorDeltas } from './partition-state/add-sectors.ts'
import { dailyProofFee, dailyProofFeeAdjust } from './policy.ts'
import { addPower, type PowerPair, ZERO_POWER } from './power-pair.ts'
import { quantSpecForDeadline } from './quant-specs.ts'
import { type PowerTerms, qaPowerOfTerm } from './sector-power.ts'
import { loadSectorsArray, storeSectors } from './sectors.ts'
import { type NetworkInputs, requestNetworkInputs } from './sends.ts'
import { loadDeadlinesDraft, saveDeadlines } from './state/assign-sectors.ts'
import { addInitialPledge, checkBalanceInvariants, getUnlockedBalance } from './state/funds.ts'
import { powerTermsOf } from './state/info.ts'
import { type MinerInfo, MinerState } from './state.ts'
import { type SectorOnChainInfo, SIMPLE_QA_POWER } from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/** Data that replace those of a sector. */
export interface ActivatedUpdate {
  readonly deadline: number
  readonly partition: bigint
  readonly sector: SectorOnChainInfo
  readonly newSealedCid: Cid
  readonly data: DataActivation
}

/**
 * Puts new data into sectors, whose pledge never falls by it, and locks what is pledged more.
 *
 * Source: `update_replica_states`.
 *
 * @returns what changed of power and pledge.
 * @throws {ActorError} `USR_INSUFFICIENT_FUNDS` for the pledge; `USR_NOT_FOUND` for a partition that there is not;
 * `USR_ILLEGAL_STATE`
 */
export function updateReplicaStates(
  rt: Runtime,
  updates: readonly ActivatedUpdate[],
  info: MinerInfo,
): { readonly power: PowerPair; readonly pledge: AttoFil } {
  const network = requestNetworkInputs(rt)
  const terms = powerTermsOf(rt.policy, info)
  return rt.transaction(MinerState, (state) => {
    const { store } = rt
    const deadlines = loadDeadlinesDraft(store, state)
    const newSectors: SectorOnChainInfo[] = []
    let [power, pledge] = [ZERO_POWER, 0n]
    const indexes = new Set(updates.map(({ deadline }) => deadline))
    for (const index of [...indexes].sort((a, b) => a - b)) {
      const replacements = updates
        .filter(({ deadline }) => deadline === index)
        .map((update) => ({ ...update, newSector: updatedSector(rt, update, network, terms) }))
      const delta = replaceInDeadline(rt, state, deadlines, index, replacements, terms)
      newSectors.push(...replacements.map(({ newSector }) => newSector))
      power = addPower(power, delta.power)
      pledge += delta.pledge
    }
    const sectors = loadSectorsArray(store, state)
    storeSectors(sectors, newSectors)
    state.sectors = sectors.flush()
    saveDeadlines(store, state, deadlines)
    lockPledge(rt, state, pledge)
    return { power, pledge }
  })
}

interface Replacement extends ActivatedUpdate {
  readonly newSector: SectorOnChainInfo
}

function replaceInDeadline(
  { store, policy }: Runtime,
  state: Draft<MinerState>,
  deadlines: Draft<Deadlines>,
  index: number,
  replacements: readonly Replacement[],
  terms: PowerTerms,
): SectorDeltas {
  const deadline = loadDeadline(store, deadlines, index)
  const partitions = Partitions.load(store, deadline.partitions)
  const quant = quantSpecForDeadline(policy, state, index)
  let [power, pledge, dailyFee] = [ZERO_POWER, 0n, 0n]
  for (const { partition: number, sector, newSector } of replacements) {
    const partitionIndex = canonicalIndex(number)
    const partition = requirePartition(partitions, partitionIndex)
    const delta = withExitCode(ExitCode.USR_ILLEGAL_STATE, () =>
      replaceSectors(store, partition, [sector], [newSector], terms, quant),
    )
    putPartition(partitions, partitionIndex, partition)
    power = addPower(power, delta.power)
    pledge += delta.pledge
    dailyFee += delta.dailyFee
  }
  deadline.livePower = addPower(deadline.livePower, power)
  deadline.dailyFee += dailyFee
  deadline.partitions = partitions.flush()
  withExitCode(ExitCode.USR_ILLEGAL_STATE, () => updateDeadline(store, deadlines, index, deadline))
  return { power, pledge, dailyFee }
}

/** @throws {ActorError} `USR_INSUFFICIENT_FUNDS` for a pledge that grows. */
function lockPledge(rt: Runtime, state: Draft<MinerState>, pledge: AttoFil): void {
  const balance = rt.currentBalance()
  if (pledge > 0n) {
    const unlocked = getUnlockedBalance(state, balance)
    requireFunds(
      unlocked >= pledge,
      () => `insufficient funds for initial pledge ${pledge}, available ${unlocked}`,
    )
  }
  addInitialPledge(state, pledge)
  checkBalanceInvariants(state, balance)
}

/** Source: `update_existing_sector_info`. */
function updatedSector(
  { policy, currEpoch }: Runtime,
  { sector, newSealedCid, data }: ActivatedUpdate,
  { estimates, pledge }: NetworkInputs,
  terms: PowerTerms,
): SectorOnChainInfo {
  const duration = BigInt(sector.expiration - currEpoch)
  const term = {
    powerBaseEpoch: currEpoch,
    expiration: sector.expiration,
    verifiedDealWeight: data.verifiedSpace * duration,
  }
  const power = qaPowerOfTerm(terms, term)
  // The reference measures it over what is left of the sector's life; only sectors without data are updated, so that
  // both ways are its size. A multiplier tells them apart, and the fee belongs to the power that the sector had.
  const oldPower = () => qaPowerOfTerm(terms, sector)
  return {
    ...sector,
    ...term,
    flags: sector.flags | SIMPLE_QA_POWER,
    sealedCid: newSealedCid,
    sectorKeyCid: sector.sectorKeyCid ?? sector.sealedCid,
    dealWeight: data.unverifiedSpace * duration,
    expectedDayReward: null,
    replacedDayReward: null,
    expectedStoragePledge: null,
    initialPledge: maxBigInt(sector.initialPledge, initialPledgeForPower(power, estimates, pledge)),
    dailyFee:
      sector.dailyFee === 0n
        ? dailyProofFee(policy, pledge.circulatingSupply, power)
        : dailyProofFeeAdjust(sector.dailyFee, oldPower(), power),
  }
}
