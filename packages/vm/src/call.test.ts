import {
  AccountState,
  ActorError,
  AddressMap,
  ErrorNumber,
  type IpldBlock,
  METHOD_SEND,
  type SendResult,
  StateError,
} from '@plimsoll/actors'
import { type Cid, createMemoryBlockstore, linkTo, MissingBlockError, save, uint } from '@plimsoll/ipld'
import { type Address, actorId, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import {
  ALICE,
  ALICE_BALANCE,
  BOB,
  CounterState,
  countUp,
  EPOCH,
  NEW_KEY,
  RUN,
  record,
  SCRIPTED_BALANCE,
  type Script,
  scriptedMachine,
} from './testing/scripted-machine.ts'

const hashes = await createHashes()
const FIRST = idAddress(actorId(200))
const SECOND = idAddress(actorId(201))
const THIRD = idAddress(actorId(202))

function accept(script: Script): Script {
  return (rt) => {
    rt.validateImmediateCallerAcceptAny()
    script(rt)
  }
}

function fail(exitCode: number): never {
  throw new ActorError(exitCode, 'the script fails')
}

describe('a value', () => {
  test.each([
    { value: 0n, exitCode: ExitCode.OK, left: ALICE_BALANCE },
    { value: 1n, exitCode: ExitCode.OK, left: ALICE_BALANCE - 1n },
    { value: ALICE_BALANCE, exitCode: ExitCode.OK, left: 0n },
    { value: ALICE_BALANCE + 1n, exitCode: ExitCode.SYS_INSUFFICIENT_FUNDS, left: ALICE_BALANCE },
    { value: -1n, exitCode: ExitCode.SYS_ASSERTION_FAILED, left: ALICE_BALANCE },
  ])('of $value attoFIL ends with $exitCode and leaves $left', ({ value, exitCode, left }) => {
    const { vm } = scriptedMachine(hashes, [])
    const receipt = vm.applyMessage({ from: ALICE, to: BOB, value, method: METHOD_SEND, params: null })
    expect(receipt.exitCode).toBe(exitCode)
    expect(vm.findActor(ALICE)).toMatchObject({ balance: left, sequence: 1n })
    expect(vm.findActor(BOB)?.balance).toBe(ALICE_BALANCE - left)
  })

  test('that is sent to oneself stays', () => {
    const { vm } = scriptedMachine(hashes, [])
    const receipt = vm.applyMessage({ from: ALICE, to: ALICE, value: 5n, method: METHOD_SEND, params: null })
    expect(receipt.exitCode).toBe(ExitCode.OK)
    expect(vm.findActor(ALICE)?.balance).toBe(ALICE_BALANCE)
  })

  test('is the receiver’s before its code runs', () => {
    let seen: bigint | undefined
    const { run, scripted } = scriptedMachine(hashes, [
      accept((rt) => {
        seen = rt.currentBalance()
      }),
    ])
    run(scripted[0] as Address, 7n)
    expect(seen).toBe(SCRIPTED_BALANCE + 7n)
  })
})

describe('a call that cannot start', () => {
  test.each([
    { what: 'a negative value', to: BOB, value: -1n, errorNumber: ErrorNumber.ILLEGAL_ARGUMENT },
    {
      what: 'more than there is',
      to: BOB,
      value: SCRIPTED_BALANCE + 1n,
      errorNumber: ErrorNumber.INSUFFICIENT_FUNDS,
    },
    { what: 'no receiver', to: idAddress(actorId(999)), value: 1n, errorNumber: ErrorNumber.NOT_FOUND },
  ])('for $what is told the caller by an error number, and not by a code', ({ to, value, errorNumber }) => {
    let result: SendResult | undefined
    const { vm, run } = scriptedMachine(hashes, [
      accept((rt) => {
        result = rt.send(to, METHOD_SEND, null, value)
      }),
    ])
    const { exitCode, trace } = run(FIRST)
    expect(exitCode).toBe(ExitCode.OK)
    expect(result).toEqual({ errorNumber })
    expect(trace.calls[0]?.errorNumber).toBe(errorNumber)
    expect(vm.findActor(FIRST)?.balance).toBe(SCRIPTED_BALANCE)
  })

  test('shows the ID address of its receiver where there is one', () => {
    const { vm } = scriptedMachine(hashes, [])
    const { trace } = vm.applyMessage({
      from: BOB,
      to: vm.stateOf(ALICE, AccountState).address,
      value: 1n,
      method: METHOD_SEND,
      params: null,
    })
    expect(trace).toMatchObject({ to: ALICE, errorNumber: ErrorNumber.INSUFFICIENT_FUNDS })
  })
})

describe('a call that fails', () => {
  test('takes back its own changes and those below it, and not its caller’s', () => {
    let result: SendResult | undefined
    const { vm, run, counterOf } = scriptedMachine(hashes, [
      accept((rt) => {
        countUp(rt)
        result = rt.send(SECOND, RUN, null, 3n)
        countUp(rt)
      }),
      accept((rt) => {
        countUp(rt)
        rt.send(THIRD, RUN, null, 2n)
        fail(ExitCode.USR_ILLEGAL_ARGUMENT)
      }),
      accept(countUp),
    ])
    expect(run(FIRST).exitCode).toBe(ExitCode.OK)
    expect(result).toEqual({ exitCode: ExitCode.USR_ILLEGAL_ARGUMENT, returnData: null })
    expect([FIRST, SECOND, THIRD].map(counterOf)).toEqual([2, 0, 0])
    expect([FIRST, SECOND, THIRD].map((actor) => vm.findActor(actor)?.balance)).toEqual([
      SCRIPTED_BALANCE,
      SCRIPTED_BALANCE,
      SCRIPTED_BALANCE,
    ])
  })

  test('at the top leaves the sender’s sequence and nothing else', () => {
    const { vm, run } = scriptedMachine(hashes, [
      accept((rt) => {
        countUp(rt)
        fail(ExitCode.USR_FORBIDDEN)
      }),
    ])
    const receipt = run(FIRST, 5n)
    expect(receipt.exitCode).toBe(ExitCode.USR_FORBIDDEN)
    expect(receipt.changes.map(({ actor }) => actor)).toEqual([ALICE])
    expect(vm.findActor(ALICE)).toMatchObject({ balance: ALICE_BALANCE, sequence: 1n })
  })

  test('has its events cut from the receipt, and kept in the trace', () => {
    const event = (key: string) => [{ flags: 3, key, codec: 0x51, value: Uint8Array.of(1) }]
    const { run } = scriptedMachine(hashes, [
      accept((rt) => {
        rt.emitEvent(event('before'))
        rt.send(SECOND, RUN, null, 0n)
        rt.emitEvent(event('after'))
      }),
      accept((rt) => {
        rt.emitEvent(event('cut'))
        fail(ExitCode.USR_NOT_FOUND)
      }),
    ])
    const { events, trace } = run(FIRST)
    expect(events.map((emitted) => emitted.event[0]?.key)).toEqual(['before', 'after'])
    expect(trace.calls[0]?.events.map((emitted) => emitted.event[0]?.key)).toEqual(['cut'])
  })

  test('passes what it returns beside its code on to its caller', () => {
    const returnData: IpldBlock = { codec: 0x51, data: Uint8Array.of(0x80) }
    let result: SendResult | undefined
    const { run } = scriptedMachine(hashes, [
      accept((rt) => {
        result = rt.send(SECOND, RUN, null, 0n)
      }),
      accept(() => {
        throw new ActorError(ExitCode.USR_ILLEGAL_STATE, 'with data', returnData)
      }),
    ])
    run(FIRST)
    expect(result).toEqual({ exitCode: ExitCode.USR_ILLEGAL_STATE, returnData })
  })
})

describe('a call that may only read', () => {
  test.each<{ what: string; script: Script; exitCode: number }>([
    { what: 'change its state', script: countUp, exitCode: ExitCode.USR_READ_ONLY },
    {
      what: 'change nothing in a transaction',
      script: (rt) => rt.transaction(CounterState, () => {}),
      exitCode: ExitCode.USR_READ_ONLY,
    },
    {
      what: 'read its state',
      script: (rt) => {
        rt.state(CounterState)
      },
      exitCode: ExitCode.OK,
    },
  ])('cannot do more than that: $what ends with $exitCode', ({ script, exitCode }) => {
    let result: SendResult | undefined
    const { run, counterOf } = scriptedMachine(hashes, [
      accept((rt) => {
        result = rt.send(SECOND, RUN, null, 0n, { isReadOnly: true })
      }),
      accept(script),
    ])
    run(FIRST)
    expect(result).toMatchObject({ exitCode })
    expect(counterOf(SECOND)).toBe(0)
  })

  test.each([
    { what: 'send a value', to: BOB, value: 1n, errorNumber: ErrorNumber.READ_ONLY },
    { what: 'make an account', to: NEW_KEY, value: 0n, errorNumber: ErrorNumber.READ_ONLY },
    { what: 'call nobody', to: idAddress(actorId(999)), value: 0n, errorNumber: ErrorNumber.NOT_FOUND },
  ])('hands that on to the calls below it: it cannot $what', ({ to, value, errorNumber }) => {
    let result: SendResult | undefined
    const { run } = scriptedMachine(hashes, [
      accept((rt) => {
        rt.send(SECOND, RUN, null, 0n, { isReadOnly: true })
      }),
      accept((rt) => {
        result = rt.send(to, METHOD_SEND, null, value)
      }),
    ])
    run(FIRST)
    expect(result).toEqual({ errorNumber })
  })
})

describe('a method', () => {
  test('has to say who may call it', () => {
    const { run } = scriptedMachine(hashes, [() => {}])
    expect(run(FIRST).exitCode).toBe(ExitCode.USR_ASSERTION_FAILED)
  })

  test('cannot say so twice', () => {
    const { run } = scriptedMachine(hashes, [accept((rt) => rt.validateImmediateCallerIs([ALICE]))])
    expect(run(FIRST).exitCode).toBe(ExitCode.USR_ASSERTION_FAILED)
  })

  test.each<{ what: string; script: Script; exitCode: number }>([
    {
      what: 'its address',
      script: (rt) => rt.validateImmediateCallerIs([BOB, ALICE]),
      exitCode: ExitCode.OK,
    },
    {
      what: 'another’s address',
      script: (rt) => rt.validateImmediateCallerIs([BOB]),
      exitCode: ExitCode.USR_FORBIDDEN,
    },
    { what: 'its type', script: (rt) => rt.validateImmediateCallerType(['account']), exitCode: ExitCode.OK },
    {
      what: 'another type',
      script: (rt) => rt.validateImmediateCallerType(['storageminer']),
      exitCode: ExitCode.USR_FORBIDDEN,
    },
  ])('that allows a caller by $what ends with $exitCode', ({ script, exitCode }) => {
    const { run } = scriptedMachine(hashes, [script])
    expect(run(FIRST).exitCode).toBe(exitCode)
  })

  test('cannot send in a transaction, and can after one, also after one that failed', () => {
    const results: SendResult[] = []
    const send = (rt: Parameters<Script>[0]) => results.push(rt.send(SECOND, RUN, null, 0n))
    const { run, counterOf } = scriptedMachine(hashes, [
      accept((rt) => {
        rt.transaction(CounterState, () => send(rt))
        send(rt)
        try {
          rt.transaction(CounterState, () => fail(ExitCode.USR_ILLEGAL_STATE))
        } catch {
          send(rt)
        }
      }),
      accept(countUp),
    ])
    const { trace } = run(FIRST)
    expect(results.map((result) => 'exitCode' in result && result.exitCode)).toEqual([
      ExitCode.SYS_ASSERTION_FAILED,
      ExitCode.OK,
      ExitCode.OK,
    ])
    expect(trace.calls).toHaveLength(2)
    expect(counterOf(SECOND)).toBe(2)
  })

  // Source: builtin-actors v18, `runtime/src/runtime/mod.rs`, `state`, and `downcast_default(USR_ILLEGAL_STATE)`.
  test.each<{ what: string; script: Script; exitCode: number }>([
    {
      what: 'its state',
      script: (rt) => void rt.state(CounterState),
      exitCode: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      what: 'a collection',
      script: (rt) => void AddressMap.load(rt.store, save(rt.store, uint, 1) as never),
      exitCode: ExitCode.USR_ILLEGAL_STATE,
    },
  ])('that finds $what to be of another type ends with $exitCode', ({ script, exitCode }) => {
    const { run } = scriptedMachine(hashes, [accept(script)], {
      storeAbove: (base) => base,
      edit: (store, put) => put(FIRST, record('multisig', save(store, uint, 1))),
    })
    expect(run(FIRST).exitCode).toBe(exitCode)
  })
})

describe('a message that runs out of gas', () => {
  // The meter stops at every point where something is charged for; wherever that is, only the sequence is left.
  test('leaves the sender’s sequence and nothing else', () => {
    const scripts = [
      accept((rt) => {
        countUp(rt)
        rt.emitEvent([])
        rt.send(SECOND, RUN, null, 1n)
        rt.send(NEW_KEY, METHOD_SEND, null, 1n)
      }),
      accept(countUp),
    ]
    let charges = 0
    for (let limit = 0; ; limit++) {
      charges = 0
      const meter = { charge: () => charges++ < limit }
      const { vm, run } = scriptedMachine(hashes, scripts, { meter })
      const receipt = run(FIRST, 5n)
      if (receipt.exitCode === ExitCode.OK) {
        expect(limit).toBeGreaterThan(5)
        expect(receipt.changes).toHaveLength(5)
        return
      }
      expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_OUT_OF_GAS, returnData: null, events: [] })
      expect(receipt.changes.map(({ actor }) => actor)).toEqual([ALICE])
      expect(vm.findActor(ALICE)).toMatchObject({ balance: ALICE_BALANCE, sequence: 1n })
    }
  })
})

