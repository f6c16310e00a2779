import {
  type Cid,
  createMemoryBlockstore,
  encodeCbor,
  formatCid,
  type IpldValue,
  ipldValue,
  linkTo,
  Multicodec,
  Multihash,
  makeCid,
  save,
  saveBlock,
} from '@plimsoll/ipld'
import { actorId, createHashes, idAddress } from '@plimsoll/primitives'
import { buildState, OWNER_ID, testCode } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { ActorsV4 } from './actor-record.ts'
import { BlockHeader } from './block-header.ts'
import { StateRoot } from './state-root.ts'
import { loadStateTree, requireActor } from './state-tree.ts'

const hashes = await createHashes()
const store = createMemoryBlockstore(hashes)
const [actors, otherActors] = [999_999, 1_000_000].map((epoch) =>
  buildState(store, { epoch, miners: [] }),
) as [Cid, Cid]
const info = linkTo<never>(stored([]))
const absent = makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, new Uint8Array(32))
const absentText = formatCid(absent)

function stateRoot(version: number, root: Cid = actors): Cid {
  return save(store, StateRoot, { version, actors: linkTo<never>(root), info }).cid
}

/** A header of a tipset with this state; every header has another ticket. */
function header(parentStateRoot: Cid, ticket = 0): Cid {
  const raw = (value: IpldValue) => encodeCbor(ipldValue, value)
  const nothing = raw(null)
  return save(store, BlockHeader, {
    miner: nothing,
    ticket: raw(BigInt(ticket)),
    electionProof: nothing,
    beaconEntries: nothing,
    winPoStProof: nothing,
    parents: [],
    parentWeight: nothing,
    height: 1,
    parentStateRoot: linkTo<never>(parentStateRoot),
    parentMessageReceipts: info.cid,
    messages: info.cid,
    blsAggregate: nothing,
    timestamp: nothing,
    blockSig: nothing,
    forkSignaling: nothing,
    parentBaseFee: nothing,
  }).cid
}

function stored(value: IpldValue): Cid {
  return save(store, ipldValue, value).cid
}

