import { Actors, METHOD_SEND } from '@plimsoll/actors'
import { forgetfulBlockstore, linkTo, writeBackBlockstore } from '@plimsoll/ipld'
import {
  actorAddress,
  actorId,
  addressBytes,
  createHashes,
  ExitCode,
  type Hashes,
  idAddress,
  parseAddress,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import type { Message } from './message.ts'
import {
  ALICE,
  ALICE_BALANCE,
  ALICE_KEY,
  BOB,
  CounterState,
  countUp,
  RUN,
  scriptedMachine,
} from './testing/scripted-machine.ts'

const hashes = await createHashes()
const FIRST = idAddress(actorId(200))
const counter = [
  (rt: Parameters<typeof countUp>[0]) => {
    rt.validateImmediateCallerAcceptAny()
    countUp(rt)
  },
]

function transfer(fields: Partial<Message> = {}): Message {
  return { from: ALICE, to: BOB, value: 1n, method: METHOD_SEND, params: null, ...fields }
}

describe('the sender of a message', () => {
  test.each([
    { sequence: undefined, exitCode: ExitCode.OK, after: 1n },
    { sequence: 0n, exitCode: ExitCode.OK, after: 1n },
    { sequence: 1n, exitCode: ExitCode.SYS_SENDER_STATE_INVALID, after: 0n },
  ])(
    'with the sequence $sequence ends with $exitCode and stands at $after',
    ({ sequence, exitCode, after }) => {
      const { vm } = scriptedMachine(hashes, [])
      const message = sequence === undefined ? transfer() : transfer({ sequence })
      expect(vm.applyMessage(message).exitCode).toBe(exitCode)
      expect(vm.findActor(ALICE)?.sequence).toBe(after)
    },
  )

  test('may be written as its key', () => {
    const { vm } = scriptedMachine(hashes, [])
    const receipt = vm.applyMessage(transfer({ from: parseAddress(ALICE_KEY, hashes) }))
    expect(receipt).toMatchObject({ exitCode: ExitCode.OK, trace: { from: ALICE } })
  })

  test('has to be an actor', () => {
    const { vm } = scriptedMachine(hashes, [])
    const receipt = vm.applyMessage(transfer({ from: idAddress(actorId(999)) }))
    expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_SENDER_INVALID, changes: [] })
  })

  test('has to be an account on a chain, and any actor where the host says so', () => {
    const onChain = scriptedMachine(hashes, counter)
    expect(onChain.vm.applyMessage(transfer({ from: FIRST })).exitCode).toBe(ExitCode.SYS_SENDER_INVALID)
    const elsewhere = scriptedMachine(hashes, counter, { customs: { maySend: () => true } })
    expect(elsewhere.vm.applyMessage(transfer({ from: FIRST })).exitCode).toBe(ExitCode.OK)
  })

  test.each([
    { implicitMessagesAdvanceSequence: true, after: 1n },
    { implicitMessagesAdvanceSequence: false, after: 0n },
  ])(
    'that is the system stands at $after where its messages count: $implicitMessagesAdvanceSequence',
    (custom) => {
      const { vm } = scriptedMachine(hashes, [], { customs: custom })
      vm.applyImplicitMessage({ to: BOB, value: 0n, method: METHOD_SEND, params: null })
      expect(vm.findActor(SYSTEM_ACTOR_ADDR)?.sequence).toBe(custom.after)
    },
  )
})

