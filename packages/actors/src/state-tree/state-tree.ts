import {
  type Blockstore,
  type Cid,
  cborReader,
  decodeCbor,
  enter,
  formatCid,
  type Hamt,
  type HamtType,
  linkTo,
  MajorType,
  peekMajorType,
  requireBlock,
  within,
} from '@plimsoll/ipld'
import { type ActorId, type Address, formatActorId, idAddress } from '@plimsoll/primitives'
import { StateError } from '../errors.ts'
import { type ActorRecord, Actors, ActorsV4 } from './actor-record.ts'
import { BlockHeader } from './block-header.ts'
import { StateRoot } from './state-root.ts'

/** A network's whole state: its actors by ID address. */
export interface StateTree {
  readonly store: Blockstore
  /** The root that names the state: of a {@link StateRoot}, or of the actors themselves. */
  readonly root: Cid
  readonly actors: Hamt<Address, ActorRecord>
  /** What the actors are wrapped in, or null where the root names the actors themselves. */
  readonly wrapper: StateRoot | null
}

/** The version that stores an actor in four fields, and the one that stores it in five. */
const STATE_TREE_V4 = 4
const STATE_TREE_V5 = 5

/**
 * Loads the state that the roots of a CAR lead to: the actors themselves, a state root of version 4 or 5, or
 * the headers of one tipset, whose state is the one that their parents left.
 *
 * @throws {StateError} `NO_STATE_ROOT`, `ROOTS_DISAGREE`, `UNSUPPORTED_STATE_TREE`
 * @throws {CodecError} when a block is missing or malformed.
 */
export function loadStateTree(store: Blockstore, roots: readonly Cid[]): StateTree {
  const stateRoots = new Set(roots.map((root) => within('root', () => findStateRoot(store, root))))
  const [stateRoot, other] = stateRoots
  if (stateRoot === undefined || other !== undefined) {
    const found = [...stateRoots].map(formatCid)
    throw new StateError('ROOTS_DISAGREE', `the roots lead to ${stateRoots.size} states instead of one`, {
      found,
    })
  }
  return within('state', () => ({ store, root: stateRoot, ...loadActors(store, stateRoot) }))
}

/** @throws {StateError} `ACTOR_NOT_FOUND` */
export function requireActor(tree: StateTree, id: ActorId): ActorRecord {
  const record = within('actors', () => tree.actors.get(idAddress(id)))
  if (record === undefined) {
    throw new StateError('ACTOR_NOT_FOUND', `there is no actor ${formatActorId(id)} in this state`, { id })
  }
  return record
}

/** The kinds of block that a root can name, told apart by their outermost shape. */
type RootKind = 'header' | 'stateRoot' | 'actors'

const HEADER_FIELDS = 16
const STATE_ROOT_FIELDS = 3
const HAMT_NODE_FIELDS = 2

function findStateRoot(store: Blockstore, root: Cid): Cid {
  const block = requireBlock(store, root)
  return rootKind(block, root) === 'header' ? decodeCbor(BlockHeader, block).parentStateRoot.cid : root
}

function loadActors(store: Blockstore, root: Cid): Pick<StateTree, 'actors' | 'wrapper'> {
  const block = requireBlock(store, root)
  if (rootKind(block, root) === 'actors') {
    return { actors: Actors.load(store, linkTo(root)), wrapper: null }
  }
  const wrapper = decodeCbor(StateRoot, block)
  const actors = within('actors', () => actorsType(wrapper.version).load(store, wrapper.actors))
  return { actors, wrapper }
}

function actorsType(version: number): HamtType<Address, ActorRecord> {
  switch (version) {
    case STATE_TREE_V4:
      return ActorsV4
    case STATE_TREE_V5:
      return Actors
    default:
      throw new StateError('UNSUPPORTED_STATE_TREE', `a state tree of version ${version}; 4 and 5 are read`, {
        version,
      })
  }
}

function rootKind(block: Uint8Array, root: Cid): RootKind {
  const reader = cborReader(block)
  if (block.length > 0 && peekMajorType(reader) === MajorType.ARRAY) {
    switch (enter(reader, MajorType.ARRAY)) {
      case HEADER_FIELDS:
        return 'header'
      case STATE_ROOT_FIELDS:
        return 'stateRoot'
      case HAMT_NODE_FIELDS:
        return 'actors'
      default:
    }
  }
  const cid = formatCid(root)
  throw new StateError(
    'NO_STATE_ROOT',
    `${cid} is no state root: neither a header, nor a state, nor its actors`,
    {
      cid,
    },
  )
}
