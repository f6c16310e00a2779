import {
  Claims,
  DealStates,
  MAINNET_POLICY,
  MarketState,
  type Policy,
  PowerState,
  parseRuleSet,
} from '@plimsoll/actors'
import {
  type ActorId,
  type Address,
  ATTO_FIL_PER_FIL,
  EPOCHS_IN_DAY,
  type Hashes,
  requireActorId,
  STORAGE_MARKET_ACTOR_ID,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import {
  advanceBy,
  applyReward,
  buildMixedMiner,
  createAccount,
  createMiner,
  type Economy,
  editActor,
  editAll,
  give,
  openEconomy,
  openNetwork,
  type TestMiner,
  type TestNetwork,
  withdraw,
} from '@plimsoll/testkit'
import { openVm } from '@plimsoll/vm'
import fc from 'fast-check'
import { type NetworkView, openNetworkView } from '../../assess/network-view.ts'
import { planLiquidation } from '../../plan/plan-liquidation.ts'
import type { LiquidationPlan } from '../../plan/plan-types.ts'
import { namedMessage } from '../../run/send.ts'

/** A network with a miner of eight live sectors that troubles can befall; forks of it are cheap. */
export interface SoundMiner {
  readonly network: TestNetwork
  readonly miner: TestMiner
  readonly id: ActorId
}

/** What befalls a miner, in this order. */
export interface Trouble {
  /** Blocks won, three quarters of whose rewards are locked. */
  readonly rewards: number
  /** Whether the owner has withdrawn everything that was available. */
  readonly isDrained: boolean
  /** Charged three times over; in whole FIL. */
  readonly penaltyFil: number
  /** Days for which nothing is proven. */
  readonly idleDays: number
  /** Epochs that pass after that, with proofs. */
  readonly epochs: number
  /** What somebody sends to it then, whether or not it owes; in whole FIL. */
  readonly topUpFil: number
  /** Who is paid in place of the owner, and how far. */
  readonly beneficiary: 'none' | 'small quota' | 'term ended'
  /** A defect of the state: a deal without its state, or a claim that the power actor has deleted. */
  readonly defect: 'none' | 'deal' | 'claim'
}

export const NO_TROUBLE: Trouble = {
  ...{ rewards: 0, isDrained: false, penaltyFil: 0, idleDays: 0, epochs: 0, topUpFil: 0 },
  ...{ beneficiary: 'none', defect: 'none' },
}

export const anyTrouble: fc.Arbitrary<Trouble> = fc.record({
  rewards: fc.nat(2),
  isDrained: fc.boolean(),
  penaltyFil: fc.constantFrom(0, 0, 1, 10, 100),
  idleDays: fc.nat(3),
  epochs: fc.nat(EPOCHS_IN_DAY),
  topUpFil: fc.constantFrom(0, 0, 50),
  beneficiary: fc.constantFrom('none', 'none', 'none', 'small quota', 'term ended'),
  defect: fc.constantFrom('none', 'none', 'none', 'deal', 'claim'),
})

const SECTORS = {
  ...{ committedCapacity: 4, verified: 1, withDeal: 1, faulty: 2, terminated: 1 },
  ...{ batches: 2, daysBetween: 2 },
}

/**
 * A new miner's deposit is no pledge of the network, and is taken from it when it is paid out; another miner's sectors
 * make the total large enough.
 */
export function openSoundMiner(hashes: Hashes): SoundMiner {
  const network = openNetwork(hashes)
  const miner = buildMixedMiner(network, SECTORS)
  buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  return { network, miner, id: requireActorId(miner.id) }
}

/** Minting and power as in the states of `fixtures/proposals`, which are like mainnet in 2026. */
const ECONOMY: Economy = {
  ...{ epoch: 6_105_600, circulatingSupply: 600_000_000n * ATTO_FIL_PER_FIL },
  ...{ rawPower: 11n << 59n, qaPower: 20n << 60n, claims: 1 },
  minting: {
    cumsumBaseline: 36_930_324_632_174_073_676_065_309n,
    cumsumRealized: 36_930_322_509_565_159_820_249_831n,
    effectiveNetworkTime: 3_402_896,
    effectiveBaselinePower: 27_240_257_600_959_014_229n,
    thisEpochReward: 32_077_889_374_978_565_214n,
    thisEpochBaselinePower: 162_605_385_116_206_227_146n,
  },
  ramp: { rampStartEpoch: 4_461_240, rampDurationEpochs: 365 * EPOCHS_IN_DAY },
}

/** A miner of the same sectors on a large network, whose fees follow the pledge. Another one's rewards are its pledge. */
export function openSmallMiner(hashes: Hashes): SoundMiner {
  const network = openEconomy(hashes, ECONOMY)
  applyReward(network, createMiner(network).id, { winCount: 100 })
  const miner = buildMixedMiner(network, SECTORS)
  return { network, miner, id: requireActorId(miner.id) }
}

/** The network once the trouble has come; the sound one stays what it is. */
export function afterTrouble({ network: sound, miner }: SoundMiner, trouble: Trouble): TestNetwork {
  const network = { ...sound, vm: sound.vm.fork(), made: { ...sound.made } }
  for (let block = 0; block < trouble.rewards; block++) {
    applyReward(network, miner.id)
  }
  if (trouble.isDrained) {
    withdraw(network, miner, 1_000_000_000n * ATTO_FIL_PER_FIL)
  }
  if (trouble.penaltyFil > 0) {
    applyReward(network, miner.id, { penalty: BigInt(trouble.penaltyFil) * ATTO_FIL_PER_FIL })
  }
  advanceBy(network, trouble.idleDays * EPOCHS_IN_DAY, { proves: (proving) => proving !== miner.id })
  advanceBy(network, trouble.epochs)
  if (trouble.topUpFil > 0) {
    give(network, miner.id, BigInt(trouble.topUpFil) * ATTO_FIL_PER_FIL)
  }
  if (trouble.beneficiary !== 'none') {
    pay(network, miner, trouble.beneficiary === 'small quota' ? 1_000_000 : 1)
  }
  return withDefect(network, miner, trouble.defect)
}

/** Has somebody else paid a tenth of a FIL at most, for so many epochs: proposed by the owner, and confirmed. */
function pay(network: TestNetwork, { id, owner }: TestMiner, term: number): void {
  const { vm } = network
  const { id: beneficiary } = createAccount(network)
  const params = {
    ...{ newBeneficiary: beneficiary, newQuota: 10n ** 17n },
    newExpiration: BigInt(vm.epoch + term),
  }
  for (const from of [owner.id as Address, beneficiary]) {
    vm.applyMessage(namedMessage('storageminer', 'ChangeBeneficiary', from, id, params))
  }
  advanceBy(network, 1)
}

function withDefect(network: TestNetwork, { id }: TestMiner, defect: Trouble['defect']): TestNetwork {
  const { vm } = network
  if (defect === 'none') {
    return network
  }
  const edit =
    defect === 'deal'
      ? editActor(STORAGE_MARKET_ACTOR_ID, MarketState, (state, store) => {
          const states = DealStates.load(store, state.states)
          states.delete(0)
          return { ...state, states: states.flush() }
        })
      : editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state, store) => {
          const claims = Claims.load(store, state.claims)
          claims.delete(id)
          return { ...state, claims: claims.flush() }
        })
  return { ...network, vm: openVm(vm.store, editAll(edit)(vm.store, vm.root()), vm.host, vm.epoch) }
}

export function viewOf({ vm }: Pick<TestNetwork, 'vm'>): NetworkView {
  return openNetworkView(vm.store, [vm.root()])
}

/** A plan to terminate everything, and to draw what comes free once a month. */
export function planAll(
  hashes: Hashes,
  view: NetworkView,
  id: ActorId,
  { rules = 'v18', policy = MAINNET_POLICY }: { readonly rules?: string; readonly policy?: Policy } = {},
): LiquidationPlan {
  const ruleSet = parseRuleSet(rules, view.assessedEpoch)
  return planLiquidation(view, id, {
    ...{ hashes, ruleSet, policy },
    target: { kind: 'all' },
    instalmentDays: 30,
  })
}
