import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore, decodeCbor, encodeCbor, type Link, save } from '@plimsoll/ipld'
import { createHashes, formatHex, parseHex } from '@plimsoll/primitives'
import { anyVestingTable } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  loadVestingTable,
  type VestingFunds,
  VestingFundsCodec,
  type VestingTable,
  VestingTail,
  VestingTailV8,
} from './vesting-state.ts'

// Source: filecoin-project/lotus `build/genesis/butterflynet.car.zst`, state of the miner f01002.
const TAIL_CID = 'd82a5827000171a0e40220d30e22e4b35abc1159893e4cbd97176e01cf169e296b3d80a66f63cc26fd15b5'
const HEAD = { epoch: 4240, amount: 0x2e7e07799e20n }
const TAIL = (() => {
  const { tail } = decodeCbor(VestingFundsCodec, parseHex(`82821910904700${'2e7e07799e20'}${TAIL_CID}`))
  return tail
})()

describe('the vesting funds in a state', () => {
  test.each<{ readonly form: string; readonly hex: string; readonly funds: VestingFunds }>([
    { form: 'null without a table', hex: 'f6', funds: { head: null, tail: null } },
    {
      // [[4240, h'002e7e07799e20'], CID]
      form: 'the first step and a link',
      hex: `82821910904700${'2e7e07799e20'}${TAIL_CID}`,
      funds: { head: HEAD, tail: TAIL },
    },
    {
      // [[4240, h''], CID]
      form: 'a first step of zero, which stays there, and a link',
      hex: `828219109040${TAIL_CID}`,
      funds: { head: { epoch: 4240, amount: 0n }, tail: TAIL },
    },
  ])('from v16 on are $form', ({ hex, funds }) => {
    expect(decodeCbor(VestingFundsCodec, parseHex(hex))).toEqual(funds)
    expect(formatHex(encodeCbor(VestingFundsCodec, funds))).toBe(hex)
  })

  test.each([
    { defect: 'a first step alone', hex: '8182191090412e' },
    { defect: 'an empty tuple', hex: '80' },
    { defect: 'a link alone', hex: TAIL_CID },
    { defect: 'a step of one field', hex: `8281191090${TAIL_CID}` },
  ])('are not $defect', ({ hex }) => {
    expect(() => decodeCbor(VestingFundsCodec, parseHex(hex))).toThrow(
      expect.objectContaining({ path: expect.arrayContaining(['VestingFunds']) }),
    )
  })
})

describe('the block of a vesting table', () => {
  const table: VestingTable = [
    { epoch: 10, amount: 5n },
    { epoch: 1500, amount: 256n },
  ]

  test.each([
    // [[10, h'0005'], [1500, h'000100']], and before v16 in a tuple of its own.
    { since: 'v16', codec: VestingTail, of: table, hex: '82820a4200058219' + '05dc43000100' },
    { since: 'v8', codec: VestingTailV8, of: table, hex: '8182820a4200058219' + '05dc43000100' },
    { since: 'v16, empty,', codec: VestingTail, of: [], hex: '80' },
    // Source: ChainSafe/forest, calibration network at epoch 16,800: the table of most miners.
    { since: 'v8, empty,', codec: VestingTailV8, of: [], hex: '8180' },
  ])('since $since is $hex', ({ codec, of, hex }) => {
    expect(decodeCbor(codec, parseHex(hex))).toEqual(of)
    expect(formatHex(encodeCbor(codec, of))).toBe(hex)
  })

  test.each([
    {
      name: 'the block of v8 in the layout of v16',
      codec: VestingTail,
      hex: '8182820a42000582190' + '5dc43000100',
    },
    {
      name: 'the block of v16 in the layout of v8',
      codec: VestingTailV8,
      hex: '82820a4200058219' + '05dc43000100',
    },
    { name: 'a step of three fields', codec: VestingTail, hex: '81830a42000500' },
    { name: 'bytes after the table', codec: VestingTail, hex: '8000' },
  ])('is not $name', ({ codec, hex }) => {
    expect(() => decodeCbor(codec, parseHex(hex))).toThrow(
      expect.objectContaining({ path: expect.any(Array) }),
    )
  })

  test.prop([anyVestingTable, fc.constantFrom(VestingTail, VestingTailV8)])(
    'decodes to what was encoded',
    (anyTable, codec) => {
      expect(decodeCbor(codec, encodeCbor(codec, anyTable))).toEqual(anyTable)
    },
  )
})

describe('loadVestingTable', async () => {
  const store = createMemoryBlockstore(await createHashes())
  const rest: VestingTable = [{ epoch: 20, amount: 7n }]
  const tail: Link<VestingTable> = save(store, VestingTail, rest)

  // Source: builtin-actors v18, `actors/miner/src/vesting_state.rs`, `load`.
  test.each([
    { rule: 'without funds is empty', funds: { head: null, tail: null }, table: [] },
    {
      rule: 'begins with the first step',
      funds: { head: { epoch: 10, amount: 1n }, tail },
      table: [{ epoch: 10, amount: 1n }, ...rest],
    },
    {
      rule: 'leaves a first step of zero out',
      funds: { head: { epoch: 10, amount: 0n }, tail },
      table: rest,
    },
    { rule: 'is behind the link before v16', funds: { head: null, tail }, table: rest },
  ])('$rule', ({ funds, table }) => {
    expect(loadVestingTable(store, VestingTail, funds)).toEqual(table)
  })

  test('asks for the block behind the link', () => {
    expect(() => loadVestingTable(store, VestingTail, { head: HEAD, tail: TAIL })).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK' }),
    )
  })
})
