import { type Cid, cid, nullable, u64, uint } from '@plimsoll/ipld'
import { type ActorEvent, type EventEntry, eventType, field, indexed } from '../runtime/events.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/emit.rs`. */

/** A piece of data in a sector; its padded size in bytes. */
interface Piece {
  readonly cid: Cid
  readonly size: bigint
}

/** Source: `sector_precommitted`. */
export function emitSectorPreCommitted(rt: Runtime, sector: number | bigint): void {
  rt.emitEvent(sectorEvent(PRE_COMMITTED, sector))
}

/** Source: `sector_terminated`. */
export function emitSectorTerminated(rt: Runtime, sector: number): void {
  rt.emitEvent(sectorEvent(TERMINATED, sector))
}

/** `unsealedCid` is null for a sector of zeros. Source: `sector_activated`. */
export function emitSectorActivated(
  rt: Runtime,
  sector: number | bigint,
  unsealedCid: Cid | null,
  pieces: readonly Piece[],
): void {
  rt.emitEvent([...sectorEvent(ACTIVATED, sector), ...dataEntries(unsealedCid, pieces)])
}

/** Source: `sector_updated`. */
export function emitSectorUpdated(
  rt: Runtime,
  sector: number | bigint,
  unsealedCid: Cid | null,
  pieces: readonly Piece[],
): void {
  rt.emitEvent([...sectorEvent(UPDATED, sector), ...dataEntries(unsealedCid, pieces)])
}

function sectorEvent(type: EventEntry, sector: number | bigint): ActorEvent {
  return [type, typeof sector === 'number' ? indexed('sector', uint, sector) : indexed('sector', u64, sector)]
}

const PRE_COMMITTED = eventType('sector-precommitted')
const ACTIVATED = eventType('sector-activated')
const UPDATED = eventType('sector-updated')
const TERMINATED = eventType('sector-terminated')

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
