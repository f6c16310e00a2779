import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, type Cid, type Codec, decodeCbor, encodeCbor } from '@plimsoll/ipld'
import {
  anyAddress,
  anyAmount,
  anyBytes,
  anyCid,
  anyEpoch,
  anyLink,
  anyMembers,
  anyPositiveAmount,
  anySector,
  anyU64,
} from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { AnyDeadline } from './deadline-state.ts'
import { minerLayout } from './layout.ts'
import type { MinerInfo, MinerState } from './state.ts'
import type { AnyPreCommit } from './types.ts'

const v8 = minerLayout(8)
const v9 = minerLayout(9)
const v12 = minerLayout(12)
const v16 = minerLayout(16)

/** A sector with all that versions before v16 recorded of its rewards. */
const anyRewardedSector = fc
  .tuple(anySector, anyPositiveAmount, anyPositiveAmount, anyPositiveAmount)
  .map(([sector, expectedDayReward, expectedStoragePledge, replacedDayReward]) => ({
    ...sector,
    expectedDayReward,
    expectedStoragePledge,
    replacedDayReward,
  }))

const anyBits = anyMembers.map(bitFieldOf)
const anyPower = fc.record({ raw: anyAmount, qa: anyAmount })

const anyInfo: fc.Arbitrary<MinerInfo> = fc.record({
  owner: anyAddress,
  worker: anyAddress,
  controlAddresses: fc.array(anyAddress, { maxLength: 3 }),
  pendingWorkerKey: fc.option(fc.record({ newWorker: anyAddress, effectiveAt: anyEpoch })),
  peerId: anyBytes,
  multiAddress: fc.array(anyBytes, { maxLength: 3 }),
  windowPostProofType: fc.integer({ min: 5, max: 14 }),
  sectorSize: fc.maxSafeNat(),
  windowPostPartitionSectors: fc.nat(),
  consensusFaultElapsed: fc.integer(),
  pendingOwnerAddress: fc.option(anyAddress),
  beneficiary: anyAddress,
  beneficiaryTerm: fc.record({ quota: anyAmount, usedQuota: anyAmount, expiration: anyEpoch }),
  pendingBeneficiaryTerm: fc.option(
    fc.record({
      newBeneficiary: anyAddress,
      newQuota: anyAmount,
      newExpiration: anyEpoch,
      approvedByBeneficiary: fc.boolean(),
      approvedByNominee: fc.boolean(),
    }),
  ),
})

const anyState: fc.Arbitrary<MinerState> = fc.record({
  info: anyLink,
  preCommitDeposits: anyAmount,
  lockedFunds: anyAmount,
  vestingFunds: fc.oneof(
    fc.constant({ head: null, tail: null }),
    fc.record({ head: fc.record({ epoch: anyEpoch, amount: anyAmount }), tail: anyLink }),
  ),
  feeDebt: anyAmount,
  initialPledge: anyAmount,
  preCommittedSectors: anyLink,
  preCommittedSectorsCleanup: anyLink,
  allocatedSectors: anyLink,
  sectors: anyLink,
  provingPeriodStart: fc.integer(),
  currentDeadline: fc.nat(),
  deadlines: anyLink,
  earlyTerminations: anyBits,
  deadlineCronActive: fc.boolean(),
})

const deadlineV8 = {
  partitions: anyLink,
  expirationsEpochs: anyLink,
  partitionsPosted: anyBits,
  earlyTerminations: anyBits,
  liveSectors: fc.nat(),
  totalSectors: fc.nat(),
  faultyPower: anyPower,
  optimisticPostSubmissions: anyLink,
  sectorsSnapshot: anyLink,
  partitionsSnapshot: anyLink,
  optimisticPostSubmissionsSnapshot: anyLink,
}
const anyDeadlineV8: fc.Arbitrary<AnyDeadline> = fc.record(deadlineV8)
const anyDeadline: fc.Arbitrary<AnyDeadline> = fc.record({
  ...deadlineV8,
  livePower: anyPower,
  dailyFee: anyAmount,
})

const preCommitInfo = {
  sealProof: fc.integer({ min: 0, max: 19 }),
  sectorNumber: fc.maxSafeNat(),
  sealedCid: anyCid,
  sealRandEpoch: anyEpoch,
  dealIds: fc.array(anyU64, { maxLength: 5 }),
  expiration: anyEpoch,
}
const preCommit = { preCommitDeposit: anyAmount, preCommitEpoch: anyEpoch }
const anyUnsealedCid: fc.Arbitrary<Cid | null> = fc.option(anyCid)
const anyPreCommitV9: fc.Arbitrary<AnyPreCommit> = fc.record({
  info: fc.record({ ...preCommitInfo, unsealedCid: anyUnsealedCid }),
  ...preCommit,
})
const anyPreCommitV8: fc.Arbitrary<AnyPreCommit> = fc.record({
  info: fc.record({
    ...preCommitInfo,
    replaceCapacity: fc.boolean(),
    replaceSectorDeadline: anyU64,
    replaceSectorPartition: anyU64,
    replaceSectorNumber: anyU64,
  }),
  ...preCommit,
  dealWeight: anyAmount,
  verifiedDealWeight: anyAmount,
})

