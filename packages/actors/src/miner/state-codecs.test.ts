import { test } from '@fast-check/vitest'
import {
  bitFieldOf,
  type Codec,
  CodecError,
  decodeCbor,
  encodeCbor,
  type IpldValue,
  ipldValue,
  linkTo,
  Multicodec,
  Multihash,
  makeCid,
} from '@plimsoll/ipld'
import { actorId, formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { concat, mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { Deadline, DeadlineV8, WindowedPoSt } from './deadline-state.ts'
import { ExpirationSetV8 } from './expiration-queue.ts'
import { minerLayout } from './layout.ts'
import { Partition } from './partition-state.ts'
import { MinerInfo, MinerState } from './state.ts'

/** A CID of one byte, which it holds itself. `CID n` in the notation above the bytes. */
const cidOf = (n: number) => makeCid(Multicodec.RAW, Multihash.IDENTITY, Uint8Array.of(n))
const linkOf = (n: number) => linkTo<never>(cidOf(n))
const idOf = (n: number) => idAddress(actorId(n))

function sample<T>(name: string, codec: Codec<T>, hex: string, value: T) {
  return {
    name,
    hex,
    bytes: parseHex(hex),
    value: value as unknown,
    decode: (bytes: Uint8Array): unknown => decodeCbor(codec, bytes),
    encoded: () => encodeCbor(codec, value),
    /** Decodes and encodes again; bytes that are refused stay as they are. */
    reencode: (bytes: Uint8Array) => {
      try {
        return encodeCbor(codec, decodeCbor(codec, bytes))
      } catch (error) {
        if (error instanceof CodecError) {
          return bytes
        }
        throw error
      }
    },
  }
}

/** The same tuple with other fields. */
function withFields(bytes: Uint8Array, change: (fields: readonly IpldValue[]) => readonly IpldValue[]) {
  return encodeCbor(ipldValue, change(decodeCbor(ipldValue, bytes) as readonly IpldValue[]))
}

// Every type with another value in every field. Source of their order: builtin-actors
// `actors/miner/src/{state,deadline_state,partition_state,expiration_queue}.rs` at v8.0.0, v9.0.3 and v18.0.0.
const SAMPLES = [
  sample(
    'MinerInfo from v9 on',
    MinerInfo,
    // [h'0001', h'0002', [h'0003', h'0004'], [h'0015', 22], h'05', [h'06', h'07'], 8, 9, 10, 11, h'0017',
    // h'000c', [h'001f', h'0020', 33], [h'0022', h'0023', 36, true, false]]
    '8e4200014200028242000342000482420015164105824106410708090a0b42001742000c8342001f4200201821' +
      '854200224200231824f5f4',
    {
      owner: idOf(1),
      worker: idOf(2),
      controlAddresses: [idOf(3), idOf(4)],
      pendingWorkerKey: { newWorker: idOf(21), effectiveAt: 22 },
      peerId: Uint8Array.of(5),
      multiAddress: [Uint8Array.of(6), Uint8Array.of(7)],
      windowPostProofType: 8,
      sectorSize: 9,
      windowPostPartitionSectors: 10,
      consensusFaultElapsed: 11,
      pendingOwnerAddress: idOf(23),
      beneficiary: idOf(12),
      beneficiaryTerm: { quota: 31n, usedQuota: 32n, expiration: 33 },
      pendingBeneficiaryTerm: {
        newBeneficiary: idOf(34),
        newQuota: 35n,
        newExpiration: 36,
        approvedByBeneficiary: true,
        approvedByNominee: false,
      },
    },
  ),
  sample(
    'MinerInfo of v8',
    minerLayout(8).info,
    // [h'0001', h'0002', [h'0003', h'0004'], [h'0015', 22], h'05', [h'06', h'07'], 8, 9, 10, 11, h'0017']
    '8b4200014200028242000342000482420015164105824106410708090a0b420017',
    {
      owner: idOf(1),
      worker: idOf(2),
      controlAddresses: [idOf(3), idOf(4)],
      pendingWorkerKey: { newWorker: idOf(21), effectiveAt: 22 },
      peerId: Uint8Array.of(5),
      multiAddress: [Uint8Array.of(6), Uint8Array.of(7)],
      windowPostProofType: 8,
      sectorSize: 9,
      windowPostPartitionSectors: 10,
      consensusFaultElapsed: 11,
      pendingOwnerAddress: idOf(23),
      beneficiary: idOf(1),
      beneficiaryTerm: { quota: 0n, usedQuota: 0n, expiration: 0 },
      pendingBeneficiaryTerm: null,
    },
  ),
  sample(
    'MinerState from v16 on',
    MinerState,
    // [CID 1, h'0002', h'0003', [[41, h'002a'], CID 43], h'0004', h'0005', CID 6, CID 7, CID 8, CID 9, 10,
    // 11, CID 12, h'b003', true]
    '8fd82a460001550001014200024200038282182942002ad82a4600015500012b420004420005d82a46000155000106' +
      'd82a46000155000107d82a46000155000108d82a460001550001090a0bd82a4600015500010c42b003f5',
    {
      info: linkOf(1),
      preCommitDeposits: 2n,
      lockedFunds: 3n,
      vestingFunds: { head: { epoch: 41, amount: 42n }, tail: linkOf(43) },
      feeDebt: 4n,
      initialPledge: 5n,
      preCommittedSectors: linkOf(6),
      preCommittedSectorsCleanup: linkOf(7),
      allocatedSectors: linkOf(8),
      sectors: linkOf(9),
      provingPeriodStart: 10,
      currentDeadline: 11,
      deadlines: linkOf(12),
      earlyTerminations: bitFieldOf([13]),
      deadlineCronActive: true,
    },
  ),
  sample(
    'MinerState of v8 to v15',
    minerLayout(8).state,
    // [CID 1, h'0002', h'0003', CID 43, h'0004', h'0005', CID 6, CID 7, CID 8, CID 9, 10, 11, CID 12,
    // h'b003', true]
    '8fd82a46000155000101420002420003d82a4600015500012b420004420005d82a46000155000106d82a46000155000107' +
      'd82a46000155000108d82a460001550001090a0bd82a4600015500010c42b003f5',
    {
      info: linkOf(1),
      preCommitDeposits: 2n,
      lockedFunds: 3n,
      vestingFunds: { head: null, tail: linkOf(43) },
      feeDebt: 4n,
      initialPledge: 5n,
      preCommittedSectors: linkOf(6),
      preCommittedSectorsCleanup: linkOf(7),
      allocatedSectors: linkOf(8),
      sectors: linkOf(9),
      provingPeriodStart: 10,
      currentDeadline: 11,
      deadlines: linkOf(12),
      earlyTerminations: bitFieldOf([13]),
      deadlineCronActive: true,
    },
  ),
  sample(
    'Deadline from v16 on',
    Deadline,
    // [CID 1, CID 2, h'7002', h'9002', 5, 6, [h'0007', h'0008'], CID 9, CID 10, CID 11, CID 12, [h'000d',
    // h'000e'], h'000f']
    '8dd82a46000155000101d82a46000155000102427002429002050682420007420008d82a46000155000109' +
      'd82a4600015500010ad82a4600015500010bd82a4600015500010c8242000d42000e42000f',
    {
      partitions: linkOf(1),
      expirationsEpochs: linkOf(2),
      partitionsPosted: bitFieldOf([3]),
      earlyTerminations: bitFieldOf([4]),
      liveSectors: 5,
      totalSectors: 6,
      faultyPower: { raw: 7n, qa: 8n },
      optimisticPostSubmissions: linkOf(9),
      sectorsSnapshot: linkOf(10),
      partitionsSnapshot: linkOf(11),
      optimisticPostSubmissionsSnapshot: linkOf(12),
      livePower: { raw: 13n, qa: 14n },
      dailyFee: 15n,
    },
  ),
  sample(
    'Deadline of v8 to v15',
    DeadlineV8,
    // [CID 1, CID 2, h'7002', h'9002', 5, 6, [h'0007', h'0008'], CID 9, CID 10, CID 11, CID 12]
    '8bd82a46000155000101d82a46000155000102427002429002050682420007420008d82a46000155000109' +
      'd82a4600015500010ad82a4600015500010bd82a4600015500010c',
    {
      partitions: linkOf(1),
      expirationsEpochs: linkOf(2),
      partitionsPosted: bitFieldOf([3]),
      earlyTerminations: bitFieldOf([4]),
      liveSectors: 5,
      totalSectors: 6,
      faultyPower: { raw: 7n, qa: 8n },
      optimisticPostSubmissions: linkOf(9),
      sectorsSnapshot: linkOf(10),
      partitionsSnapshot: linkOf(11),
      optimisticPostSubmissionsSnapshot: linkOf(12),
    },
  ),
  sample(
    'Partition',
    Partition,
    // [h'18', h'5002', h'7002', h'9002', h'b002', CID 6, CID 7, [h'0008', h'0009'], [h'000a', h'000b'],
    // [h'000c', h'000d'], [h'000e', h'000f']]
    '8b411842500242700242900242b002d82a46000155000106d82a46000155000107824200084200098242000a42000b' +
      '8242000c42000d8242000e42000f',
    {
      sectors: bitFieldOf([1]),
      unproven: bitFieldOf([2]),
      faults: bitFieldOf([3]),
      recoveries: bitFieldOf([4]),
      terminated: bitFieldOf([5]),
      expirationsEpochs: linkOf(6),
      earlyTerminated: linkOf(7),
      livePower: { raw: 8n, qa: 9n },
      unprovenPower: { raw: 10n, qa: 11n },
      faultyPower: { raw: 12n, qa: 13n },
      recoveringPower: { raw: 14n, qa: 15n },
    },
  ),
  sample(
    'ExpirationSet of v8 to v15',
    ExpirationSetV8,
    // [h'18', h'5002', h'0003', [h'0004', h'0005'], [h'0006', h'0007']]
    '8541184250024200038242000442000582420006420007',
    {
      onTimeSectors: bitFieldOf([1]),
      earlySectors: bitFieldOf([2]),
      onTimePledge: 3n,
      activePower: { raw: 4n, qa: 5n },
      faultyPower: { raw: 6n, qa: 7n },
      feeDeduction: 0n,
    },
  ),
  sample(
    'WindowedPoSt',
    WindowedPoSt,
    // [h'18', [[13, h'010203']]]
    '82411881820d43010203',
    {
      partitions: bitFieldOf([1]),
      proofs: [{ postProof: 13, proofBytes: Uint8Array.of(1, 2, 3) }],
    },
  ),
]

describe.each(SAMPLES)('$name', ({ bytes, hex, value, decode, encoded, reencode }) => {
  test('has the fields of the reference in their order', () => {
    expect(decode(bytes)).toEqual(value)
    expect(formatHex(encoded())).toBe(hex)
  })

  test.each([
    {
      defect: 'a field less',
      code: 'INVALID_VALUE',
      other: withFields(bytes, (fields) => fields.slice(0, -1)),
    },
    { defect: 'a field more', code: 'INVALID_VALUE', other: withFields(bytes, (fields) => [...fields, 0n]) },
    { defect: 'a byte more', code: 'CBOR_TRAILING_BYTES', other: concat(bytes, Uint8Array.of(0)) },
    { defect: 'a byte less', code: 'CBOR_TRUNCATED', other: bytes.slice(0, -1) },
  ])('is refused with $defect', ({ code, other }) => {
    expect(() => decode(other)).toThrow(expect.objectContaining({ code }))
  })

  test.prop([mutated(bytes)])('has one form in bytes, and a damaged one is refused or a value', (damaged) => {
    expect(reencode(damaged)).toEqual(damaged)
  })
})