describe('what is no actor’s failure', () => {
  test('S7: a missing block is our error, with the actor and the path, and nothing has happened', () => {
    const { vm, run } = scriptedMachine(
      hashes,
      [accept((rt) => void rt.send(SECOND, RUN, null, 0n)), accept(countUp)],
      {
        edit: (_, put) => put(SECOND, record('multisig', linkTo(missingCid()))),
      },
    )
    const error = errorOf(() => run(FIRST, 5n))
    expect(error).toBeInstanceOf(MissingBlockError)
    expect((error as MissingBlockError).path).toEqual(['f0201'])
    expect(vm.findActor(ALICE)).toMatchObject({ balance: ALICE_BALANCE, sequence: 0n })
  })

  test.each([
    { what: 'code that is no actor’s', code: 'somethingelse', error: 'UNKNOWN_ACTOR_CODE' },
    { what: 'an actor that is not implemented', code: 'evm', error: 'NOT_IMPLEMENTED' },
  ])('$what is our error, and nothing has happened', ({ code, error }) => {
    const { vm, run } = scriptedMachine(hashes, [accept((rt) => void rt.send(THIRD, RUN, null, 0n))], {
      edit: (store, put) =>
        put(THIRD, record(code, save(store, CounterState, { count: 0, note: new Uint8Array() }))),
    })
    const thrown = errorOf(() => run(FIRST, 5n))
    expect(thrown).toBeInstanceOf(StateError)
    expect(thrown).toMatchObject({ code: error, data: { actor: 'f0202' } })
    expect(vm.findActor(ALICE)).toMatchObject({ balance: ALICE_BALANCE, sequence: 0n })
  })
})

