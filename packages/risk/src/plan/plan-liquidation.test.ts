import {
  Claims,
  currentDeadlineInfo,
  isDeadlineMutable,
  MAINNET_POLICY,
  MinerState,
  type Policy,
  PowerState,
  parseRuleSet,
} from '@plimsoll/actors'
import {
  type ActorId,
  type Address,
  createHashes,
  divFloor,
  EPOCHS_IN_DAY,
  findActorId,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import {
  advanceBy,
  buildMixedMiner,
  createAccount,
  editActor,
  openNetwork,
  type TestMiner,
  type TestNetwork,
} from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { assessCustom } from '../packs/custom.ts'
import type { PackSubject } from '../packs/rule-pack.ts'
import { namedMessage } from '../run/send.ts'
import { planLiquidation } from './plan-liquidation.ts'
import type { LiquidationPlan } from './plan-types.ts'
import { rehearsePlan } from './rehearse-plan.ts'

const hashes = await createHashes()
let network: TestNetwork
let mixed: TestMiner
let miner: ActorId

beforeAll(() => {
  network = openNetwork(hashes)
  mixed = buildMixedMiner(network, {
    ...{ committedCapacity: 6, verified: 2, withDeal: 2, faulty: 2, terminated: 1, extended: 1 },
    batches: 2,
    daysBetween: 2,
  })
  // A new miner's deposit is no pledge of the network, and is taken from it when it is paid out; another miner's
  // sectors make the total large enough.
  buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  miner = findActorId(mixed.id) as ActorId
})

const viewOf = ({ vm }: Pick<TestNetwork, 'vm'>): NetworkView => openNetworkView(vm.store, [vm.root()])

function planAll(view: NetworkView, rules = 'v18', policy: Policy = MAINNET_POLICY): LiquidationPlan {
  const ruleSet = parseRuleSet(rules, view.assessedEpoch)
  return planLiquidation(view, miner, {
    ...{ hashes, ruleSet, policy },
    target: { kind: 'all' },
    instalmentDays: 30,
  })
}

function rehearse(view: NetworkView, plan: LiquidationPlan, policy: Policy = MAINNET_POLICY) {
  return rehearsePlan(view, plan, { hashes, policy, networkVersion: 28 })
}

/** Debt and charges are burned or left over; what was there is burned, paid out, or left. */
function expectConserved({ start, end, totals, cash }: LiquidationPlan): void {
  const { terminationFees, faultFees, dailyFees, burnedDeposits, burned } = totals
  expect(start.feeDebt + terminationFees + faultFees + dailyFees + burnedDeposits).toBe(
    burned + end.shortfall,
  )
  expect(start.balance).toBe(burned + (cash.at(-1)?.total ?? 0n) + end.balance)
}

describe('a plan for everything', () => {
  test.each(['v18', 'v18+terminateSectors2'])(
    'leaves nothing, and comes out as planned under %s',
    (rules) => {
      const view = viewOf(network)
      const plan = planAll(view, rules)
      expectConserved(plan)
      expect(plan.end).toMatchObject({ balance: 0n, liveSectors: 0, queuedSectors: 0, shortfall: 0n })
      expect(plan.totals.settledSectors).toBe(plan.start.liveSectors)
      expect(rehearse(view, plan).differences).toEqual([])
      const method = rules === 'v18' ? 'TerminateSectors' : 'TerminateSectors2'
      expect(plan.steps[0]?.message.methodName).toBe(method)
    },
  )

  // `deadline_is_mutable`: the deadline that is open and the next one cannot be changed.
  test('I9: names sectors only while their deadlines can be changed, each sector once', () => {
    const view = viewOf(network)
    const plan = planAll(view)
    const seen = plan.steps.flatMap(({ declared }) => declared.flatMap(({ sectors }) => sectors))
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(plan.start.liveSectors)
    const state = network.vm.stateOf(mixed.id, MinerState)
    for (const { epoch, declared } of plan.steps) {
      const { periodStart } = currentDeadlineInfo(MAINNET_POLICY, state, epoch)
      for (const { deadline } of declared) {
        expect(isDeadlineMutable(MAINNET_POLICY, periodStart, deadline, epoch)).toBe(true)
      }
    }
  })

  test('keeps to the limits of a message', () => {
    const view = viewOf(network)
    const policy = { ...MAINNET_POLICY, addressedPartitionsMax: 2, addressedSectorsMax: 3 }
    const plan = planAll(view, 'v18', policy)
    const sizes = plan.steps.map(({ declared }) => ({
      partitions: declared.length,
      sectors: declared.reduce((sum, { sectors }) => sum + sectors.length, 0),
    }))
    expect(Math.max(...sizes.map(({ partitions }) => partitions))).toBeLessThanOrEqual(2)
    expect(Math.max(...sizes.map(({ sectors }) => sectors))).toBeLessThanOrEqual(3)
    expect(plan.steps.every(({ sizeBytes }) => sizeBytes <= 65_536)).toBe(true)
    expect(plan.steps.every(({ gas }) => gas === null || gas.high <= 10_000_000_000n)).toBe(true)
    expect(rehearse(view, plan, policy).differences).toEqual([])
  })

  // Two sectors a round: the rest of a message waits for cron, and a withdrawal is refused until the queue is empty.
  test('follows rounds that messages and cron share', () => {
    const view = viewOf(network)
    const policy = { ...MAINNET_POLICY, settledSectorsMax: 2, settledPartitionsMax: 2 }
    const plan = planAll(view, 'v18', policy)
    expectConserved(plan)
    expect(plan.totals.settledSectors).toBe(plan.start.liveSectors)
    expect(rehearse(view, plan, policy).differences).toEqual([])
  })

  test('of a miner that has stopped proving has its fault fees and its debt', () => {
    const { vm } = network
    const fork: TestNetwork = { ...network, vm: vm.fork() }
    advanceBy(fork, 3 * EPOCHS_IN_DAY, { proves: (proving) => proving !== mixed.id })
    const view = viewOf(fork)
    const plan = planAll(view)
    expect(plan.start.balance).toBeLessThan(network.vm.findActor(mixed.id)?.balance ?? 0n)
    expectConserved(plan)
    expect(rehearse(view, plan).differences).toEqual([])
  })

  test('is refused when it was changed, and when the state is another one', () => {
    const view = viewOf(network)
    const plan = planAll(view)
    const altered = { ...plan, steps: plan.steps.slice(1) }
    expect(() => rehearse(view, altered)).toThrow(expect.objectContaining({ code: 'PLAN_ALTERED' }))
    const later = { ...network, vm: network.vm.fork() }
    later.vm.tick()
    later.vm.epoch++
    expect(() => rehearse(viewOf(later), plan)).toThrow(
      expect.objectContaining({ code: 'PLAN_DOES_NOT_FIT' }),
    )
  })
})

describe('a beneficiary that is not the owner', () => {
  /** Proposed by the owner, and confirmed by the one who is named. */
  function withBeneficiary(quota: bigint, term: number): NetworkView {
    const vm = network.vm.fork()
    const { id: beneficiary } = createAccount({ ...network, vm })
    const params = {
      newBeneficiary: beneficiary,
      newQuota: quota,
      newExpiration: BigInt(vm.epoch + term),
    }
    for (const from of [mixed.owner.id as Address, beneficiary]) {
      const receipt = vm.applyMessage(
        namedMessage('storageminer', 'ChangeBeneficiary', from, mixed.id, params),
      )
      expect(receipt.exitCode).toBe(0)
    }
    return viewOf({ vm })
  }

  test('is paid no more than the quota, and what stays behind is named', () => {
    const view = withBeneficiary(10n ** 18n, 1000 * EPOCHS_IN_DAY)
    const plan = planAll(view)
    expect(plan.cash).toEqual([{ epoch: expect.any(Number), amount: 10n ** 18n, total: 10n ** 18n }])
    expect(plan.blockers.map(({ kind }) => kind)).toContain('beneficiary-quota')
    const blocker = plan.blockers.find(({ kind }) => kind === 'beneficiary-quota')
    expect(blocker?.lockedValue).toBeGreaterThan(0n)
    expectConserved(plan)
    expect(rehearse(view, plan).differences).toEqual([])
  })

  test('has nothing when its term has ended', () => {
    const vm = withBeneficiary(10n ** 24n, 2)
    const view = openNetworkView(vm.tree.store, [vm.tree.root], { epoch: vm.assessedEpoch + 2 })
    const plan = planAll(view)
    expect(plan.cash).toEqual([])
    expect(plan.blockers.map(({ kind }) => kind)).toContain('beneficiary-expired')
    expect(rehearse(view, plan).differences).toEqual([])
  })
})

describe('a miner that the power actor does not know any more', () => {
  // Every failure of a miner's cron deletes its claim; `update_pledge_total` refuses it from then on.
  test('is frozen: nothing is sent, and everything is named as locked', () => {
    const { vm } = network
    const root = editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state) => {
      const claims = Claims.load(vm.store, state.claims)
      claims.delete(mixed.id)
      return { ...state, claims: claims.flush() }
    })(vm.store, vm.root())
    const view = openNetworkView(vm.store, [root])
    const plan = planAll(view)
    expect(plan.steps.filter(({ gas }) => gas !== null)).toEqual([])
    const frozen = plan.blockers.find(({ kind }) => kind === 'frozen-miner')
    expect(frozen).toMatchObject({ certainty: 'certain', lockedValue: plan.start.initialPledge })
    expect(frozen?.sectors).toHaveLength(plan.start.liveSectors)
    expect(rehearse(view, plan).differences).toEqual([])
  })
})

