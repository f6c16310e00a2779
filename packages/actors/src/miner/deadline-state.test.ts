import {
  bitFieldOf,
  createMemoryBlockstore,
  decodeCbor,
  EMPTY_BIT_FIELD,
  encodeCbor,
  formatCid,
  linkTo,
  Multicodec,
  Multihash,
  makeCid,
  parseCid,
} from '@plimsoll/ipld'
import { createHashes, formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../policy.ts'
import {
  type AnyDeadline,
  Deadline,
  DeadlineExpirations,
  Deadlines,
  DeadlineV8,
  OptimisticPoStSubmissions,
  Partitions,
  WPOST_PERIOD_DEADLINES,
} from './deadline-state.ts'
import { minerLayout } from './layout.ts'
import { EarlyTerminated } from './partition-state.ts'
import { PreCommitCleanup } from './state.ts'

interface StoredDeadline {
  readonly of: string
  readonly version: 8 | 16
  readonly hex: string
  readonly value: AnyDeadline
}

/** The empty structures of every network. Source: the same states as the deadlines below. */
const NO_PROOFS = linkTo<never>(parseCid('bafy2bzacebpbl7msg6mta4gjy3xmntdo6tt7wiikvctwtrkukkem5kvw5bw2i'))
const NO_SECTORS = linkTo<never>(parseCid('bafy2bzaceacu3yonapahihxmnhzuvk76yupwjmyeymd2l5n6xfs5st52shm6a'))
const NO_PARTITIONS = linkTo<never>(
  parseCid('bafy2bzacedijw74yui7otvo63nfl3hdq2vdzuy7wx2tnptwed6zml4vvz7wee'),
)
const NO_CLEANUP = linkTo<never>(parseCid('bafy2bzaceaa2jny7gkgdwnid4kuldau6bnvgyss5bszo4uy6uikrncvdu5mc2'))
const NO_PRE_COMMITS = linkTo<never>(
  parseCid('bafy2bzaceamp42wmmgr2g2ymg46euououzfyck7szknvfacqscohrvaikwfay'),
)

const defaultLink = linkTo<never>(parseCid('baeaaaaa'))
/** A CID with a digest of one byte, such as bagboea4seaaqa. */
const commitmentOf = (n: number) =>
  makeCid(Multicodec.FIL_COMMITMENT_SEALED, Multihash.SHA2_256_TRUNC254_PADDED, Uint8Array.of(n))

describe('a deadline', () => {
  test.each<StoredDeadline>([
    {
      // Source: builtin-actors v18, `actors/miner/tests/types_test.rs`, `deadline`.
      of: 'all defaults',
      version: 16,
      // [CID, CID, h'', h'', 0, 0, [h'', h''], CID, CID, CID, CID
      // eaaaaa, [h'', h''], h'']
      hex:
        '8dd82a450001000000d82a45000100000040400000824040d82a450001000000d82a450001000000d82a450001000000' +
        'd82a45000100000082404040',
      value: {
        partitions: defaultLink,
        expirationsEpochs: defaultLink,
        partitionsPosted: EMPTY_BIT_FIELD,
        earlyTerminations: EMPTY_BIT_FIELD,
        liveSectors: 0,
        totalSectors: 0,
        faultyPower: { raw: 0n, qa: 0n },
        optimisticPostSubmissions: defaultLink,
        sectorsSnapshot: defaultLink,
        partitionsSnapshot: defaultLink,
        optimisticPostSubmissionsSnapshot: defaultLink,
        livePower: { raw: 0n, qa: 0n },
        dailyFee: 0n,
      },
    },
    {
      of: 'different values',
      version: 16,
      // [CID seaaqa, CID seaaqc, h'0c', h'18', 2, 3, [h'0004', h'0005'], CID seaaqe, CID seaaqg, CID
      // seaaqi, CID seaaqk, [h'0006', h'0007'], h'006f05b59d3b200000']
      hex:
        '8dd82a49000182e20392200100d82a49000182e20392200101410c4118020382420004420005' +
        'd82a49000182e20392200102d82a49000182e20392200103d82a49000182e20392200104d82a49000182e20392200105' +
        '8242000642000749006f05b59d3b200000',
      value: {
        partitions: linkTo(commitmentOf(0)),
        expirationsEpochs: linkTo(commitmentOf(1)),
        partitionsPosted: bitFieldOf([0]),
        earlyTerminations: bitFieldOf([1]),
        liveSectors: 2,
        totalSectors: 3,
        faultyPower: { raw: 4n, qa: 5n },
        optimisticPostSubmissions: linkTo(commitmentOf(2)),
        sectorsSnapshot: linkTo(commitmentOf(3)),
        partitionsSnapshot: linkTo(commitmentOf(4)),
        optimisticPostSubmissionsSnapshot: linkTo(commitmentOf(5)),
        livePower: { raw: 6n, qa: 7n },
        dailyFee: 8n * 10n ** 18n,
      },
    },
    {
      // Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800.
      of: 'one sector on the calibration network',
      version: 8,
      // [CID o7rchu, CID 7flprq, h'', h'', 1, 1, [h'', h''], CID w5bw2i, CID 2shm6a, CID vz7wee, CID
      // w5bw2i]
      hex:
        '8bd82a5827000171a0e4022094235be55c825cf3888c7a28c126d802ac8ce5ff12ff75990b964f5c4efc447a' +
        'd82a5827000171a0e40220c892db852c15fe367196e4d8f403cc71e24d5936971387ae79d4e6ff7f2adf1840400101' +
        '824040d82a5827000171a0e402205e15fd9237993070c9c6eec6cc6ef4e7fb210aa8a769c5545288ceaab6e86da4' +
        'd82a5827000171a0e40220054de1cd03c0741eec69f34aabfec51f64b304c307a5f5beb965d94fba91d9e0' +
        'd82a5827000171a0e40220d09b7f98a23ee9d5dedb4abd9c70d5479a63f6bea6d7cec41fb2c5f2b5cfec42' +
        'd82a5827000171a0e402205e15fd9237993070c9c6eec6cc6ef4e7fb210aa8a769c5545288ceaab6e86da4',
      value: {
        partitions: linkTo(parseCid('bafy2bzaceckcgw7flsbfz44irr5crqjg3abkzdhf74jp65mzbole6xco7rchu')),
        expirationsEpochs: linkTo(parseCid('bafy2bzacedejfw4ffqk74ntrs3snr5adzry6etkzg2lrhb5ophkon737flprq')),
        partitionsPosted: EMPTY_BIT_FIELD,
        earlyTerminations: EMPTY_BIT_FIELD,
        liveSectors: 1,
        totalSectors: 1,
        faultyPower: { raw: 0n, qa: 0n },
        optimisticPostSubmissions: NO_PROOFS,
        sectorsSnapshot: NO_SECTORS,
        partitionsSnapshot: NO_PARTITIONS,
        optimisticPostSubmissionsSnapshot: NO_PROOFS,
      },
    },
    {
      // Source: filecoin-project/lotus `build/genesis/butterflynet.car.zst`, with actors v17.
      of: '12 sectors on the butterfly network',
      version: 16,
      // [CID zzopvo, CID 55g7ca, h'', h'', 12, 12, [h'', h''], CID w5bw2i, CID 2shm6a, CID vz7wee, CID
      // w5bw2i, [h'000180000000', h'000f00000000'], h'']
      hex:
        '8dd82a5827000171a0e4022032357b4b38f4572e496ab216ec9983bf17cea97e49574db245e8fe6979cb9f57' +
        'd82a5827000171a0e4022057d286a8c01fd44b275115cf216a38886dc5baf484caca4bc469b3609de9be2040400c0c' +
        '824040d82a5827000171a0e402205e15fd9237993070c9c6eec6cc6ef4e7fb210aa8a769c5545288ceaab6e86da4' +
        'd82a5827000171a0e40220054de1cd03c0741eec69f34aabfec51f64b304c307a5f5beb965d94fba91d9e0' +
        'd82a5827000171a0e40220d09b7f98a23ee9d5dedb4abd9c70d5479a63f6bea6d7cec41fb2c5f2b5cfec42' +
        'd82a5827000171a0e402205e15fd9237993070c9c6eec6cc6ef4e7fb210aa8a769c5545288ceaab6e86da4' +
        '824600018000000046000f0000000040',
      value: {
        partitions: linkTo(parseCid('bafy2bzaceazdk62lhd2folsjnkzbn3ezqo7rptvjpzevotnsixup42lzzopvo')),
        expirationsEpochs: linkTo(parseCid('bafy2bzacebl5fbviyap5iszhkek46ilkhceg3rn26scmvsslyru3gye55g7ca')),
        partitionsPosted: EMPTY_BIT_FIELD,
        earlyTerminations: EMPTY_BIT_FIELD,
        liveSectors: 12,
        totalSectors: 12,
        faultyPower: { raw: 0n, qa: 0n },
        optimisticPostSubmissions: NO_PROOFS,
        sectorsSnapshot: NO_SECTORS,
        partitionsSnapshot: NO_PARTITIONS,
        optimisticPostSubmissionsSnapshot: NO_PROOFS,
        livePower: { raw: 6442450944n, qa: 64424509440n },
        dailyFee: 0n,
      },
    },
  ])('of $of stands in bytes as in v$version', ({ version, hex, value }) => {
    const codec = minerLayout(version).deadline
    expect(decodeCbor(codec, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(codec, value))).toBe(hex)
  })

  test('of v8 to v15 is not one of v16, nor the other way round', () => {
    const fields = '40'.repeat(13)
    expect(() => decodeCbor(DeadlineV8, parseHex(`8d${fields}`))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['Deadline'] }),
    )
    expect(() => decodeCbor(Deadline, parseHex(`8b${fields}`))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['Deadline'] }),
    )
  })
})

