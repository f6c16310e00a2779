import { DatacapState, MultisigState, VerifregAllocations, VerifregState } from '@plimsoll/actors'
import { countBits } from '@plimsoll/ipld'
import {
  type Address,
  ATTO_FIL_PER_FIL,
  BURNT_FUNDS_ACTOR_ADDR,
  createHashes,
  DATACAP_ACTOR_ADDR,
  divFloor,
  idAddress,
  requireActorId,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { beforeEach, describe, expect, test } from 'vitest'
import { createAccount } from './accounts.ts'
import { advanceBy, tick } from './advance.ts'
import { applyReward, repayDebt, withdraw } from './balance.ts'
import { createMiner, type TestMiner } from './create-miner.ts'
import { addVerifiedClient, addVerifier, allocate } from './datacap.ts'
import { declareFaults, declareRecoveries } from './declare.ts'
import { bySectorPlace, deadlinesOf, infoOf, minerState, partitionsOf, placesOf } from './miner-view.ts'
import { createMultisig } from './multisig.ts'
import { openNetwork } from './network.ts'
import { networkFindings } from './network-findings.ts'
import { newPiece } from './pieces.ts'
import { preCommit, sealingEpochs } from './pre-commit.ts'
import { proveCommit } from './prove-commit.ts'
import { proveCommitNI } from './prove-commit-ni.ts'
import { execute } from './send.ts'
import type { TestNetwork } from './test-network.ts'

const hashes = await createHashes()
const DAY = 2880
let network: TestNetwork

beforeEach(() => {
  network = openNetwork(hashes)
})

function balanceOf(actor: Address): bigint {
  return network.vm.findActor(actor)?.balance ?? 0n
}

/** A miner with three sectors that are proven once. */
function provingMiner(): TestMiner {
  const miner = createMiner(network)
  const sectors = [1, 2, 3].map((sectorNumber) => ({ sectorNumber }))
  preCommit(network, miner, sectors)
  advanceBy(network, sealingEpochs(network))
  proveCommit(network, miner, sectors)
  advanceBy(network, DAY)
  return miner
}

/** A deadline that is neither open nor next. */
function farDeadline(miner: TestMiner): number {
  return (minerState(network, miner.id).currentDeadline + 20) % 48
}

function faultyRaw(miner: TestMiner): bigint {
  return deadlinesOf(network, miner.id).reduce((sum, { faultyPower }) => sum + faultyPower.raw, 0n)
}

describe('a network to act on', () => {
  test('begins with the singletons, a root of the registry and its signer, and without findings', () => {
    const { registryRoot, registrySigner } = network
    expect([registrySigner.id, registryRoot]).toEqual([idAddress(100n), idAddress(101n)])
    expect(network.vm.stateOf(registryRoot, MultisigState)).toMatchObject({
      signers: [registrySigner.id],
      numApprovalsThreshold: 1,
    })
    tick(network)
    expect(networkFindings(network)).toEqual([])
  })

  test('says why an action fails', () => {
    const poor = createAccount(network, 1n)
    const call = { from: poor.id, to: DATACAP_ACTOR_ADDR, actor: 'datacap', method: 'NameExported' } as const
    expect(() => execute(network, { ...call, value: 2n })).toThrow(
      /^datacap\.NameExported ended with SYS_INSUFFICIENT_FUNDS/,
    )
  })

  // Cron finds nothing due between the ends of deadlines, so that those epochs may as well be null rounds.
  test('I9: comes to the same sectors whether or not cron runs where no deadline ends', () => {
    const [everyEpoch, dueOnly] = [true, false].map((ticksEveryEpoch) => {
      network = openNetwork(hashes)
      const { id } = provingMiner()
      advanceBy(network, 200, { ticksEveryEpoch })
      return { miner: minerState(network, id), epoch: network.vm.epoch, places: placesOf(network, id) }
    })
    expect(dueOnly).toEqual(everyEpoch)
  })

  // A recovery that was declared counts once the next window is proven.
  test('lets faulty sectors recover', () => {
    const miner = provingMiner()
    declareFaults(network, miner, [1, 2])
    expect(faultyRaw(miner)).toBe(64n << 30n)
    declareRecoveries(network, miner, [2])
    advanceBy(network, DAY)
    expect(faultyRaw(miner)).toBe(32n << 30n)
    const faults = deadlinesOf(network, miner.id)
      .flatMap((deadline) => partitionsOf(network, deadline))
      .reduce((sum, partition) => sum + Number(countBits(partition.faults)), 0)
    expect(faults).toBe(1)
    expect(networkFindings(network)).toEqual([])
  })

  test('pays rewards, three quarters of which vest, and lets owners withdraw what is free', () => {
    const miner = provingMiner()
    const before = minerState(network, miner.id).lockedFunds
    const balance = balanceOf(miner.id)
    applyReward(network, miner.id)
    const reward = balanceOf(miner.id) - balance
    expect(reward).toBeGreaterThan(0n)
    // LOCKED_REWARD_FACTOR of builtin-actors v18, `actors/miner/src/monies.rs`, is 75 %.
    expect(minerState(network, miner.id).lockedFunds - before).toBe(divFloor(reward * 3n, 4n))
    expect(withdraw(network, miner, ATTO_FIL_PER_FIL)).toBe(ATTO_FIL_PER_FIL)
    expect(networkFindings({ vm: network.vm })).toEqual([])
  })

  test('charges penalties, and takes what is sent to repay them', () => {
    // A new miner's deposit is not in the network's pledge, which must not fall below zero when it is unlocked.
    const other = createMiner(network)
    proveCommitNI(network, other, {
      sectorNumbers: Array.from({ length: 65 }, (_, i) => i),
      deadline: farDeadline(other),
    })
    const miner = createMiner(network, { value: 100n * ATTO_FIL_PER_FIL })
    const burnt = balanceOf(BURNT_FUNDS_ACTOR_ADDR)
    applyReward(network, miner.id, { penalty: 1000n * ATTO_FIL_PER_FIL })
    const debt = minerState(network, miner.id).feeDebt
    expect(debt).toBeGreaterThan(0n)
    repayDebt(network, miner, debt)
    expect(minerState(network, miner.id).feeDebt).toBe(0n)
    // A block's penalty is charged three times: builtin-actors v18, `actors/reward/src/lib.rs`, `PENALTY_MULTIPLIER`.
    expect(balanceOf(BURNT_FUNDS_ACTOR_ADDR) - burnt).toBe(3000n * ATTO_FIL_PER_FIL)
  })

  test('commits sectors without a promise to the deadline that was asked for', () => {
    const miner = createMiner(network)
    const deadline = farDeadline(miner)
    proveCommitNI(network, miner, { sectorNumbers: [5, 6], deadline })
    expect(bySectorPlace(network, miner.id, [5, 6])).toEqual([{ deadline, partition: 0, sectors: [5, 6] }])
  })

  test('takes DataCap that is set aside from its client and gives it to the registry', () => {
    const miner = createMiner(network)
    const verifier = addVerifier(network, 1n << 40n)
    const client = createAccount(network)
    addVerifiedClient(network, verifier, client.id, 64n << 30n)
    const pieces = [newPiece(network, 16n << 30n), newPiece(network, 1n << 20n)]
    expect(allocate(network, client, { provider: miner.id, pieces })).toEqual([1n, 2n])
    const { token } = network.vm.stateOf(DATACAP_ACTOR_ADDR, DatacapState)
    expect(token.supply).toBe((64n << 30n) * ATTO_FIL_PER_FIL)
    const { allocations } = network.vm.stateOf(VERIFIED_REGISTRY_ACTOR_ADDR, VerifregState)
    const own = VerifregAllocations.load(network.vm.store, allocations).entriesOf(
      BigInt(requireActorId(client.id)),
    )
    expect([...own].map(([, { size }]) => size).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      1n << 20n,
      16n << 30n,
    ])
  })

  test('has owners and workers that differ, and multisigs of more than one', () => {
    const [owner, worker] = [createAccount(network), createAccount(network)]
    const miner = createMiner(network, { owner, worker })
    expect(infoOf(network, miner.id)).toMatchObject({ owner: owner.id, worker: worker.id })
    const multisig = createMultisig(network, owner.id, [owner.id, worker.id], { threshold: 2, value: 5n })
    expect(balanceOf(multisig)).toBe(5n)
    expect(network.vm.stateOf(multisig, MultisigState).numApprovalsThreshold).toBe(2)
  })
})
