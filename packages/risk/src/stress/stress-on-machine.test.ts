import {
  type ConsensusFault,
  MAINNET_POLICY,
  PowerState,
  ReportConsensusFaultParams,
  serialize,
} from '@plimsoll/actors'
import {
  type ActorId,
  ATTO_FIL_PER_FIL,
  createHashes,
  EPOCHS_IN_DAY,
  findActorId,
  idAddress,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import {
  advanceBy,
  buildMixedMiner,
  createAccount,
  editActor,
  execute,
  openNetwork,
  type TestNetwork,
} from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import type { MinerTerms } from '../assess/assess-miner.ts'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { loadPredictedMiner } from '../plan/load-predicted-miner.ts'
import { drawMiner } from './draw-shock.ts'
import { createNormal } from './draws/normal.ts'
import { faultySectors } from './faulty-sectors.ts'
import { runShock, type ShockOutcome } from './run-shock.ts'
import { parseStressFile, type Shock } from './stress-file.ts'
import { type StressSubject, stressMiner, stressSubject } from './stressed-miner.ts'
import { figuresIn, machineDays, settledView } from './testing/machine-days.ts'

const hashes = await createHashes()
const DRAW = { seed: 1, index: 0, normal: createNormal() }
/** Nothing is owed to a lender, so that nobody breaks. */
const TERMS: MinerTerms = { outstanding: 0n, buffer: { days: 3 } }

/** What the headers of a report are taken to prove. */
let shown: ConsensusFault | 'none' = 'none'
let network: TestNetwork
let view: NetworkView
let miners: readonly ActorId[]

beforeAll(() => {
  network = openNetwork(hashes, { primitives: { verifyConsensusFault: () => shown } })
  const idOf = (plan: Parameters<typeof buildMixedMiner>[1]) =>
    findActorId(buildMixedMiner(network, plan).id) as ActorId
  miners = [
    idOf({ committedCapacity: 30, verified: 6, faulty: 20, terminated: 2 }),
    idOf({ nonInteractive: 200, batches: 4 }),
    idOf({ withPiece: 12, extended: 8, snapped: 4 }),
  ]
  // What is faulty is all in the first deadline, whose recoveries are declared in some 340 epochs then.
  advanceBy(network, 2000)
  view = settledView(network.vm)
})

const subjects = (): readonly StressSubject[] => miners.map((miner) => stressSubject(view, miner, TERMS))

function shockOf(fields: object, days: number): Shock {
  const shocks = [{ name: 'shock', ...fields }]
  const [shock] = parseStressFile({ format: 1, days, shocks }).shocks
  return shock as Shock
}

function stressed(shock: Shock, days: number): ShockOutcome {
  return runShock({ view, policy: MAINNET_POLICY, subjects: subjects(), shock, draw: DRAW, days })
}

/** What a shock makes faulty of every miner, in tenths of its sectors. */
function lostOf(tenths: bigint, regainedAtDay: number) {
  return miners.map((miner) => {
    const predicted = loadPredictedMiner(view, miner, MAINNET_POLICY)
    const faults = { faultyShare: { num: tenths, denom: 10n }, faultyUnit: 'sectors' as const }
    return { miner, sectors: [...faultySectors(predicted, miner, faults, DRAW)], regainedAtDay }
  })
}

/** The state in which a fault of a miner, of the epoch before, has been reported. */
function afterReport(miner: ActorId): NetworkView {
  const { vm } = network
  expect(vm.epoch).toBe(view.assessedEpoch)
  const fork = { ...network, vm: vm.fork() }
  shown = { target: idAddress(miner), epoch: vm.epoch - 1, faultType: 1 }
  const nothing = new Uint8Array()
  execute(fork, {
    ...{ from: createAccount(fork).id, to: idAddress(miner) },
    ...{ actor: 'storageminer', method: 'ReportConsensusFault' },
    params: serialize(ReportConsensusFaultParams, {
      header1: nothing,
      header2: nothing,
      headerExtra: nothing,
    }),
  })
  return settledView(fork.vm)
}

describe('several miners under a shock are what the machine makes of them, in every figure', () => {
  test.each([
    { what: 'when four tenths fail for two days', tenths: 4n, faultDays: 2, days: 5 },
    { what: 'when everything fails for less than a day', tenths: 10n, faultDays: 0.7, days: 3 },
    // Source: builtin-actors v18, `runtime/src/runtime/policy.rs`, `FAULT_MAX_AGE`: 42 days.
    { what: 'when half fails until it is terminated by its age', tenths: 5n, faultDays: 46, days: 46 },
  ])('$what', ({ tenths, faultDays, days }) => {
    const faults = { share: `0.${tenths}`.replace('0.10', '1'), days: String(faultDays) }
    const { miners: outcomes } = stressed(shockOf({ faults }, days), days)
    const end = machineDays(hashes, view, miners, lostOf(tenths, faultDays), days).at(-1) as NetworkView
    expect(end.stateEpoch).toBe(view.assessedEpoch + days * EPOCHS_IN_DAY - 1)
    for (const { subject, figures } of outcomes) {
      expect(figures).toMatchObject(figuresIn(end, subject))
    }
  })

  // Declarations are refused for 900 epochs: what is faulty recovers a day later, and pays for it.
  test('when one is excluded from recovering for a consensus fault', () => {
    const [first] = miners as [ActorId]
    const days = 4
    const hit = { miners: [`f0${first}`], faults: { share: '0.2', days: '2' } }
    const { miners: outcomes } = stressed(shockOf({ ...hit, consensusFault: { chance: '1' } }, days), days)
    const lost = lostOf(2n, 2).filter(({ miner }) => miner === first)
    const end = machineDays(hashes, afterReport(first), miners, lost, days).at(-1) as NetworkView
    for (const { subject, figures } of outcomes) {
      expect(figures).toMatchObject(figuresIn(end, subject))
    }
    // Without the exclusion less is charged, by more than the penalty.
    const { miners: calm } = stressed(shockOf(hit, days), days)
    const cost = (calm[0]?.figures.eligibleAsset ?? 0n) - (outcomes[0]?.figures.eligibleAsset ?? 0n)
    expect(cost).toBeGreaterThan(outcomes[0]?.consensusFault?.penalty ?? 0n)
  })

  test('when one is excluded already, for which nothing more can be reported', () => {
    const [first] = miners as [ActorId]
    const reported = afterReport(first)
    const subject = stressSubject(reported, first, TERMS)
    const shock = shockOf({ consensusFault: { chance: '1' } }, 0)
    const drawn = { view: reported, policy: MAINNET_POLICY, subjects: [subject], shock, draw: DRAW, days: 0 }
    const [outcome] = runShock(drawn).miners
    expect(outcome?.consensusFault).toBeUndefined()
    expect(outcome?.figures).toMatchObject(figuresIn(reported, subject))
  })
})

describe('a consensus fault', () => {
  /** The smoothed reward of an epoch, in attoFIL: the filter's position is Q.128. */
  const rewardOf = (position: bigint) => position >> 128n

  // Source: builtin-actors v18, `actors/miner/src/monies.rs`, `consensus_fault_penalty`: five fifths of the reward of an
  // epoch; `actors/miner/src/policy.rs`, `reward_for_consensus_slash_report`: a twentieth of it.
  test.each([
    { network: undefined, factor: 1n },
    { network: { reward: '3' }, factor: 1n },
    { network: { reward: '3', estimates: 'jump' }, factor: 3n },
  ])('costs the reward that is read then, $factor times that of the state, under $network', (given) => {
    const reward = rewardOf(view.estimates.reward.position * given.factor)
    const shock = shockOf(
      { consensusFault: { chance: '1' }, ...(given.network !== undefined && { network: given.network }) },
      0,
    )
    for (const { consensusFault } of stressed(shock, 0).miners) {
      const toReporter = reward / 20n
      expect(consensusFault).toEqual({ penalty: reward, toReporter, burned: reward - toReporter })
    }
  })

  test('takes the penalty and a debt out of what a miner is worth, and pays the reporter first', () => {
    const reward = rewardOf(view.estimates.reward.position)
    const calm = stressed(shockOf({}, 0), 0).miners
    for (const feeDebt of [2n, 10n ** 9n]) {
      const debt = feeDebt * ATTO_FIL_PER_FIL
      const hit = stressed(shockOf({ consensusFault: { chance: '1' }, feeDebt: `${feeDebt} FIL` }, 0), 0)
      for (const [i, { figures, consensusFault }] of hit.miners.entries()) {
        const before = calm[i]?.figures
        expect(figures.liquidationValue).toBe((before?.liquidationValue ?? 0n) - debt - reward)
        const paid = (before?.eligibleAsset ?? 0n) - figures.eligibleAsset
        expect(figures.feeDebt).toBe(debt + reward - paid)
        expect(consensusFault).toEqual({
          ...{ penalty: reward, toReporter: reward / 20n },
          burned: paid - reward / 20n,
        })
        expect(figures.feeDebt > 0n).toBe(feeDebt > 2n)
      }
    }
  })

  test('gives the reporter no more than what can be paid', () => {
    const poor = stressSubject(view, miners[0] as ActorId, TERMS)
    const shock = shockOf({ consensusFault: { chance: '1' } }, 0)
    const miner = loadPredictedMiner(view, poor.miner, MAINNET_POLICY)
    // Nothing is left of the balance but the pledge, and three attoFIL.
    miner.balance = miner.initialPledge + miner.preCommitDeposits + 3n
    miner.lockedFunds = 0n
    miner.vesting = []
    const met = drawMiner(shock, DRAW, poor.miner)
    const hit = stressMiner(miner, poor.miner, met, DRAW, view.assessedEpoch, view.estimates)
    expect(hit.consensusFault).toMatchObject({ toReporter: 3n, burned: 0n })
    expect(hit.miner.feeDebt).toBe(rewardOf(view.estimates.reward.position) - 3n)
  })

  // So great a debt takes all that a miner has locked, and every miner's out of the one total of the network.
  test('is refused where the pledge of the network would fall below zero', () => {
    const locked = miners.map((miner) => loadPredictedMiner(view, miner, MAINNET_POLICY).lockedFunds)
    const all = locked.reduce((sum, amount) => sum + amount)
    const shock = shockOf({ consensusFault: { chance: '1' }, feeDebt: '1000000000 FIL' }, 0)
    const stressedWith = (totalPledgeCollateral: bigint) => {
      const { store, root } = view.tree
      const edit = editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state) => ({
        ...state,
        totalPledgeCollateral,
      }))
      const edited = openNetworkView(store, [edit(store, root)])
      const drawn = { view: edited, policy: MAINNET_POLICY, shock, draw: DRAW, days: 0 }
      return runShock({ ...drawn, subjects: subjects() })
    }
    expect(stressedWith(all).rounds).toEqual([])
    expect(() => stressedWith(all - 1n)).toThrow(
      expect.objectContaining({
        code: 'STATE_NOT_PREDICTABLE',
        data: expect.objectContaining({ miner: miners.at(-1) }),
      }),
    )
  })
})