describe('loadStateTree', () => {
  const v5 = stateRoot(5)
  test.each([
    { from: 'the actors themselves', roots: [actors], root: actors },
    { from: 'a state root of version 5', roots: [v5], root: v5 },
    { from: 'the header of a block', roots: [header(v5)], root: v5 },
    { from: 'the headers of a tipset', roots: [header(v5), header(v5, 1), header(v5, 2)], root: v5 },
    { from: 'a header and the state that it names', roots: [header(v5), v5], root: v5 },
    { from: 'the same root twice', roots: [actors, actors], root: actors },
    { from: 'a header over bare actors', roots: [header(actors)], root: actors },
  ])('finds the state from $from', ({ roots, root }) => {
    const tree = loadStateTree(store, roots)
    expect(formatCid(tree.root)).toBe(formatCid(root))
    expect(tree.actors.get(idAddress(OWNER_ID))?.code).toBe(testCode('account'))
  })

  test('reads actors of four fields below a state root of version 4', () => {
    const tree = ActorsV4.empty(store)
    const record = {
      code: testCode('account'),
      head: info,
      sequence: 3n,
      balance: 5n,
      delegatedAddress: null,
    }
    tree.set(idAddress(OWNER_ID), record)
    const root = stateRoot(4, tree.flush().cid)
    expect(requireActor(loadStateTree(store, [root]), OWNER_ID)).toEqual(record)
  })

  test.each([3, 6, 0])('refuses a state root of version %i', (version) => {
    expect(() => loadStateTree(store, [stateRoot(version)])).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_STATE_TREE', data: { version } }),
    )
  })

  test.each([
    { name: 'a header and another state', roots: () => [header(v5), stateRoot(5, otherActors)] },
    { name: 'headers of different tipsets', roots: () => [header(v5), header(stateRoot(5, otherActors))] },
    { name: 'two states', roots: () => [actors, otherActors] },
    { name: 'a state root and its own actors', roots: () => [v5, actors] },
  ])('refuses $name, which disagree', ({ roots }) => {
    expect(() => loadStateTree(store, roots())).toThrow(
      expect.objectContaining({
        code: 'ROOTS_DISAGREE',
        data: { found: expect.objectContaining({ length: 2 }) },
      }),
    )
  })

  test('refuses a file without roots', () => {
    expect(() => loadStateTree(store, [])).toThrow(
      expect.objectContaining({ code: 'ROOTS_DISAGREE', data: { found: [] } }),
    )
  })

  test.each<{ readonly shape: string; readonly value: IpldValue }>([
    { shape: 'a tuple of one', value: [1n] },
    { shape: 'a tuple of four', value: [1n, 2n, 3n, 4n] },
    { shape: 'a tuple of 15', value: Array.from({ length: 15 }, () => 0n) },
    { shape: 'a tuple of 17', value: Array.from({ length: 17 }, () => 0n) },
    { shape: 'an empty tuple', value: [] },
    { shape: 'a number', value: 5n },
    { shape: 'a map', value: new Map([['roots', null]]) },
    { shape: 'bytes', value: Uint8Array.of(0x82) },
  ])('refuses $shape', ({ value }) => {
    const root = stored(value)
    expect(() => loadStateTree(store, [root])).toThrow(
      expect.objectContaining({ code: 'NO_STATE_ROOT', data: { cid: formatCid(root) } }),
    )
    expect(() => loadStateTree(store, [header(root)])).toThrow(
      expect.objectContaining({ code: 'NO_STATE_ROOT', data: { cid: formatCid(root) } }),
    )
  })

  test('refuses a block of no bytes', () => {
    const root = saveBlock(store, new Uint8Array())
    expect(() => loadStateTree(store, [root])).toThrow(expect.objectContaining({ code: 'NO_STATE_ROOT' }))
  })

  test.each([
    { of: 'the root', roots: () => [absent], path: ['root'] },
    { of: 'the state of a header', roots: () => [header(absent)], path: ['state'] },
    { of: 'the actors', roots: () => [stateRoot(5, absent)], path: ['state', 'actors'] },
  ])('says that $of is missing, and where', ({ roots, path }) => {
    expect(() => loadStateTree(store, roots())).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK', data: { cid: absentText }, path }),
    )
  })

  test('says where a malformed block is', () => {
    expect(() => loadStateTree(store, [stored([0n, 0n, 0n])])).toThrow(
      expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE', path: ['state', 'StateRoot', 'actors'] }),
    )
    const fields = Array.from({ length: 16 }, () => null)
    expect(() => loadStateTree(store, [stored(fields)])).toThrow(
      expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE', path: ['root', 'BlockHeader', 'parents'] }),
    )
  })
})

describe('requireActor', () => {
  const tree = loadStateTree(store, [actors])

  test('finds an actor by its id', () => {
    expect(requireActor(tree, actorId(4)).code).toBe(testCode('storagepower'))
  })

  test('refuses an id that no actor has', () => {
    expect(() => requireActor(tree, actorId(101))).toThrow(
      expect.objectContaining({ code: 'ACTOR_NOT_FOUND', data: { id: 101 } }),
    )
  })

  test('says which block is missing, and below which actor', () => {
    // [h'ffffffff', 32 links]: every way into the tree leads to a block that is not there.
    const pointers = Array.from({ length: 32 }, () => ({ link: absent }))
    const root = stored([Uint8Array.of(0xff, 0xff, 0xff, 0xff), pointers])
    expect(() => requireActor(loadStateTree(store, [root]), actorId(101))).toThrow(
      expect.objectContaining({
        code: 'MISSING_BLOCK',
        data: { cid: absentText },
        path: ['actors', 'f0101'],
      }),
    )
  })
})