describe('parameters of no bytes', () => {
  test.each([
    { emptyParamsAreABlock: true, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { emptyParamsAreABlock: false, exitCode: ExitCode.OK },
  ])('are a block by that custom: $emptyParamsAreABlock', ({ emptyParamsAreABlock, exitCode }) => {
    const { run } = scriptedMachine(hashes, counter, { customs: { emptyParamsAreABlock } })
    // The scripted method takes no parameters, so that a block is one too many.
    expect(run(FIRST, 0n, { codec: 0x51, data: new Uint8Array() }).exitCode).toBe(exitCode)
  })
})

describe('the address of a new actor', () => {
  // Source: ref-fvm `fvm/src/call_manager/default.rs`, `next_actor_address`: sender, sequence, count of new actors.
  test('is made of the sender as it was written, its sequence, and how many actors there were before', () => {
    let address: unknown
    const { vm } = scriptedMachine(
      hashes,
      [
        (rt) => {
          rt.validateImmediateCallerAcceptAny()
          address = rt.newActorAddress()
        },
      ],
      { customs: { senderBytes: addressBytes } },
    )
    vm.applyMessage(transfer())
    const key = parseAddress(ALICE_KEY, hashes)
    vm.applyMessage({ from: key, to: FIRST, value: 0n, method: RUN, params: null })
    const numbers = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    expect(address).toBe(actorAddress(Uint8Array.of(...addressBytes(key), ...numbers), hashes))
  })
})

describe('a receipt', () => {
  test('names the actors that changed, with their records before and after', () => {
    const { vm, run } = scriptedMachine(hashes, counter)
    const { changes } = run(FIRST, 5n)
    expect(changes.map(({ actor, before, after }) => [actor, before?.balance, after.balance])).toEqual([
      [ALICE, ALICE_BALANCE, ALICE_BALANCE - 5n],
      [FIRST, 10n ** 19n, 10n ** 19n + 5n],
    ])
    expect(changes[1]?.after).toBe(vm.findActor(FIRST))
  })
})

describe('a fork', () => {
  test('is apart: neither machine sees what the other does', () => {
    const { vm, counterOf } = scriptedMachine(hashes, counter)
    const fork = vm.fork()
    vm.applyMessage(transfer({ to: FIRST, method: RUN, value: 0n }))
    expect(counterOf(FIRST)).toBe(1)
    expect(fork.stateOf(FIRST, CounterState).count).toBe(0)
    fork.applyMessage(transfer({ value: 7n }))
    expect(vm.findActor(BOB)?.balance).toBe(0n)
    expect(fork.root()).not.toBe(vm.root())
  })

  test('has the root of the machine that it came from, and one of the same messages has the same', () => {
    const { vm } = scriptedMachine(hashes, counter)
    vm.applyMessage(transfer({ to: FIRST, method: RUN }))
    const fork = vm.fork()
    expect(fork.root()).toBe(vm.root())
    for (const machine of [fork, vm]) {
      machine.applyMessage(transfer({ to: FIRST, method: RUN }))
    }
    expect(fork.root()).toBe(vm.root())
  })

  test('costs no hash and no block, nor does what runs on it before a root is asked for', () => {
    const counting = countingHashes()
    const { vm } = scriptedMachine(counting.hashes, counter)
    vm.root()
    counting.reset()
    const fork = vm.fork()
    fork.applyMessage(transfer({ to: FIRST, method: RUN, value: 0n }))
    expect(counting.blocks()).toBe(0)
    fork.root()
    expect(counting.blocks()).toBeGreaterThan(0)
  })

  test('of a machine whose store forgets what it hashes still finds every state', () => {
    const { vm } = scriptedMachine(hashes, counter, { storeAbove: forgetfulBlockstore })
    vm.applyMessage(transfer({ to: FIRST, method: RUN }))
    vm.root()
    const fork = vm.fork()
    expect(fork.stateOf(FIRST, CounterState).count).toBe(1)
  })
})

describe('the state tree of a machine', () => {
  test('has its root and its actors, and does not change with it', () => {
    const { vm } = scriptedMachine(hashes, [])
    const tree = vm.stateTree()
    vm.applyMessage(transfer({ value: 9n }))
    expect(tree.actors.get(BOB)?.balance).toBe(0n)
    expect(tree.root).not.toBe(vm.root())
    expect(Actors.load(vm.store, linkTo(tree.root)).get(BOB)?.balance).toBe(0n)
  })
})

// Holding values in memory is only faster: what comes out is what encoding at every change gives.
test.each([
  { what: 'writes back', storeAbove: writeBackBlockstore },
  { what: 'forgets', storeAbove: forgetfulBlockstore },
])('a store that $what gives the roots of one that encodes at once', ({ storeAbove }) => {
  const rootsAbove = (above: typeof storeAbove) => {
    const { vm } = scriptedMachine(hashes, counter, { storeAbove: above })
    return [0, 1, 2].map(() => {
      vm.applyMessage(transfer({ to: FIRST, method: RUN }))
      return vm.root()
    })
  }
  expect(rootsAbove(storeAbove)).toEqual(rootsAbove((base) => base))
})

function countingHashes() {
  let count = 0
  const counting: Hashes = {
    ...hashes,
    blake2b256: (bytes) => {
      count++
      return hashes.blake2b256(bytes)
    },
  }
  return {
    hashes: counting,
    blocks: () => count,
    reset: () => {
      count = 0
    },
  }
}
