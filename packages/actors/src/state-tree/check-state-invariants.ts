import { within } from '@plimsoll/ipld'
import {
  type ActorId,
  type ActorName,
  type Address,
  AddressProtocol,
  type ChainEpoch,
  findActorId,
  formatActorId,
  protocolOf,
  STORAGE_MARKET_ACTOR_ID,
  VERIFIED_REGISTRY_ACTOR_ID,
} from '@plimsoll/primitives'
import { checkAccountInvariants } from '../account/invariants.ts'
import { AccountState } from '../account/state.ts'
import type { ActorsVersion } from '../actors-version.ts'
import { checkCronInvariants } from '../cron/invariants.ts'
import { CronState } from '../cron/state.ts'
import { checkDatacapInvariants, type DatacapSummary } from '../datacap/invariants.ts'
import { DatacapState } from '../datacap/state.ts'
import { checkInitInvariants } from '../init/invariants.ts'
import { InitState } from '../init/state.ts'
import { createFindings, type Finding, type Findings } from '../invariants/findings.ts'
import { checkMarketInvariants, type MarketSummary } from '../market/invariants.ts'
import { MarketState } from '../market/state.ts'
import { checkMinerInvariants, type MinerSummary } from '../miner/invariants/check-state-invariants.ts'
import { minerLayout } from '../miner/layout.ts'
import { loadMiner } from '../miner/load-miner.ts'
import { checkMultisigInvariants } from '../multisig/invariants.ts'
import { MultisigState } from '../multisig/state.ts'
import type { Policy } from '../policy.ts'
import { checkPowerInvariants, type PowerSummary } from '../power/invariants.ts'
import { powerStateCodec } from '../power/state.ts'
import { checkRewardInvariants } from '../reward/invariants.ts'
import { RewardState } from '../reward/state.ts'
import { checkVerifregInvariants, type VerifregSummary } from '../verifreg/invariants.ts'
import { VerifregState } from '../verifreg/state.ts'
import type { ActorCodes } from './actor-codes.ts'
import { type ActorRecord, loadActorState } from './actor-record.ts'
import { checkDealStatesAgainstSectors } from './check-market.ts'
import { checkMinerAgainstPower } from './check-miners-against-power.ts'
import {
  checkMarketAgainstVerifreg,
  checkVerifregAgainstDatacap,
  checkVerifregAgainstMiners,
} from './check-verifreg.ts'
import type { StateTree } from './state-tree.ts'

/** What of a whole state was checked, and what was found. */
export interface StateCheck {
  readonly findings: readonly Finding[]
  /** Actors whose rules were checked, by name. */
  readonly checked: ReadonlyMap<ActorName, number>
  /** Actors whose rules are not known here yet, by name. */
  readonly unchecked: ReadonlyMap<ActorName, number>
}

/**
 * The reference's rules over a whole state: of each actor, and of actors against each other.
 *
 * `onActor` hears of every actor before it is checked.
 *
 * Source: builtin-actors v18, `state/src/check.rs`, `check_state_invariants`.
 *
 * @throws {CodecError} when a block is missing or malformed.
 * @throws {StateError} `UNKNOWN_ACTOR_CODE`
 */
