import { type Cid, cid, nullable, u64 } from '@plimsoll/ipld'
import { type ActorEvent, eventType, field, indexed } from '../runtime/events.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/emit.rs`. */

/** A piece of data in a sector; its padded size in bytes. */
interface Piece {
  readonly cid: Cid
  readonly size: bigint
}

/** Source: `sector_precommitted`. */
export function emitSectorPreCommitted(rt: Runtime, sector: number | bigint): void {
  rt.emitEvent(sectorEvent('sector-precommitted', sector))
}

/** Source: `sector_terminated`. */
export function emitSectorTerminated(rt: Runtime, sector: number): void {
  rt.emitEvent(sectorEvent('sector-terminated', sector))
}

/** `unsealedCid` is null for a sector of zeros. Source: `sector_activated`. */
export function emitSectorActivated(
  rt: Runtime,
  sector: number | bigint,
  unsealedCid: Cid | null,
  pieces: readonly Piece[],
): void {
  rt.emitEvent([...sectorEvent('sector-activated', sector), ...dataEntries(unsealedCid, pieces)])
}

/** Source: `sector_updated`. */
export function emitSectorUpdated(
  rt: Runtime,
  sector: number | bigint,
  unsealedCid: Cid | null,
  pieces: readonly Piece[],
): void {
  rt.emitEvent([...sectorEvent('sector-updated', sector), ...dataEntries(unsealedCid, pieces)])
}

function sectorEvent(type: string, sector: number | bigint): ActorEvent {
  return [eventType(type), indexed('sector', u64, BigInt(sector))]
}

/** Source: `with_sector_info`. */
function dataEntries(unsealedCid: Cid | null, pieces: readonly Piece[]): ActorEvent {
  return [
    indexed('unsealed-cid', nullable(cid), unsealedCid),
    ...pieces.flatMap((piece) => [
      indexed('piece-cid', cid, piece.cid),
      field('piece-size', u64, piece.size),
    ]),
  ]
}
