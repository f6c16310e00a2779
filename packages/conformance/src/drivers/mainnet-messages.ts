import { gunzipSync } from 'node:zlib'
import { ActorRecord, ActorRecordV4, Actors, ActorsV4, type ActorsVersion, StateRoot } from '@plimsoll/actors'
import {
  addressKey,
  type Blockstore,
  type Cid,
  decodeCbor,
  diffHamt,
  formatCid,
  type HamtChange,
  linkTo,
  load,
  MissingBlockError,
  save,
} from '@plimsoll/ipld'
import { findActorCode } from '@plimsoll/primitives'
import type { Driver } from '../driver.ts'
import { allOf, attempt, expectEqual, type NamedOutcome, type Outcome } from '../outcome.ts'
import { reencodeBlocks } from '../states/blocks.ts'
import { type LoadedCar, parseCar } from '../states/open-state.ts'
import { overlayBlockstore } from '../states/overlay.ts'
import { reencodeActor } from '../states/re-encode.ts'
import { readJson } from '../vector-file.ts'

/** A CID as DAG-JSON writes it. */
interface DagJsonLink {
  readonly '/': string
}

interface MessageVector {
  readonly class: string
  /** A gzipped CAR in base64: the blocks that the message touched. */
  readonly car: string
  readonly preconditions: { readonly state_tree: { readonly root_cid: DagJsonLink } }
  readonly postconditions: { readonly state_tree: { readonly root_cid: DagJsonLink } }
}

/**
 * Real messages with the state before and after, as far as it was touched. Until messages are executed, this
 * checks that every block is read and written as the network did, and that the changed actors put into the
 * state before give the state after.
 */
export const mainnetMessages: Driver = {
  family: 'mainnet',
  handles: ({ name }) => /^ext-\d+-fil_\d+_.*\.json$/.test(name),
  *run({ path }, { hashes }): Generator<NamedOutcome> {
    const vector = readJson<MessageVector>(path)
    const car = parseCar(gunzipSync(Buffer.from(vector.car, 'base64')), hashes)
    const [before, after] = car.roots
    yield ['blocks', reencodeBlocks(car)]
    yield [
      'roots',
      expectEqual(rootsOf(vector), [before, after].map((root) => root && formatCid(root)).join(' ')),
    ]
    if (before !== undefined && after !== undefined) {
      yield ['state tree', attempt(() => rewriteStateTree(car, before, after))]
      yield ['actor states', attempt(() => reencodeChanged(car, before, after))]
    }
  },
}

function rootsOf({ preconditions, postconditions }: MessageVector): string {
  return `${preconditions.state_tree.root_cid['/']} ${postconditions.state_tree.root_cid['/']}`
}

/** Puts the actors that changed into the state before; the root must be that of the state after. */
function rewriteStateTree(car: LoadedCar, before: Cid, after: Cid): Outcome {
  const store = overlayBlockstore(car.store)
  const [old, expected] = [load(store, StateRoot, linkTo(before)), load(store, StateRoot, linkTo(after))]
  const [type, codec] =
    old.version === 4 ? ([ActorsV4, ActorRecordV4] as const) : ([Actors, ActorRecord] as const)
  const actors = type.load(store, old.actors)
  for (const { key, after: record } of diffHamt(store, old.actors.cid, expected.actors.cid, type.bitWidth)) {
    const address = addressKey.fromBytes(key)
    if (record === undefined) {
      actors.delete(address)
    } else {
      actors.set(address, decodeCbor(codec, record))
    }
  }
  return expectEqual(
    formatCid(after),
    formatCid(save(store, StateRoot, { ...old, actors: actors.flush() }).cid),
  )
}

/** Decodes the states of the changed actors, before and after, as far as their blocks are there. */
function reencodeChanged(car: LoadedCar, before: Cid, after: Cid): Outcome {
  const { store } = car
  const [old, now] = [load(store, StateRoot, linkTo(before)), load(store, StateRoot, linkTo(after))]
  const codec = old.version === 4 ? ActorRecordV4 : ActorRecord
  const changes = diffHamt(store, old.actors.cid, now.actors.cid, Actors.bitWidth)
  return allOf(
    changes.flatMap((change) => recordsOf(change).map((record) => reencodeRecord(store, codec, record))),
  )
}

function recordsOf({ before, after }: HamtChange): readonly Uint8Array[] {
  return [before, after].filter((record) => record !== undefined)
}

function reencodeRecord(store: Blockstore, codec: typeof ActorRecordV4, encoded: Uint8Array): Outcome {
  const record = decodeCbor(codec, encoded)
  const code = findActorCode(formatCid(record.code))
  if (code?.actorsVersion === undefined) {
    return { status: 'passed' }
  }
  try {
    const outcome = reencodeActor(store, code.actorsVersion as ActorsVersion, code.name, record)
    return outcome.status === 'skipped' ? { status: 'passed' } : outcome
  } catch (error) {
    // Only touched blocks are in these files, so a state ends where the message did not look.
    if (error instanceof MissingBlockError) {
      return { status: 'passed' }
    }
    throw error
  }
}
