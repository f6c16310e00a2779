import { createMemoryBlockstore } from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  actorId,
  addressFromBytes,
  createHashes,
  INIT_ACTOR_ID,
  idAddress,
  parseHex,
} from '@plimsoll/primitives'
import { editActor, findingsAfter, OWNER_ID, SOUND_STATE, type StateEdit } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { AddressMap, InitState } from './state.ts'

const store = createMemoryBlockstore(await createHashes())

const key = addressFromBytes(parseHex(`01${'11'.repeat(20)}`))
const actor = addressFromBytes(parseHex(`02${'22'.repeat(20)}`))
const bls = addressFromBytes(parseHex(`03${'33'.repeat(48)}`))
const delegated = (byte: string) => addressFromBytes(parseHex(`040a${byte.repeat(20)}`))

const edit = (change: Partial<InitState>) =>
  editActor(INIT_ACTOR_ID, InitState, (state) => ({ ...state, ...change }))

/** Gives actors more addresses. The owner has one already, of the hash of its key. */
function withAddresses(...pairs: readonly (readonly [Address, ActorId])[]): StateEdit {
  return editActor(INIT_ACTOR_ID, InitState, (state, blocks) => {
    const addresses = AddressMap.load(blocks, state.addressMap)
    for (const [address, id] of pairs) {
      addresses.set(address, id)
    }
    return { ...state, addressMap: addresses.flush() }
  })
}

// Source of the rules: builtin-actors v18, `actors/init/src/testing.rs`.
describe('the state of the init actor', () => {
  test.each([
    { rule: 'names its network', kind: 'init/network-name', edit: edit({ networkName: '' }) },
    { rule: 'gives no id below 100', kind: 'init/next-id', edit: edit({ nextId: 99 }) },
    {
      rule: 'has no address of a singleton',
      kind: 'init/singleton-id',
      edit: withAddresses([key, actorId(99)]),
    },
    {
      rule: 'has no ID address',
      kind: 'init/id-address',
      edit: withAddresses([idAddress(actorId(200)), actorId(200)]),
    },
    {
      rule: 'has one address of a key or an actor for each id',
      kind: 'init/two-addresses',
      edit: withAddresses([actor, OWNER_ID]),
    },
    {
      rule: 'has one address for each id, of whatever key',
      kind: 'init/two-addresses',
      edit: withAddresses([bls, actorId(200)], [key, actorId(200)]),
    },
    {
      rule: 'has one delegated address for each id',
      kind: 'init/two-addresses',
      edit: withAddresses([delegated('11'), actorId(200)], [delegated('22'), actorId(200)]),
    },
  ])('$rule: $kind', ({ kind, edit: change }) => {
    expect(findingsAfter(store, SOUND_STATE, change)).toEqual([
      { kind, place: 'f01', message: expect.any(String) },
    ])
  })

  test.each([
    { rule: 'may give the id 100 next', edit: edit({ nextId: 100 }) },
    { rule: 'may have an address of actor 100', edit: withAddresses([delegated('11'), OWNER_ID]) },
    {
      rule: 'may have a delegated and another address of one id',
      edit: withAddresses([delegated('11'), actorId(200)], [actor, actorId(200)]),
    },
  ])('$rule', ({ edit: change }) => {
    expect(findingsAfter(store, SOUND_STATE, change)).toEqual([])
  })
})
