import { encodeCbor, hasBit } from '@plimsoll/ipld'
import { type Address, type AttoFil, EPOCHS_IN_DAY, type StoragePower } from '@plimsoll/primitives'
import { MAX_SECTOR_NUMBER } from '../../policy.ts'
import { requireFound, requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { loadPartition } from '../deadline-state/partitions.ts'
import { findSector, loadDeadline } from '../deadlines.ts'
import {
  type GenerateSectorLocationReturn,
  type GetBeneficiaryReturn,
  type GetControlAddressesReturn,
  type GetMultiaddrsReturn,
  type GetOwnerReturn,
  type GetPeerIdReturn,
  type GetVestingFundsReturn,
  type MaxTerminationFeeParams,
  NO_PLACE,
  SectorLocation,
  type SectorNumberParams,
  SectorStatusCode,
} from '../method-types.ts'
import {
  pledgePenaltyForContinuedFault,
  pledgePenaltyForTermination,
  TERMINATION_LIFETIME_CAP,
} from '../monies.ts'
import { getSector, loadSectorsArray } from '../sectors.ts'
import { requestEstimates } from '../sends.ts'
import { loadDeadlinesDraft } from '../state/assign-sectors.ts'
import { getAvailableBalance as availableBalanceOf } from '../state/funds.ts'
import { controllersOf, getInfo } from '../state/info.ts'
import { type MinerInfo, MinerState } from '../state.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { loadVestingTable, VestingTail } from '../vesting-state.ts'

/** What anybody may ask. Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/** Method 2, `ControlAddresses`. Source: `control_addresses`. */
export function controlAddresses(rt: Runtime): GetControlAddressesReturn {
  const { owner, worker, controlAddresses: addresses } = anyoneReadsInfo(rt)
  return { owner, worker, controlAddresses: addresses }
}

/** Method 31, `GetBeneficiary`. Source: `get_beneficiary`. */
export function getBeneficiary(rt: Runtime): GetBeneficiaryReturn {
  const { beneficiary, beneficiaryTerm, pendingBeneficiaryTerm } = anyoneReadsInfo(rt)
  return { active: { beneficiary, term: beneficiaryTerm }, proposed: pendingBeneficiaryTerm }
}

/** `GetOwner`. Source: `get_owner`. */
export function getOwner(rt: Runtime): GetOwnerReturn {
  const { owner, pendingOwnerAddress } = anyoneReadsInfo(rt)
  return { owner, proposed: pendingOwnerAddress }
}

/** `IsControllingAddress`; no for an address of nobody. Source: `is_controlling_address`. */
export function isControllingAddress(rt: Runtime, address: Address): boolean {
  rt.validateImmediateCallerAcceptAny()
  const resolved = rt.resolveAddress(address)
  return resolved !== undefined && controllersOf(getInfo(rt.store, rt.state(MinerState))).includes(resolved)
}

/** `GetSectorSize`, bytes. Source: `get_sector_size`. */
export function getSectorSize(rt: Runtime): bigint {
  return BigInt(anyoneReadsInfo(rt).sectorSize)
}

/** `GetAvailableBalance`; negative where the debt is larger than the funds. Source: `get_available_balance`. @throws {ActorError} `USR_ILLEGAL_STATE` */
export function getAvailableBalance(rt: Runtime): AttoFil {
  return availableBalanceOf(anyoneReads(rt), rt.currentBalance())
}

/** `GetVestingFunds`. Source: `get_vesting_funds`. */
export function getVestingFunds(rt: Runtime): GetVestingFundsReturn {
  return { vestingFunds: loadVestingTable(rt.store, VestingTail, anyoneReads(rt).vestingFunds) }
}

/** `GetPeerID`. Source: `get_peer_id`. */
export function getPeerId(rt: Runtime): GetPeerIdReturn {
  return { peerId: anyoneReadsInfo(rt).peerId }
}

/** `GetMultiaddrs`. Source: `get_multiaddresses`. */
export function getMultiaddrs(rt: Runtime): GetMultiaddrsReturn {
  return { multiAddrs: anyoneReadsInfo(rt).multiAddress }
}

/** `InitialPledge`. Source: `initial_pledge`. */
export function initialPledge(rt: Runtime): AttoFil {
  return anyoneReads(rt).initialPledge
}

/** `MaxTerminationFee`: for power and pledge of full age. Source: `max_termination_fee`. */
export function maxTerminationFee(rt: Runtime, params: MaxTerminationFeeParams): AttoFil {
  rt.validateImmediateCallerAcceptAny()
  const power: StoragePower = params.power
  const faultFee = pledgePenaltyForContinuedFault(requestEstimates(rt), power)
  const fullAge = TERMINATION_LIFETIME_CAP * EPOCHS_IN_DAY
  return pledgePenaltyForTermination(params.initialPledge, fullAge, faultFee)
}

/**
 * Method 13, `CheckSectorProven`: nothing where the sector is stored, terminated or not.
 *
 * Source: `check_sector_proven`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a number out of range; `USR_NOT_FOUND`
 */
export function checkSectorProven(rt: Runtime, { sectorNumber }: SectorNumberParams): void {
  rt.validateImmediateCallerAcceptAny()
  requireParam(sectorNumber <= MAX_SECTOR_NUMBER, 'the sector number is out of range')
  requireFound(
    findSectorInfo(rt, rt.state(MinerState), sectorNumber),
    () => `sector ${sectorNumber} not proven`,
  )
}

/** `GetNominalSectorExpiration`. Source: `get_nominal_sector_expiration`. @throws {ActorError} `USR_NOT_FOUND` */
export function getNominalSectorExpiration(rt: Runtime, sectorNumber: bigint): number {
  const sector = findSectorInfo(rt, anyoneReads(rt), sectorNumber)
  return requireFound(sector, () => `sector ${sectorNumber} not found`).expiration
}

/** `GenerateSectorLocation` (FIP-0112): how a sector stands, and where. Source: `generate_sector_location`. */
export function generateSectorLocation(
  rt: Runtime,
  { sectorNumber }: SectorNumberParams,
): GenerateSectorLocationReturn {
  const state = anyoneReads(rt)
  if (findSectorInfo(rt, state, sectorNumber) === undefined) {
    return location(SectorStatusCode.DEAD, { deadline: NO_PLACE, partition: NO_PLACE })
  }
  const deadlines = loadDeadlinesDraft(rt.store, state)
  const place = findSector(rt.store, deadlines, sectorNumber)
  const deadline = loadDeadline(rt.store, deadlines, place.deadline)
  const { terminated, faults } = loadPartition(rt.store, deadline, place.partition)
  const status = hasBit(terminated, sectorNumber)
    ? SectorStatusCode.DEAD
    : hasBit(faults, sectorNumber)
      ? SectorStatusCode.FAULTY
      : SectorStatusCode.ACTIVE
  return location(status, { deadline: BigInt(place.deadline), partition: BigInt(place.partition) })
}

function location(status: number, place: SectorLocation): GenerateSectorLocationReturn {
  return { status, auxData: encodeCbor(SectorLocation, place) }
}

/** The sector, or undefined. */
function findSectorInfo(rt: Runtime, state: MinerState, number: bigint): SectorOnChainInfo | undefined {
  return getSector(loadSectorsArray(rt.store, state), number)
}

function anyoneReads(rt: Runtime): MinerState {
  rt.validateImmediateCallerAcceptAny()
  return rt.state(MinerState)
}

function anyoneReadsInfo(rt: Runtime): MinerInfo {
  return getInfo(rt.store, anyoneReads(rt))
}
