import { AccountState, AddressMap, InitState, METHOD_SEND } from '@plimsoll/actors'
import { list, load, save, uint } from '@plimsoll/ipld'
import {
  type Address,
  actorAddress,
  actorId,
  addressFromBytes,
  createHashes,
  delegatedAddress,
  EAM_ACTOR_ID,
  ExitCode,
  INIT_ACTOR_ADDR,
  idAddress,
  parseAddress,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { ALICE, ALICE_KEY, codeOf, NEW_KEY, record, scriptedMachine } from './testing/scripted-machine.ts'

const hashes = await createHashes()

/** The first id that the init actor of the machine gives out. */
const NEXT_ID = 300
const CREATED = idAddress(actorId(NEXT_ID))
const BLS_KEY = addressFromBytes(Uint8Array.from({ length: 49 }, (_, i) => (i === 0 ? 3 : i)))

function machine() {
  return scriptedMachine(hashes, [], {
    edit: (store, put) => put(idAddress(EAM_ACTOR_ID), record('eam', save(store, uint, 0))),
  })
}

function send(vm: ReturnType<typeof machine>['vm'], to: Address, value = 1n, method = METHOD_SEND) {
  return vm.applyMessage({ from: ALICE, to, value, method, params: null })
}

describe('an address', () => {
  test('of a key leads to its account', () => {
    const { vm } = machine()
    expect(vm.resolveAddress(parseAddress(ALICE_KEY, hashes))).toBe(ALICE)
  })

  test('that is an ID address is its own answer, whether there is an actor or not', () => {
    const { vm } = machine()
    expect(vm.resolveAddress(idAddress(actorId(999)))).toBe(idAddress(actorId(999)))
  })

  test('that nobody has leads nowhere', () => {
    expect(machine().vm.resolveAddress(NEW_KEY)).toBeUndefined()
  })
})

describe('sending to a key that has no actor', () => {
  test.each([
    { kind: 'f1', key: NEW_KEY },
    { kind: 'f3', key: BLS_KEY },
  ])('makes an account of an $kind key, by a constructor’s call in the trace', ({ key }) => {
    const { vm } = machine()
    const { exitCode, trace } = send(vm, key, 5n)
    expect(exitCode).toBe(ExitCode.OK)
    expect(vm.findActor(CREATED)).toMatchObject({ code: codeOf('account'), balance: 5n, sequence: 0n })
    expect(vm.stateOf(CREATED, AccountState)).toEqual({ address: key })
    expect(trace).toMatchObject({
      to: CREATED,
      calls: [{ from: SYSTEM_ACTOR_ADDR, to: CREATED, method: 1, exitCode: ExitCode.OK }],
    })
  })

  test('gives it the next id of the init actor, once', () => {
    const { vm } = machine()
    send(vm, NEW_KEY)
    send(vm, NEW_KEY)
    send(vm, BLS_KEY)
    const init = vm.stateOf(INIT_ACTOR_ADDR, InitState)
    expect(init.nextId).toBe(NEXT_ID + 2)
    expect(AddressMap.load(vm.store, init.addressMap).get(BLS_KEY)).toBe(NEXT_ID + 1)
    expect(vm.findActor(CREATED)?.balance).toBe(2n)
  })

  test('and calling it runs the account’s code', () => {
    const { vm } = machine()
    // Accounts accept every exported number: builtin-actors v18, `actors/account/src/lib.rs`, `fallback`.
    expect(send(vm, NEW_KEY, 1n, 1 << 24).exitCode).toBe(ExitCode.OK)
  })

  test('makes none when the call fails; the trace then names the key', () => {
    const { vm } = machine()
    const { exitCode, trace, changes } = send(vm, NEW_KEY, 1n, 99)
    expect(exitCode).toBe(ExitCode.USR_UNHANDLED_MESSAGE)
    expect(trace.to).toBe(NEW_KEY)
    expect(changes.map(({ actor }) => actor)).toEqual([ALICE])
    expect(vm.resolveAddress(NEW_KEY)).toBeUndefined()
  })
})

describe('sending to an f4 address that has no actor', () => {
  test('makes a placeholder with that address where its manager is an actor', () => {
    const { vm } = machine()
    const address = delegatedAddress(EAM_ACTOR_ID, Uint8Array.of(1, 2, 3))
    expect(send(vm, address, 5n).exitCode).toBe(ExitCode.OK)
    expect(vm.findActor(CREATED)).toMatchObject({
      code: codeOf('placeholder'),
      balance: 5n,
      delegatedAddress: address,
    })
    expect(load(vm.store, list(uint), vm.findActor(CREATED)?.head as never)).toEqual([])
  })

  test('makes nothing where there is no manager', () => {
    const { vm } = machine()
    const { exitCode } = send(vm, delegatedAddress(actorId(999), Uint8Array.of(1)))
    expect(exitCode).toBe(ExitCode.SYS_INVALID_RECEIVER)
  })
})

describe('sending to an address that no actor can be made of', () => {
  test.each([
    { kind: 'an ID address', to: idAddress(actorId(999)) },
    { kind: 'an f2 address', to: actorAddress(Uint8Array.of(1), hashes) },
  ])('ends with SYS_INVALID_RECEIVER for $kind', ({ to }) => {
    const { vm } = machine()
    expect(send(vm, to).exitCode).toBe(ExitCode.SYS_INVALID_RECEIVER)
    expect(vm.findActor(ALICE)?.sequence).toBe(1n)
  })
})
