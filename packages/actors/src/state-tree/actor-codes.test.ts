import {
  type Cid,
  createMemoryBlockstore,
  formatCid,
  linkTo,
  Multicodec,
  Multihash,
  makeCid,
  parseCid,
  save,
} from '@plimsoll/ipld'
import { type ActorName, createHashes, SYSTEM_ACTOR_ID } from '@plimsoll/primitives'
import { buildState, editActor, editRecord, type StateEdit, testCode } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { BuiltinActors, SystemState } from '../system/state.ts'
import { loadActorCodes } from './actor-codes.ts'
import { Actors } from './actor-record.ts'
import { loadStateTree, type StateTree } from './state-tree.ts'

const store = createMemoryBlockstore(await createHashes())
const built = buildState(store, { epoch: 1_000_000, miners: [] })
const absent = linkTo<never>(makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, new Uint8Array(32)))
/** Code that is in no table. */
const unknown = makeCid(Multicodec.RAW, Multihash.BLAKE2B_256, new Uint8Array(32))

/** Source: ChainSafe/forest `build/manifest.json`, code of mainnet and of the calibration network. */
const MAINNET_SYSTEM_V9 = parseCid('bafk2bzaceagvlo2jtahj7dloshrmwfulrd6e2izqev32qm46eumf754weec6c')
const MAINNET_MINER_V10 = parseCid('bafk2bzaced4h7noksockro7glnssz2jnmo2rpzd7dvnmfs4p24zx3h6gtx47s')
const CALIBRATION_SYSTEM_V8 = parseCid('bafk2bzaceaqrkllksxv2jsfgjvmuewx5vbzrammw5mdscod6gkdr3ijih2q64')

const identity = (text: string): Cid =>
  makeCid(Multicodec.RAW, Multihash.IDENTITY, new TextEncoder().encode(text))

function tree(...edits: readonly StateEdit[]): StateTree {
  return loadStateTree(store, [edits.reduce<Cid>((root, edit) => edit(store, root), built)])
}

const withSystemCode = (code: Cid) => editRecord(SYSTEM_ACTOR_ID, (record) => ({ ...record, code }))

const withManifest = (...entries: readonly { readonly name: string; readonly code: Cid }[]) =>
  editActor(SYSTEM_ACTOR_ID, SystemState, () => ({ builtinActors: save(store, BuiltinActors, entries) }))

describe('the version of the actors', () => {
  test.each([
    { from: 'the code of mainnet', code: MAINNET_SYSTEM_V9, given: undefined, version: 9 },
    {
      from: 'the code of the calibration network',
      code: CALIBRATION_SYSTEM_V8,
      given: undefined,
      version: 8,
    },
    { from: 'identity code', code: identity('fil/16/system'), given: undefined, version: 16 },
    { from: 'the oldest identity code', code: identity('fil/8/system'), given: undefined, version: 8 },
    { from: 'test code, the newest', code: identity('fil/test/system'), given: undefined, version: 18 },
    { from: 'the one given, for test code', code: identity('fil/test/system'), given: 12, version: 12 },
    { from: 'the one given, for unknown code', code: unknown, given: 12, version: 12 },
    {
      from: 'identity code that agrees with the one given',
      code: identity('fil/16/system'),
      given: 16,
      version: 16,
    },
    { from: 'mainnet’s code that agrees with the one given', code: MAINNET_SYSTEM_V9, given: 9, version: 9 },
  ])('comes from $from', ({ code, given, version }) => {
    expect(loadActorCodes(tree(withSystemCode(code)), given).version).toBe(version)
  })

  test.each([
    { of: 'identity code', code: identity('fil/7/system'), given: undefined, version: 7 },
    { of: 'identity code', code: identity('fil/19/system'), given: undefined, version: 19 },
    { of: 'test code', code: identity('fil/test/system'), given: 7, version: 7 },
    { of: 'unknown code', code: unknown, given: 19, version: 19 },
    {
      of: 'identity code that agrees with the one given',
      code: identity('fil/7/system'),
      given: 7,
      version: 7,
    },
  ])('is refused where $of is of v$version', ({ code, given, version }) => {
    expect(() => loadActorCodes(tree(withSystemCode(code)), given)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_ACTORS_VERSION', data: { version } }),
    )
  })

  test.each([
    { of: 'mainnet', code: MAINNET_SYSTEM_V9, given: 10, known: 9 },
    { of: 'identity code', code: identity('fil/16/system'), given: 17, known: 16 },
    { of: 'identity code of v7', code: identity('fil/7/system'), given: 18, known: 7 },
  ])('is refused where the one given contradicts the code of $of', ({ code, given, known }) => {
    expect(() => loadActorCodes(tree(withSystemCode(code)), given)).toThrow(
      expect.objectContaining({ code: 'ACTORS_VERSION_CONTRADICTED', data: { known, given } }),
    )
  })

  test.each([
    { of: 'no network', code: unknown },
    { of: 'no actor', code: identity('fil/18/wallet') },
    { of: 'two actors', code: identity('fil/18/system/init') },
    { of: 'capitals', code: identity('FIL/18/system') },
    { of: 'a version of four digits', code: identity('fil/0018/system') },
    { of: 'no version', code: identity('fil//system') },
    { of: 'a text around it', code: identity('xfil/18/system') },
  ])('has to be given for code of $of', ({ code }) => {
    expect(() => loadActorCodes(tree(withSystemCode(code)))).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_ACTORS_VERSION', data: { code: formatCid(code) } }),
    )
  })
})

