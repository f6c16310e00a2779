import { fc, test as propertyTest } from '@fast-check/vitest'
import { type ActorRecord, Actors } from '@plimsoll/actors'
import {
  type Blockstore,
  createMemoryBlockstore,
  formatCid,
  linkTo,
  writeBackBlockstore,
} from '@plimsoll/ipld'
import { actorId, createHashes, idAddress } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { ActorTable } from './actor-table.ts'
import { codeOf } from './testing/scripted-machine.ts'

const hashes = await createHashes()
const ONE = idAddress(actorId(1000))
const TWO = idAddress(actorId(1001))

function recordOf(balance: bigint): ActorRecord {
  return {
    code: codeOf('account'),
    head: linkTo(codeOf('head')),
    sequence: 0n,
    balance,
    delegatedAddress: null,
  }
}

function tableOn(store: Blockstore = writeBackBlockstore(createMemoryBlockstore(hashes))): ActorTable {
  return new ActorTable(store, Actors.empty(store), null)
}

describe('an actor table', () => {
  test('finds what was set, and nothing else', () => {
    const table = tableOn()
    table.set(ONE, recordOf(1n))
    expect(table.find(ONE)?.balance).toBe(1n)
    expect(table.find(TWO)).toBeUndefined()
  })

  test('takes back every change since a mark, and none before it', () => {
    const table = tableOn()
    table.set(ONE, recordOf(1n))
    const mark = table.mark()
    table.set(ONE, recordOf(2n))
    table.set(ONE, recordOf(3n))
    table.set(TWO, recordOf(4n))
    table.revertTo(mark)
    expect(table.find(ONE)?.balance).toBe(1n)
    expect(table.find(TWO)).toBeUndefined()
  })

  test('takes back nested marks from the inside out', () => {
    const table = tableOn()
    const outer = table.mark()
    table.set(ONE, recordOf(1n))
    const inner = table.mark()
    table.set(ONE, recordOf(2n))
    table.revertTo(inner)
    expect(table.find(ONE)?.balance).toBe(1n)
    table.revertTo(outer)
    expect(table.find(ONE)).toBeUndefined()
  })

  test('has the root that it had before what was taken back', () => {
    const table = tableOn()
    table.set(ONE, recordOf(1n))
    table.commit()
    const root = table.root()
    table.set(ONE, recordOf(2n))
    table.set(TWO, recordOf(3n))
    table.revertTo(0)
    expect(table.root()).toBe(root)
  })

  test('names each actor that changed once, with its records before and after', () => {
    const table = tableOn()
    const first = recordOf(1n)
    table.set(ONE, first)
    table.commit()
    table.set(ONE, recordOf(2n))
    table.set(ONE, recordOf(3n))
    table.set(TWO, recordOf(4n))
    expect(
      table.changes().map(({ actor, before, after }) => [actor, before?.balance, after.balance]),
    ).toEqual([
      [ONE, 1n, 3n],
      [TWO, undefined, 4n],
    ])
  })

  test('names no actor whose change was taken back or undone', () => {
    const table = tableOn()
    const first = recordOf(1n)
    table.set(ONE, first)
    table.commit()
    table.set(ONE, { ...first, balance: 2n })
    table.set(ONE, { ...first })
    const mark = table.mark()
    table.set(TWO, recordOf(1n))
    table.revertTo(mark)
    expect(table.changes()).toEqual([])
  })

  test('in a fork is apart: neither sees what the other changes', () => {
    const table = tableOn()
    table.set(ONE, recordOf(1n))
    table.commit()
    const fork = table.fork()
    table.set(ONE, recordOf(2n))
    fork.set(TWO, recordOf(3n))
    expect(fork.find(ONE)?.balance).toBe(1n)
    expect(table.find(TWO)).toBeUndefined()
    expect(table.root()).not.toBe(fork.root())
  })

  // The root is a function of the actors: however they came to be, a map that is built anew has the same.
  const steps = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 40 }), fc.bigInt({ min: 0n, max: 9n }), fc.boolean()),
  )
  propertyTest.prop([steps])('has the root of a map with the same actors', (operations) => {
    const store = writeBackBlockstore(createMemoryBlockstore(hashes))
    const table = tableOn(store)
    const model = new Map<number, bigint>()
    for (const [id, balance, isKept] of operations) {
      const mark = table.mark()
      table.set(idAddress(actorId(id)), recordOf(balance))
      if (isKept) {
        model.set(id, balance)
        table.root()
      } else {
        table.revertTo(mark)
      }
    }
    const built = Actors.empty(store)
    for (const [id, balance] of model) {
      built.set(idAddress(actorId(id)), recordOf(balance))
    }
    expect(formatCid(table.root())).toBe(formatCid(built.flush().cid))
  })
})
