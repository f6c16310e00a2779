import { bitFieldOf } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  expectedReward,
  MINER_EPOCH,
  pieceCid,
  pieceCommitment,
  ScriptedMiner,
  SECTOR_BYTES,
  STRANGER,
  TRUSTING,
} from '@plimsoll/testkit'
import { expect, test } from 'vitest'

const hashes = await createHashes()
const ONE = 10n ** 18n
const POWER = BigInt(SECTOR_BYTES)
const END = MINER_EPOCH + 59
/** What a full sector of verified data pledges: 20 days of reward, and its share of 30 % of the supply. */
const VERIFIED_PLEDGE = 80_466_270_446_777_343n + 2_346_932_888_031_005_859n + 1_005_828_380_584_716_796n

/** A sector that was proven unseen when it was empty, and holds verified data now. */
function updatedSinceItsProof() {
  const miner = new ScriptedMiner(hashes, { unlockedBalance: 100n * ONE, sectors: [{ sectorNumber: 1 }] })
  miner.rt.primitives = { ...TRUSTING, computeUnsealedSectorCid: () => pieceCommitment(9) }
  miner.rt.currEpoch = MINER_EPOCH + 10
  miner.call('SubmitWindowedPoSt', {
    deadline: 0n,
    partitions: [{ index: 0n, skipped: bitFieldOf([]) }],
    proofs: [{ postProof: 13n, proofBytes: Uint8Array.of(1) }],
    chainCommitEpoch: BigInt(MINER_EPOCH + 9),
    chainCommitRand: new Uint8Array(32),
  })
  miner.rt.currEpoch = END
  miner.expectCron(END + 60)
  miner.cron()
  miner.rt.currEpoch = END + 1
  update(miner)
  return miner
}

function update(miner: ScriptedMiner) {
  const claims = [{ client: 300n, allocationId: 7n, data: pieceCommitment(3), size: POWER }]
  const sectors = [{ sector: 1n, expiry: 1_556_200, claims }]
  const value = { sectorResults: { successCount: 1, failCodes: [] }, sectorClaims: [POWER] }
  miner.expectCall('verifiedregistry', 'ClaimAllocations', { sectors, allOrNothing: true }, { value })
  miner.expectEstimates()
  miner.expectPledge(VERIFIED_PLEDGE - ONE)
  miner.expectPower({ raw: 0n, qa: 9n * POWER })
  const verifiedAllocationKey = { client: 300n, id: 7n }
  const pieces = [{ cid: pieceCommitment(3), size: POWER, verifiedAllocationKey, notify: [] }]
  miner.call('ProveReplicaUpdates3', {
    sectorUpdates: [{ sector: 1n, deadline: 0n, partition: 0n, newSealedCid: pieceCid(5), pieces }],
    sectorProofs: [Uint8Array.of(1)],
    aggregateProof: new Uint8Array(),
    updateProofsType: 3n,
    aggregateProofType: null,
    requireActivationSuccess: true,
    requireNotificationSuccess: false,
  })
}

// The faults are recorded with the sectors of the snapshot: builtin-actors v18, `actors/miner/src/lib.rs`,
// `dispute_windowed_post`.
test('a dispute takes the power that a sector had when it was proven, and leaves sums that are off', () => {
  const miner = updatedSinceItsProof()
  miner.rt.primitives = { ...TRUSTING, verifyPost: () => false }
  miner.brokenRules = [
    'partition/faulty-power',
    'partition/active-power',
    'queue/faulty-power',
    'queue/fee-deduction',
    'partition/fee-deduction',
  ]
  miner.expectEstimates()
  // One tenth of what the sector has now; it pays for as much.
  miner.expectPower({ raw: -POWER, qa: -POWER })
  miner.expectPayment(STRANGER, 4n * ONE)
  miner.expectBurn(expectedReward(15_868, POWER) + 20n * ONE)
  miner.call('DisputeWindowedPoSt', { deadline: 0n, postIndex: 0n }, STRANGER)

  // The sector cannot be terminated any more: more faulty power would leave its partition than is there.
  miner.rt.currEpoch = MINER_EPOCH + 600
  const declaration = { deadline: 0n, partition: 0n, sectors: bitFieldOf([1]) }
  expect(miner.exitCode('TerminateSectors', [declaration])).toBe(ExitCode.USR_ILLEGAL_STATE)
})
