import {
  type Address,
  AddressProtocol,
  addressBytes,
  type ChainEpoch,
  ExitCode,
  protocolOf,
} from '@plimsoll/primitives'
import { ActorError, withExitCode } from '../runtime/actor-error.ts'
import { idOfAddress } from '../runtime/id-of-address.ts'
import type { Runtime, SendResult } from '../runtime/runtime.ts'
import { deserialize, serialize } from '../runtime/send.ts'
import {
  type PieceActivationManifest,
  SECTOR_CONTENT_CHANGED_METHOD,
  SectorContentChangedParams,
  SectorContentChangedReturn,
} from './method-types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/notifications.rs`. */

/** A sector that got data, and whom to tell. */
export interface ActivationNotification {
  readonly sectorNumber: bigint
  readonly sectorExpiration: ChainEpoch
  readonly pieces: readonly PieceActivationManifest[]
}

/**
 * Tells everyone whom a piece names what was put where: one call each, in the order of their addresses.
 *
 * Source: `notify_data_consumers`.
 *
 * @throws {ActorError} `ERR_NOTIFICATION_…` when success is required and one cannot be told or does not accept.
 */
export function notifyDataConsumers(
  rt: Runtime,
  activations: readonly ActivationNotification[],
  requireSuccess: boolean,
): void {
  for (const [notifee, changes] of changesByNotifee(activations)) {
    const params = serialize(SectorContentChangedParams, changes)
    const result = rt.send(notifee, SECTOR_CONTENT_CHANGED_METHOD, params, 0n)
    if (requireSuccess) {
      requireAccepted(notifee, changes, readResponse(result))
    }
  }
}

type SectorChanges = SectorContentChangedParams[number]
type PieceChange = SectorChanges['added'][number]

function changesByNotifee(
  activations: readonly ActivationNotification[],
): readonly (readonly [Address, SectorContentChangedParams])[] {
  const expirations = new Map(activations.map((a) => [a.sectorNumber, a.sectorExpiration]))
  const notifees = new Map<Address, Map<bigint, PieceChange[]>>()
  for (const { sectorNumber, pieces } of activations) {
    for (const { cid, size, notify } of pieces) {
      for (const { address, payload } of notify) {
        const sectors = notifees.get(address) ?? new Map<bigint, PieceChange[]>()
        notifees.set(address, sectors)
        const added = sectors.get(sectorNumber) ?? []
        sectors.set(sectorNumber, added)
        added.push({ data: cid, size, payload })
      }
    }
  }
  return [...notifees]
    .sort(([a], [b]) => compareAddresses(a, b))
    .map(([notifee, sectors]) => {
      const bySector = [...sectors].sort(([a], [b]) => (a < b ? -1 : 1))
      return [
        notifee,
        bySector.map(([sector, added]) => ({
          sector,
          minimumCommitmentEpoch: expirations.get(sector) as ChainEpoch,
          added,
        })),
      ]
    })
}

/** The order of addresses: by protocol, ids as numbers, the rest as bytes; delegated ones by namespace and length first. Source: ref-fvm `shared/src/address/payload.rs`, `Ord`. */
function compareAddresses(a: Address, b: Address): number {
  const [protocolA, protocolB] = [protocolOf(a), protocolOf(b)]
  if (protocolA !== protocolB) {
    return protocolA - protocolB
  }
  if (protocolA === AddressProtocol.Id || protocolA === AddressProtocol.Delegated) {
    const [idA, idB] = [idOfAddress(a), idOfAddress(b)]
    if (idA !== idB) {
      return idA < idB ? -1 : 1
    }
  }
  const [bytesA, bytesB] = [addressBytes(a), addressBytes(b)]
  return bytesA.length - bytesB.length || compareBytes(bytesA, bytesB)
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i])
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number)
}

/** Source: `send_notification`. */
function readResponse(result: SendResult): SectorContentChangedReturn {
  if ('errorNumber' in result) {
    throw new ActorError(ExitCode.ERR_NOTIFICATION_SEND_FAILED, `send error ${result.errorNumber}`)
  }
  if (result.exitCode !== ExitCode.OK) {
    throw new ActorError(
      ExitCode.ERR_NOTIFICATION_RECEIVER_ABORTED,
      `receiver aborted with ${result.exitCode}`,
    )
  }
  const { returnData } = result
  return withExitCode(ExitCode.ERR_NOTIFICATION_RESPONSE_INVALID, () =>
    deserialize(SectorContentChangedReturn, returnData),
  )
}

/** Source: `validate_notification_response`. */
function requireAccepted(
  notifee: Address,
  request: SectorContentChangedParams,
  response: SectorContentChangedReturn,
): void {
  requireValid(response.length === request.length, 'the response is about other sectors')
  for (const [i, { sector, added }] of request.entries()) {
    const answers = response[i] ?? []
    requireValid(answers.length === added.length, `the response is about other pieces of sector ${sector}`)
    if (answers.includes(false)) {
      throw new ActorError(
        ExitCode.ERR_NOTIFICATION_REJECTED,
        `a change of sector ${sector} was rejected by ${notifee}`,
      )
    }
  }
}

function requireValid(condition: boolean, reason: string): void {
  if (!condition) {
    throw new ActorError(ExitCode.ERR_NOTIFICATION_RESPONSE_INVALID, reason)
  }
}