describe('the name of an actor’s code', () => {
  const nameOf = (code: Cid, ...edits: readonly StateEdit[]) => loadActorCodes(tree(...edits)).nameOf(code)

  test.each<{ readonly from: string; readonly code: Cid; readonly name: ActorName }>([
    { from: 'the table of mainnet, whatever the version', code: MAINNET_MINER_V10, name: 'storageminer' },
    { from: 'the table of the calibration network', code: CALIBRATION_SYSTEM_V8, name: 'system' },
    { from: 'test code', code: testCode('storagepower'), name: 'storagepower' },
    { from: 'identity code of any version', code: identity('fil/7/paymentchannel'), name: 'paymentchannel' },
  ])('comes from $from', ({ code, name }) => {
    expect(nameOf(code)).toBe(name)
  })

  test('comes from the manifest before everything else', () => {
    const manifest = withManifest(
      { name: 'evm', code: unknown },
      { name: 'eam', code: MAINNET_MINER_V10 },
      { name: 'datacap', code: testCode('cron') },
    )
    expect(nameOf(unknown, manifest)).toBe('evm')
    expect(nameOf(MAINNET_MINER_V10, manifest)).toBe('eam')
    expect(nameOf(testCode('cron'), manifest)).toBe('datacap')
    expect(nameOf(testCode('init'), manifest)).toBe('init')
  })

  test.each([
    { of: 'that is nowhere', code: unknown },
    { of: 'that the manifest calls something else than an actor', code: unknown, name: 'wallet' },
    { of: 'with a wrong name in it', code: identity('fil/test/wallet') },
  ])('is unknown of code $of', ({ code, name }) => {
    const edits = name === undefined ? [] : [withManifest({ name, code })]
    expect(() => nameOf(code, ...edits)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_ACTOR_CODE', data: { code: formatCid(code) } }),
    )
  })
})

describe('a state that is not complete', () => {
  test('has to have the system actor', () => {
    const empty = loadStateTree(store, [Actors.empty(store).flush().cid])
    expect(() => loadActorCodes(empty)).toThrow(
      expect.objectContaining({ code: 'ACTOR_NOT_FOUND', data: { id: 0 } }),
    )
  })

  test.each([
    {
      of: 'the state of the system actor',
      edit: editRecord(SYSTEM_ACTOR_ID, (record) => ({ ...record, head: absent })),
      path: ['f00'],
    },
    {
      of: 'the manifest',
      edit: editActor(SYSTEM_ACTOR_ID, SystemState, () => ({ builtinActors: absent })),
      path: ['f00', 'builtinActors'],
    },
  ])('has to have $of', ({ edit, path }) => {
    expect(() => loadActorCodes(tree(edit))).toThrow(expect.objectContaining({ code: 'MISSING_BLOCK', path }))
  })
})
