import { MAINNET_POLICY } from '@plimsoll/actors'
import { bitFieldOf } from '@plimsoll/ipld'
import { type ActorId, idAddress } from '@plimsoll/primitives'
import type { PredictedDeadline, PredictedMiner, PredictedSector } from '../predict-state.ts'

/** A sector that is proven, and leaves as promised long after everything else. */
export function plainSector(number: number, fields: Partial<PredictedSector> = {}): PredictedSector {
  return {
    ...{ number, activation: 0, initialPledge: 1000n, qaPower: 32n << 30n, dailyFee: 0n, hasData: false },
    ...{
      promisedUntil: 10_000_000,
      expiresAt: 10_000_000,
      isOnTime: true,
      isFaulty: false,
      isRecovering: false,
      isUnproven: false,
    },
    ...fields,
  }
}

/** A deadline with a partition for each of the lists. */
export function plainDeadline(...partitions: readonly (readonly PredictedSector[])[]): PredictedDeadline {
  const all = partitions.flat()
  const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)
  return {
    partitions: partitions.map((sectors, index) => ({
      index,
      sectors: bitFieldOf(sectors.map(({ number }) => number)),
      live: new Map(sectors.map((sector) => [sector.number, sector])),
      queued: [],
      isPosted: false,
    })),
    liveQaPower: sum(all.map(({ qaPower }) => qaPower)),
    faultyQaPower: sum(all.map(({ qaPower, isFaulty }) => (isFaulty ? qaPower : 0n))),
    dailyFee: sum(all.map(({ dailyFee }) => dailyFee)),
    pending: new Set(),
  }
}

/** A miner of mainnet whose proving period starts with epoch 0, and that has nothing but what is given. */
export function plainMiner(fields: Partial<PredictedMiner> = {}): PredictedMiner {
  const { deadlines = [] } = fields
  const empty = Array.from({ length: 48 - deadlines.length }, () => plainDeadline())
  return {
    id: 1000 as ActorId,
    policy: MAINNET_POLICY,
    sectorSizeBytes: 2 ** 35,
    ...{ owner: idAddress(101n), worker: idAddress(102n), pendingWorker: null, beneficiary: idAddress(101n) },
    beneficiaryTerm: { quota: 0n, usedQuota: 0n, expiration: 0 },
    ...{ balance: 0n, initialPledge: 0n, preCommitDeposits: 0n, lockedFunds: 0n, feeDebt: 0n },
    ...{ vesting: [], cleanUps: [], periodOffset: 0, excludedUntil: -1, deadlineCronActive: true },
    ...{ pending: new Set<number>(), events: [], hasClaim: true, claim: { raw: 0n, qa: 0n } },
    // More than any test unlocks.
    networkPledge: { total: 10n ** 27n },
    ...fields,
    deadlines: [...deadlines, ...empty],
  }
}