describe('the deadlines of a miner', () => {
  test('are as many as the policy says', () => {
    expect(WPOST_PERIOD_DEADLINES).toBe(MAINNET_POLICY.wpostPeriodDeadlines)
  })

  // [[CID 48 times]]: a tuple of one array. Source: builtin-actors v18, `deadline_state.rs`, `Deadlines`.
  const due = Array.from({ length: 48 }, (_, index) => linkTo<AnyDeadline>(commitmentOf(index)))
  const links = due.map((_, index) => `d82a49000182e203922001${index.toString(16).padStart(2, '0')}`)

  test('stand as 48 links in a tuple', () => {
    const hex = `819830${links.join('')}`
    expect(decodeCbor(Deadlines, parseHex(hex))).toEqual({ due })
    expect(formatHex(encodeCbor(Deadlines, { due }))).toBe(hex)
  })

  test.each([
    { count: 47, head: '982f' },
    { count: 49, head: '9831' },
  ])('are not $count', ({ count, head }) => {
    const hex = `81${head}${[...links, ...links].slice(0, count).join('')}`
    expect(() => decodeCbor(Deadlines, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['Deadlines', 'due'] }),
    )
  })
})

describe('the root of an empty structure', async () => {
  const store = createMemoryBlockstore(await createHashes())
  const layout = minerLayout(18)

  // The bit width is in the root, so that these differ only by it.
  test.each([
    {
      structure: 'optimistic proofs',
      root: OptimisticPoStSubmissions.empty(store).flush(),
      expected: NO_PROOFS,
    },
    { structure: 'sectors', root: layout.sectors.empty(store).flush(), expected: NO_SECTORS },
    {
      structure: 'expirations of a deadline',
      root: DeadlineExpirations.empty(store).flush(),
      expected: NO_SECTORS,
    },
    { structure: 'partitions', root: Partitions.empty(store).flush(), expected: NO_PARTITIONS },
    { structure: 'early terminations', root: EarlyTerminated.empty(store).flush(), expected: NO_PARTITIONS },
    {
      structure: 'cleanups of pre-commitments',
      root: PreCommitCleanup.empty(store).flush(),
      expected: NO_CLEANUP,
    },
    { structure: 'pre-commitments', root: layout.preCommits.empty(store).flush(), expected: NO_PRE_COMMITS },
  ])('of $structure is that of every network', ({ root, expected }) => {
    expect(formatCid(root.cid)).toBe(formatCid(expected.cid))
  })
})