describe('S1: a miner that is not below its termination level is not wound up unseen', () => {
  const planned = (view: NetworkView, level: { outstanding: bigint; termination: bigint } | undefined) =>
    planLiquidation(view, miner, {
      ...{ hashes, ruleSet: parseRuleSet('v18', view.assessedEpoch), instalmentDays: 30 },
      target: { kind: 'all', level },
    })

  test('the plan is marked forced at the level, without one, and not below it', () => {
    const view = viewOf(network)
    const { balance, preCommitDeposits } = planned(view, undefined).start
    const outstanding = 3n
    const eligibleAsset = balance - preCommitDeposits - outstanding
    expect(planned(view, undefined)).toMatchObject({ forced: true, level: null })
    const at = planned(view, { outstanding, termination: eligibleAsset })
    expect(at).toMatchObject({ forced: true, level: { outstanding, eligibleAsset } })
    const below = planned(view, { outstanding, termination: eligibleAsset + 1n })
    expect(below).toMatchObject({ forced: false, level: { outstanding, eligibleAsset } })
    // What is to be sent is the same; the hash says which of the two it is.
    expect(below.steps).toEqual(at.steps)
    expect(below.hash).not.toBe(at.hash)
  })
})

describe('a plan to be safe', () => {
  /** Debt over balance must not rise above a half. */
  const judge = (subject: PackSubject) => {
    const levels = { compared: 'debtRatio', warning: { num: 1n, denom: 2n } } as const
    return assessCustom(subject, { name: 'half', deductions: [], levels }).compared
  }
  const planSafe = (view: NetworkView, outstanding: bigint) =>
    planLiquidation(view, miner, {
      hashes,
      ruleSet: parseRuleSet('v18', view.assessedEpoch),
      target: {
        ...{ kind: 'safe', judge, price: { num: 1n, denom: 1n } },
        terms: { outstanding, buffer: undefined },
      },
      instalmentDays: 30,
    })

  test('ends with the debt at the level or below, and with no more cash than the debt', () => {
    const view = viewOf(network)
    const { balance } = planAll(view).start
    // More than half of the balance is owed, by a little more than what is free can repay.
    const free = planSafe(view, balance).safe?.ladder.find(({ step }) => step === 'draw')?.amount ?? 0n
    const outstanding = (balance + free) * 5n
    const plan = planSafe(view, divFloor(outstanding, 10n) + 10n ** 17n)
    expect(plan.safe?.outcome).toBe('reached')
    expect(plan.safe?.sectors.length).toBeGreaterThan(0)
    expect(plan.safe?.sectors.length).toBeLessThan(plan.start.liveSectors)
    const cash = plan.cash.at(-1)?.total ?? 0n
    const debt = (plan.safe?.outstanding ?? 0n) - cash
    expect(debt * 2n).toBeLessThanOrEqual(plan.end.balance)
    expectConserved(plan)
    expect(rehearse(view, plan).differences).toEqual([])
  })

  test('is empty where everything together would not be enough', () => {
    const view = viewOf(network)
    const plan = planSafe(view, planAll(view).start.balance * 2n)
    expect(plan.safe?.outcome).toBe('unreachable')
    expect(plan.steps).toEqual([])
    expect(plan.end).toMatchObject({ balance: plan.start.balance, liveSectors: plan.start.liveSectors })
  })
})
