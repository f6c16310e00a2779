import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadActorCodes, loadStateTree, MultisigState, PendingTxns } from '@plimsoll/actors'
import {
  amt,
  bitFieldOf,
  createMemoryBlockstore,
  type Link,
  linkTo,
  list,
  parseCid,
  save,
  tuple,
  uint,
} from '@plimsoll/ipld'
import { actorId, createHashes, idAddress, parseAddress } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { FIXTURES_DIR } from '../locations.ts'
import { loadCar } from '../states/open-state.ts'
import { describeActor } from './describe-actor.ts'
import { describeLink, describeValue } from './describe-value.ts'
import { type Described, formatDescribed } from './described.ts'
import { diffDescribed } from './diff-described.ts'
import { array, block } from './state-shapes.ts'

const hashes = await createHashes()
const CODE = parseCid('bafkqaelgnfwc65dfon2c63lvnr2gs43jm4')
const KEY = 'f1itpqzzcx6yf52oc35dgsoxfqkoxpy6kdmygbaja'

const Numbers = amt(uint, { bitWidth: 3 })
const Inner = tuple('Inner', { numbers: Numbers.link, size: uint })
const inner = block(Inner, { numbers: array(Numbers) })

function newStore() {
  return createMemoryBlockstore(hashes)
}

/** An inner block with some numbers in its array. */
function innerOf(store: ReturnType<typeof newStore>, ...numbers: number[]): Link<unknown> {
  const array = Numbers.empty(store)
  numbers.forEach((number, i) => {
    array.set(i, number)
  })
  return save(store, Inner, { numbers: array.flush(), size: numbers.length })
}

describe('a value in words', () => {
  test.each([
    { value: 12n, text: '12' },
    { value: null, text: 'null' },
    { value: true, text: 'true' },
    { value: Uint8Array.of(1, 255), text: '0x01ff' },
    { value: 'calibnet', text: '"calibnet"' },
    { value: '', text: '""' },
    { value: idAddress(actorId(1234)), text: 'f01234' },
    { value: parseAddress(KEY, hashes), text: KEY },
    { value: CODE, text: 'bafkqaelgnfwc65dfon2c63lvnr2gs43jm4' },
    { value: bitFieldOf([1, 2, 3, 7]), text: '{1-3, 7}' },
    { value: [1, { a: 2n, b: [] }], text: '[1, {a: 2, b: []}]' },
  ])('is $text', ({ value, text }) => {
    expect(formatDescribed(describeValue(newStore(), value))).toBe(text)
  })

  test('counts what would make a list too long', () => {
    const text = formatDescribed(
      describeValue(
        newStore(),
        Array.from({ length: 30 }, (_, i) => i),
      ),
    )
    expect(text).toMatch(/, 23, and 6 more\]$/)
  })
})

describe('the changes between two values', () => {
  test('are named by the way to them', () => {
    const store = newStore()
    const before = describeValue(store, { a: 1n, b: { c: [1, 2] }, d: null })
    const after = describeValue(store, { a: 1n, b: { c: [1, 3, 4] }, d: 5 })
    expect(diffDescribed(before, after)).toEqual([
      { path: 'b.c[1]', before: '2', after: '3' },
      { path: 'b.c[2]', before: null, after: '4' },
      { path: 'd', before: 'null', after: '5' },
    ])
  })

  test('are found behind links', () => {
    const store = newStore()
    const [before, after] = [innerOf(store, 1, 2), innerOf(store, 1, 5, 6)]
    expect(diffDescribed(describeLink(store, before, inner), describeLink(store, after, inner))).toEqual([
      { path: 'numbers[1]', before: '2', after: '5' },
      { path: 'numbers[2]', before: null, after: '6' },
      { path: 'size', before: '2', after: '3' },
    ])
  })

  test('do not make anything be read that both sides link', () => {
    const store = newStore()
    const { cid } = innerOf(newStore(), 1)
    const absent = () => describeLink(store, linkTo(cid), inner)
    expect(diffDescribed(absent(), absent())).toEqual([])
  })

  test('are CIDs where one side’s block is not there', () => {
    const [store, other] = [newStore(), newStore()]
    const [before, after] = [innerOf(store, 1), innerOf(other, 2)]
    const changes = diffDescribed(describeLink(store, before, inner), describeLink(store, after, inner))
    expect(changes).toHaveLength(1)
    expect(changes[0]).toMatchObject({ path: '', before: expect.stringMatching(/^bafy/) })
  })
})

describe('an actor in words', () => {
  const record = { code: CODE, sequence: 3n, balance: 9n, delegatedAddress: null }

  test('is its record, with its state by the types of its code', () => {
    const store = newStore()
    const head = save(store, MultisigState, {
      signers: [idAddress(actorId(100))],
      numApprovalsThreshold: 1,
      nextTxId: 0n,
      initialBalance: 0n,
      startEpoch: 0n,
      unlockDuration: 0n,
      pendingTxs: PendingTxns.empty(store).flush(),
    })
    const described = describeActor(store, 'multisig', { ...record, head })
    expect(formatDescribed(described)).toMatch(/^\{code: multisig, sequence: 3, balance: 9, state: bafy/)
    const changed = describeActor(store, 'multisig', {
      ...record,
      head: save(store, MultisigState, {
        signers: [],
        numApprovalsThreshold: 2,
        nextTxId: 0n,
        initialBalance: 0n,
        startEpoch: 0n,
        unlockDuration: 0n,
        pendingTxs: PendingTxns.empty(store).flush(),
      }),
    })
    expect(diffDescribed(described, changed)).toEqual([
      { path: 'state.signers[0]', before: 'f0100', after: null },
      { path: 'state.numApprovalsThreshold', before: '1', after: '2' },
    ])
  })

  test('whose code is unknown is named by its CIDs', () => {
    const store = newStore()
    const head = save(store, list(uint), [])
    expect(formatDescribed(describeActor(store, undefined, { ...record, head }))).toMatch(
      /^\{code: bafkq\w+, sequence: 3, balance: 9, state: bafy\w+\}$/,
    )
  })
})

describe('the states of recorded scenarios', () => {
  const states = readdirSync(FIXTURES_DIR, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.final.car.gz'),
  )

  test.each(states)('are described down to the last block: %s', (path) => {
    const { store, roots } = loadCar(join(FIXTURES_DIR, path), hashes)
    const tree = loadStateTree(store, roots)
    const codes = loadActorCodes(tree)
    for (const [, record] of tree.actors.entries()) {
      const name = codes.nameOf(record.code)
      // The address manager and placeholders have no state but an empty array.
      const hasState = name !== 'eam' && name !== 'placeholder' && name !== 'evm'
      const cids = hasState ? cidsOfBlocksIn(describeActor(store, name, record)) : []
      expect({ name, cids }).toEqual({ name, cids: [] })
    }
  })
})

/** CIDs of state that stand where a link would have been followed if it were known where it leads. */
function cidsOfBlocksIn(described: Described): readonly string[] {
  switch (described.kind) {
    case 'link':
      return cidsOfBlocksIn(described.follow())
    case 'members':
      return described.members.flatMap(([, member]) => cidsOfBlocksIn(member))
    case 'text':
      return /^bafy2bza/.test(described.text) ? [described.text] : []
  }
}