function roundTrip<T>(codec: Codec<T>, value: T): T {
  return decodeCbor(codec, encodeCbor(codec, value))
}

describe('a value of any version decodes to what was encoded', () => {
  test.prop([anySector])('a sector of v16', (sector) => {
    expect(roundTrip(v16.sectors.value, sector)).toEqual(sector)
  })

  test.prop([anyRewardedSector])('a sector of v12, which has no daily fee', (sector) => {
    expect(roundTrip(v12.sectors.value, sector)).toEqual({ ...sector, dailyFee: 0n })
  })

  test.prop([anyRewardedSector, anyEpoch])(
    'a sector of v9, whose power base is its activation',
    (sector, age) => {
      const upgraded = { powerBaseEpoch: sector.activation, dailyFee: 0n, replacedSectorAge: age }
      expect(roundTrip(v9.sectors.value, { ...sector, replacedSectorAge: age })).toEqual({
        ...sector,
        ...upgraded,
      })
    },
  )

  test.prop([anyRewardedSector, anyEpoch])('a sector of v8, which has no flags either', (sector, age) => {
    const upgraded = { powerBaseEpoch: sector.activation, dailyFee: 0n, flags: 0, replacedSectorAge: age }
    expect(roundTrip(v8.sectors.value, { ...sector, replacedSectorAge: age })).toEqual({
      ...sector,
      ...upgraded,
    })
  })

  test.prop([anyInfo])('who controls a miner', (info) => {
    expect(roundTrip(v16.info, info)).toEqual(info)
    expect(roundTrip(v9.info, info)).toEqual(info)
  })

  test.prop([anyInfo])(
    'who controls a miner of v8, whose beneficiary is its owner without a term',
    (info) => {
      expect(roundTrip(v8.info, info)).toEqual({
        ...info,
        beneficiary: info.owner,
        beneficiaryTerm: { quota: 0n, usedQuota: 0n, expiration: 0 },
        pendingBeneficiaryTerm: null,
      })
    },
  )

  test.prop([anyState])('the state of a miner', (state) => {
    expect(roundTrip(v16.state, state)).toEqual(state)
  })

  test.prop([anyState, anyLink])(
    'the state of a miner of v8 to v15, whose table is behind a link',
    (any, tail) => {
      const state = { ...any, vestingFunds: { head: null, tail } }
      expect(roundTrip(v8.state, state)).toEqual(state)
      expect(roundTrip(v12.state, state)).toEqual(state)
    },
  )

  test.prop([anyDeadline, anyDeadlineV8])('a deadline', (deadline, older) => {
    expect(roundTrip(v16.deadline, deadline)).toEqual(deadline)
    expect(roundTrip(v12.deadline, older)).toEqual(older)
    expect(roundTrip(v8.deadline, older)).toEqual(older)
  })

  test.prop([anyPreCommitV9, anyPreCommitV8])('a pre-commitment', (preCommit, older) => {
    expect(roundTrip(v16.preCommits.value, preCommit)).toEqual(preCommit)
    expect(roundTrip(v9.preCommits.value, preCommit)).toEqual(preCommit)
    expect(roundTrip(v8.preCommits.value, older)).toEqual(older)
  })
})

// An older layout has no place for what a newer one knows, and the other way round: such a value is a bug.
describe('a value of one layout is not written in another', () => {
  test.prop([anySector, anyRewardedSector])(
    'sectors without rewards, or without a replaced age',
    (sector, rewarded) => {
      const bare = { ...sector, expectedDayReward: null }
      expect(() => encodeCbor(v12.sectors.value, bare)).toThrow(/assertion/)
      expect(() => encodeCbor(v12.sectors.value, { ...rewarded, expectedStoragePledge: null })).toThrow(
        /assertion/,
      )
      expect(() => encodeCbor(v12.sectors.value, { ...rewarded, replacedDayReward: null })).toThrow(
        /assertion/,
      )
      expect(() => encodeCbor(v9.sectors.value, rewarded)).toThrow(/assertion/)
      expect(() => encodeCbor(v8.sectors.value, rewarded)).toThrow(/assertion/)
    },
  )

  test.prop([anyDeadline, anyDeadlineV8])('deadlines', (deadline, older) => {
    expect(() => encodeCbor(v12.deadline, deadline)).toThrow(/assertion/)
    expect(() => encodeCbor(v16.deadline, older)).toThrow(/assertion/)
  })

  test.prop([anyPreCommitV9, anyPreCommitV8])('pre-commitments', (preCommit, older) => {
    expect(() => encodeCbor(v8.preCommits.value, preCommit)).toThrow(/assertion/)
    expect(() => encodeCbor(v9.preCommits.value, older)).toThrow(/assertion/)
  })

  test.prop([anyState])('states without a vesting table', (state) => {
    const none = { ...state, vestingFunds: { head: null, tail: null } }
    expect(() => encodeCbor(v8.state, none)).toThrow(/assertion/)
  })
})