export function checkStateInvariants(
  policy: Policy,
  tree: StateTree,
  codes: ActorCodes,
  priorEpoch: ChainEpoch,
  onActor: (id: ActorId) => void = () => {},
): StateCheck {
  const findings = createFindings()
  const run: Run = {
    policy,
    tree,
    version: codes.version,
    priorEpoch,
    miners: new Map(),
    power: undefined,
    market: undefined,
    verifreg: undefined,
    datacap: undefined,
    checked: new Map(),
    unchecked: new Map(),
  }
  for (const [address, record] of within('actors', () => [...tree.actors.entries()])) {
    const id = findActorId(address)
    if (protocolOf(address) !== AddressProtocol.Id || id === undefined) {
      findings.add('tree/key-not-id', `an address of protocol ${protocolOf(address)}`)
      continue
    }
    onActor(id)
    const name = codes.nameOf(record.code)
    const place = formatActorId(id)
    const isChecked = within(place, () =>
      checkActor(run, name, { id, address, record }, findings.under(place)),
    )
    const counts = isChecked ? run.checked : run.unchecked
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  for (const [miner, { id, summary }] of run.power === undefined ? [] : run.miners) {
    checkMinerAgainstPower(miner, summary, run.power as PowerSummary, findings.under(formatActorId(id)))
  }
  if (run.market !== undefined) {
    const here = findings.under(formatActorId(STORAGE_MARKET_ACTOR_ID))
    checkDealStatesAgainstSectors(run.market, run.miners, here)
  }
  checkAgainstVerifreg(run, findings)
  return { findings: findings.list, checked: run.checked, unchecked: run.unchecked }
}

function checkAgainstVerifreg({ verifreg, datacap, market, miners }: Run, findings: Findings): void {
  if (verifreg === undefined) {
    return
  }
  const here = findings.under(formatActorId(VERIFIED_REGISTRY_ACTOR_ID))
  if (datacap !== undefined) {
    checkVerifregAgainstDatacap(verifreg, datacap, here)
  }
  if (market !== undefined) {
    checkMarketAgainstVerifreg(market, verifreg, here)
  }
  const summaries = new Map([...miners].map(([miner, { summary }]) => [miner, summary]))
  checkVerifregAgainstMiners(verifreg, summaries, here)
}

interface Run {
  readonly policy: Policy
  readonly tree: StateTree
  readonly version: ActorsVersion
  readonly priorEpoch: ChainEpoch
  readonly miners: Map<Address, { readonly id: ActorId; readonly summary: MinerSummary }>
  power: PowerSummary | undefined
  market: MarketSummary | undefined
  verifreg: VerifregSummary | undefined
  datacap: DatacapSummary | undefined
  readonly checked: Map<ActorName, number>
  readonly unchecked: Map<ActorName, number>
}

interface ActorEntry {
  readonly id: ActorId
  readonly address: Address
  readonly record: ActorRecord
}

/** Checks one actor; says whether there are rules for it. */
function checkActor(
  run: Run,
  name: ActorName,
  { id, address, record }: ActorEntry,
  findings: Findings,
): boolean {
  const { policy, version } = run
  const { store } = run.tree
  const { balance } = record
  switch (name) {
    case 'system':
    case 'placeholder':
    case 'ethaccount':
    case 'evm':
    case 'eam':
      // The reference has no rules for these.
      return true
    case 'init':
      checkInitInvariants(store, loadActorState(store, InitState, record), findings)
      return true
    case 'cron':
      checkCronInvariants(loadActorState(store, CronState, record), findings)
      return true
    case 'account':
      checkAccountInvariants(id, loadActorState(store, AccountState, record), findings)
      return true
    case 'multisig':
      checkMultisigInvariants(store, loadActorState(store, MultisigState, record), findings)
      return true
    case 'reward':
      checkRewardInvariants(
        version,
        loadActorState(store, RewardState, record),
        run.priorEpoch,
        balance,
        findings,
      )
      return true
    case 'storagepower':
      run.power = checkPowerInvariants(
        policy,
        version,
        store,
        loadActorState(store, powerStateCodec(version), record),
        findings,
      )
      return true
    case 'storageminer': {
      const miner = loadMiner(store, minerLayout(version), record.head)
      const summary = checkMinerInvariants(policy, version, miner, balance, findings)
      run.miners.set(address, { id, summary })
      return true
    }
    case 'storagemarket':
      return checkMarket(run, record, findings)
    case 'verifiedregistry':
      return checkVerifreg(run, record, findings)
    case 'datacap':
      run.datacap = checkDatacapInvariants(store, loadActorState(store, DatacapState, record), findings)
      return true
    default:
      return false
  }
}

/** Before v13 deal states were other ones, and the market did not know which deals were in which sectors. */
function checkMarket(run: Run, record: ActorRecord, findings: Findings): boolean {
  if (run.version < 13) {
    return false
  }
  const { store } = run.tree
  const state = loadActorState(store, MarketState, record)
  run.market = checkMarketInvariants(store, state, record.balance, run.priorEpoch + 1, findings)
  return true
}

/** Before v9 the registry counted DataCap itself. */
function checkVerifreg(run: Run, record: ActorRecord, findings: Findings): boolean {
  if (run.version < 9) {
    return false
  }
  const { store } = run.tree
  const state = loadActorState(store, VerifregState, record)
  run.verifreg = checkVerifregInvariants(run.policy, store, state, run.priorEpoch, findings)
  return true
}