describe('a placeholder', () => {
  test.each([
    { placeholdersAcceptAllMethods: true, exitCode: ExitCode.OK },
    { placeholdersAcceptAllMethods: false, exitCode: ExitCode.USR_UNHANDLED_MESSAGE },
  ])('answers methods with $exitCode by that custom: $placeholdersAcceptAllMethods', (custom) => {
    const { run } = scriptedMachine(hashes, [], {
      customs: { placeholdersAcceptAllMethods: custom.placeholdersAcceptAllMethods },
      edit: (store, put) => put(THIRD, record('placeholder', save(store, uint, 0))),
    })
    expect(run(THIRD).exitCode).toBe(custom.exitCode)
  })
})

test('the epoch of the machine is that of its calls', () => {
  let epoch = 0
  const { run, vm } = scriptedMachine(hashes, [
    accept((rt) => {
      epoch = rt.currEpoch
    }),
  ])
  run(FIRST)
  expect(epoch).toBe(EPOCH)
  vm.epoch++
  run(FIRST)
  expect(epoch).toBe(EPOCH + 1)
})

/** The CID of a block that only another store has. */
function missingCid(): Cid {
  return save(createMemoryBlockstore(hashes), CounterState, { count: 77, note: new Uint8Array() }).cid
}

function errorOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
