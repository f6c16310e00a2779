import { CodecError, decodeLooseCbor, hasBit } from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { ActorError, requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { loadPartition } from '../deadline-state/partitions.ts'
import { loadDeadline } from '../deadlines.ts'
import {
  NO_PLACE,
  SectorLocation,
  SectorStatusCode,
  type ValidateSectorStatusParams,
} from '../method-types.ts'
import { getSector, loadSectorsArray } from '../sectors.ts'
import { loadDeadlinesDraft } from '../state/assign-sectors.ts'
import { MinerState } from '../state.ts'

/**
 * `ValidateSectorStatus` (FIP-0112): whether a sector stands as said, looked for only where said.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `validate_sector_status`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a location that is none; `USR_NOT_FOUND` for a sector that is
 * elsewhere.
 */
export function validateSectorStatus(rt: Runtime, params: ValidateSectorStatusParams): boolean {
  const { sectorNumber, status, auxData } = params
  rt.validateImmediateCallerAcceptAny()
  const state = rt.state(MinerState)
  const { deadline: deadlineIndex, partition: partitionIndex } = readLocation(auxData)
  requireParam(
    (deadlineIndex === NO_PLACE) === (partitionIndex === NO_PLACE),
    'deadline and partition must both be given, or neither',
  )
  if (deadlineIndex === NO_PLACE) {
    if (getSector(loadSectorsArray(rt.store, state), sectorNumber) !== undefined) {
      throw new ActorError(ExitCode.USR_NOT_FOUND, `sector ${sectorNumber} is somewhere`)
    }
    return status === SectorStatusCode.DEAD
  }
  const deadlines = loadDeadlinesDraft(rt.store, state)
  const deadline = loadDeadline(rt.store, deadlines, deadlineIndex)
  // As the reference's conversion of a negative number to an unsigned one does.
  const { sectors, terminated, faults } = loadPartition(
    rt.store,
    deadline,
    BigInt.asUintN(64, partitionIndex),
  )
  if (!hasBit(sectors, sectorNumber)) {
    throw new ActorError(ExitCode.USR_NOT_FOUND, `sector ${sectorNumber} is not there`)
  }
  const isTerminated = hasBit(terminated, sectorNumber)
  const isFaulty = hasBit(faults, sectorNumber)
  switch (status) {
    case SectorStatusCode.ACTIVE:
      return !isTerminated && !isFaulty
    case SectorStatusCode.DEAD:
      return isTerminated
    default:
      return isFaulty
  }
}

function readLocation(auxData: Uint8Array): SectorLocation {
  try {
    return decodeLooseCbor(SectorLocation, auxData)
  } catch (error) {
    throw error instanceof CodecError
      ? new ActorError(ExitCode.USR_ILLEGAL_ARGUMENT, `invalid aux data: ${error.message}`)
      : error
  }
}
