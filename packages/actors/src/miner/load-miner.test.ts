import {
  createMemoryBlockstore,
  formatCid,
  linkTo,
  Multicodec,
  Multihash,
  makeCid,
  save,
} from '@plimsoll/ipld'
import { actorId, createHashes, idAddress } from '@plimsoll/primitives'
import { buildMiner, OWNER_ID } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { Deadlines } from './deadline-state.ts'
import { minerLayout } from './layout.ts'
import { loadDeadlines, loadInfo, loadMiner, loadVesting, type Miner } from './load-miner.ts'

const store = createMemoryBlockstore(await createHashes())
const vesting = [
  { epoch: 1_001_520, amount: 5n },
  { epoch: 1_004_400, amount: 6n },
]
const { head } = buildMiner(
  store,
  { id: actorId(1000), vesting, sectors: [{ sectorNumber: 7, deadline: 3 }] },
  1_000_000,
)
const miner = loadMiner(store, minerLayout(18), head)
const absent = linkTo<never>(makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, new Uint8Array(32)))

describe('a miner', () => {
  test('leads to who controls it', () => {
    expect(loadInfo(miner)).toMatchObject({ owner: idAddress(OWNER_ID), windowPostProofType: 13 })
  })

  test('leads to its vesting table, the first step before the others', () => {
    expect(loadVesting(miner)).toEqual(vesting)
  })

  test('leads to its 48 deadlines in their order', () => {
    const deadlines = loadDeadlines(miner)
    expect(deadlines).toHaveLength(48)
    expect(deadlines.map(({ totalSectors }) => totalSectors).indexOf(1)).toBe(3)
  })
})

describe('a block that is missing', () => {
  const withState = (change: Partial<Miner['state']>): Miner => ({
    ...miner,
    state: { ...miner.state, ...change },
  })
  const due = Array.from({ length: 48 }, () => absent)
  const missing = { code: 'MISSING_BLOCK', data: { cid: formatCid(absent.cid) } }

  test.each([
    { of: 'the state', read: () => loadMiner(store, miner.layout, absent), path: [] },
    { of: 'the info', read: () => loadInfo(withState({ info: absent })), path: ['info'] },
    {
      of: 'the vesting table',
      read: () => loadVesting(withState({ vestingFunds: { head: null, tail: absent } })),
      path: ['vestingFunds'],
    },
    { of: 'the deadlines', read: () => loadDeadlines(withState({ deadlines: absent })), path: ['deadlines'] },
    {
      of: 'a deadline',
      read: () => loadDeadlines(withState({ deadlines: save(store, Deadlines, { due }) })),
      path: ['deadlines', 0],
    },
  ])('is named with the place of $of', ({ read, path }) => {
    expect(read).toThrow(expect.objectContaining({ ...missing, path }))
  })

  test('of another kind is no state', () => {
    const block = save(store, minerLayout(18).vestingTail, [{ epoch: 1, amount: 2n }])
    expect(() => loadMiner(store, miner.layout, block)).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['MinerState'] }),
    )
  })
})
