import { text, tuple } from '@plimsoll/ipld'
import {
  type ActorName,
  type Address,
  actorAddress,
  actorId,
  createHashes,
  delegatedAddress,
  EAM_ACTOR_ADDR,
  EAM_ACTOR_ID,
  ExitCode,
  INIT_ACTOR_ADDR,
  idAddress,
  STORAGE_POWER_ACTOR_ADDR,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { cborBlock, exitCodeOf, TestRuntime, testCode } from '@plimsoll/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { METHOD_CONSTRUCTOR } from '../runtime/runtime.ts'
import { INIT_ACTOR } from './actor.ts'
import { checkInitInvariants } from './invariants.ts'
import { AddressMap, InitState } from './state.ts'
import { EXEC_METHOD } from './types.ts'

const EXEC4_METHOD = 3
const hashes = await createHashes()
const ANNE = idAddress(actorId(1001))
const FIRST = idAddress(actorId(100))
const constructorParams = cborBlock(tuple('Params', { name: text }), { name: 'params' })
const subaddress = new TextEncoder().encode('foobar')
const f4 = delegatedAddress(EAM_ACTOR_ID, subaddress)

let rt: TestRuntime

function newAddress(of: string): Address {
  return actorAddress(new TextEncoder().encode(of), hashes)
}

function resolve(address: Address): number | undefined {
  return AddressMap.load(rt.store, rt.state(InitState).addressMap).get(address)
}

/** An actor of that type, to be called by that caller at an address that is made of `name`. */
function exec(type: ActorName, caller: Address, name = 'new'): unknown {
  rt.caller = caller
  rt.nextActorAddress = newAddress(name)
  return rt.call(INIT_ACTOR, EXEC_METHOD, {
    codeCid: testCode(type),
    constructorParams: constructorParams.data,
  })
}

function exec4(part = subaddress, name = 'new', caller = EAM_ACTOR_ADDR): unknown {
  rt.caller = caller
  rt.nextActorAddress = newAddress(name)
  return rt.call(INIT_ACTOR, EXEC4_METHOD, {
    codeCid: testCode('evm'),
    constructorParams: constructorParams.data,
    subaddress: part,
  })
}

function expectConstructor(to: Address, value = 0n, exitCode: number = ExitCode.OK): void {
  const result = { exitCode, returnData: null }
  rt.expectSend({ to, method: METHOD_CONSTRUCTOR, params: constructorParams, value, result })
}

beforeEach(() => {
  rt = new TestRuntime(hashes, INIT_ACTOR_ADDR, 'init')
  rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
  rt.actors.set(STORAGE_POWER_ACTOR_ADDR, { type: 'storagepower' })
  rt.actors.set(EAM_ACTOR_ADDR, { type: 'eam' })
  rt.actors.set(ANNE, { type: 'account' })
  rt.caller = SYSTEM_ACTOR_ADDR
  rt.call(INIT_ACTOR, 1, { networkName: 'mock' })
})

afterEach(() => {
  const findings = createFindings()
  checkInitInvariants(rt.store, rt.state(InitState), findings)
  expect(findings.list).toEqual([])
})

// Source of the cases: builtin-actors v18, `actors/init/tests/init_actor_test.rs`.
describe('the init actor', () => {
  test('knows nobody at first, and the network by its name', () => {
    expect(rt.state(InitState)).toMatchObject({ nextId: 100, networkName: 'mock' })
    expect([...AddressMap.load(rt.store, rt.state(InitState).addressMap).entries()]).toEqual([])
  })

  test('is made by the system', () => {
    rt.caller = ANNE
    expect(exitCodeOf(() => rt.call(INIT_ACTOR, 1, { networkName: 'mock' }))).toBe(ExitCode.USR_FORBIDDEN)
  })
})

describe('Exec', () => {
  test('gives each actor an id and an address, and its constructor the value', () => {
    rt.balance = 200n
    rt.valueReceived = 100n
    for (const [index, name] of ['a', 'b'].entries()) {
      const id = 100 + index
      expectConstructor(idAddress(actorId(id)), 100n)
      expect(exec('paymentchannel', ANNE, name)).toEqual({
        idAddress: idAddress(actorId(id)),
        robustAddress: newAddress(name),
      })
      expect(resolve(newAddress(name))).toBe(id)
      expect(rt.actors.get(idAddress(actorId(id)))?.type).toBe('paymentchannel')
    }
    expect(rt.state(InitState).nextId).toBe(102)
    expect(resolve(newAddress('c'))).toBe(undefined)
  })

  test('gives a constructor no parameters where there are no bytes', () => {
    rt.caller = ANNE
    rt.nextActorAddress = newAddress('new')
    rt.expectSend({ to: FIRST, method: METHOD_CONSTRUCTOR })
    rt.call(INIT_ACTOR, EXEC_METHOD, { codeCid: testCode('multisig'), constructorParams: new Uint8Array() })
  })

  test.each([
    { type: 'multisig', of: 'anybody', caller: ANNE, code: ExitCode.OK },
    { type: 'paymentchannel', of: 'anybody', caller: ANNE, code: ExitCode.OK },
    { type: 'storageminer', of: 'the power actor', caller: STORAGE_POWER_ACTOR_ADDR, code: ExitCode.OK },
    { type: 'storageminer', of: 'anybody', caller: ANNE, code: ExitCode.USR_FORBIDDEN },
    { type: 'storagepower', of: 'anybody', caller: ANNE, code: ExitCode.USR_FORBIDDEN },
    {
      type: 'account',
      of: 'the power actor',
      caller: STORAGE_POWER_ACTOR_ADDR,
      code: ExitCode.USR_FORBIDDEN,
    },
    { type: 'evm', of: 'the address manager', caller: EAM_ACTOR_ADDR, code: ExitCode.USR_FORBIDDEN },
  ] as const)('of a $type by $of ends with $code', ({ type, caller, code }) => {
    if (code === ExitCode.OK) {
      expectConstructor(FIRST)
    }
    expect(exitCodeOf(() => exec(type, caller))).toBe(code)
  })

  test('of code that is no actor is forbidden', () => {
    rt.caller = ANNE
    const codeCid = testCode('multisig', '8')
    const body = () => rt.call(INIT_ACTOR, EXEC_METHOD, { codeCid, constructorParams: new Uint8Array() })
    expect(exitCodeOf(body)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('does not give an address twice', () => {
    expectConstructor(FIRST)
    exec('multisig', ANNE)
    expect(exitCodeOf(() => exec('multisig', ANNE))).toBe(ExitCode.USR_FORBIDDEN)
    expect(rt.state(InitState).nextId).toBe(101)
  })

  test('fails as the constructor does, and gives no address then', () => {
    expectConstructor(FIRST, 0n, ExitCode.USR_ILLEGAL_STATE)
    expect(exitCodeOf(() => exec('storageminer', STORAGE_POWER_ACTOR_ADDR))).toBe(ExitCode.USR_ILLEGAL_STATE)
    expect(resolve(newAddress('new'))).toBe(undefined)
    expect(rt.state(InitState).nextId).toBe(100)
  })
})

describe('Exec4', () => {
  test('gives an actor the address that its manager delegates as well', () => {
    expectConstructor(FIRST)
    expect(exec4()).toEqual({ idAddress: FIRST, robustAddress: newAddress('new') })
    expect([resolve(f4), resolve(newAddress('new'))]).toEqual([100, 100])
    expect(rt.actors.get(FIRST)).toMatchObject({ type: 'evm', delegatedAddress: f4 })
  })

  test('does not replace an actor, nor one that is gone', () => {
    expectConstructor(FIRST)
    exec4()
    expect(exitCodeOf(() => exec4(subaddress, 'other'))).toBe(ExitCode.USR_FORBIDDEN)
    rt.actors.delete(FIRST)
    expect(exitCodeOf(() => exec4(subaddress, 'other'))).toBe(ExitCode.USR_FORBIDDEN)
    expect(rt.state(InitState).nextId).toBe(101)
  })

  test('replaces a placeholder, which keeps its id and its funds', () => {
    rt.transaction(InitState, (state) => {
      const map = AddressMap.load(rt.store, state.addressMap)
      map.set(f4, 100)
      state.addressMap = map.flush()
      state.nextId = 101
    })
    rt.actors.set(FIRST, { type: 'placeholder', balance: 7n, delegatedAddress: f4 })
    expectConstructor(FIRST)
    expect(exec4()).toEqual({ idAddress: FIRST, robustAddress: newAddress('new') })
    expect(rt.actors.get(FIRST)).toEqual({ type: 'evm', balance: 7n, delegatedAddress: f4 })
    expect(resolve(newAddress('new'))).toBe(100)
    expect(rt.state(InitState).nextId).toBe(101)
  })

  test('is for the manager of addresses', () => {
    expect(exitCodeOf(() => exec4(subaddress, 'new', ANNE))).toBe(ExitCode.USR_FORBIDDEN)
  })

  // Source: ref-fvm `shared/src/address/payload.rs`, `MAX_SUBADDRESS_LEN`.
  test.each([
    { length: 54, code: ExitCode.OK },
    { length: 55, code: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('of a subaddress of $length bytes ends with $code', ({ length, code }) => {
    if (code === ExitCode.OK) {
      expectConstructor(FIRST)
    }
    expect(exitCodeOf(() => exec4(new Uint8Array(length)))).toBe(code)
  })
})
