import {
  Claims,
  Deadlines,
  isConsensusFaultActive,
  loadInfo,
  loadMiner,
  type Miner,
  minerLayout,
  type PowerPair,
} from '@plimsoll/actors'
import { CodecError, load, within } from '@plimsoll/ipld'
import { type ActorId, type Address, type AttoFil, findActorId, formatActorId } from '@plimsoll/primitives'
import { findMiners, type MinerEntry } from '../assess/find-miners.ts'
import type { NetworkView } from '../assess/network-view.ts'

/** What the power table and block eligibility ask of a miner. */
export interface MinerPower {
  readonly miner: ActorId
  /** Its claim: the power of its sectors that are neither faulty nor unproven. */
  readonly claimed: PowerPair
  /**
   * Whether the state holds a miner of that id. A claim without one, as made-up states have them for the rest of
   * a network, counts all the same; nothing else is known of it, and nothing held against it.
   */
  readonly hasMiner: boolean
  readonly feeDebt: AttoFil
  /** Excluded from winning blocks because of a consensus fault that was reported. */
  readonly isConsensusFaultActive: boolean
  /**
   * Nothing is proven, and some of it is faulty. Sectors that were never proven are no fault. A state does not
   * tell a fault that was declared from one that was detected.
   */
  readonly isDetectedFault: boolean
  /** The balance is less than locked funds, deposits, pledge and debt. */
  readonly isUnderCollateralised: boolean
}

/**
 * Every miner with a claim, by ascending id.
 *
 * @throws {CodecError} when a block is missing or malformed, with a path that begins at the actor's address;
 * `INVALID_VALUE` for a claim under an address that is no id.
 */
export function loadMinerPowers(
  view: NetworkView,
  onProgress: (done: number, total: number) => void = () => {},
): readonly MinerPower[] {
  const { store } = view.tree
  const miners = new Map(findMiners(view).map((entry): [ActorId, MinerEntry] => [entry.id, entry]))
  const claims = within('f04', () =>
    within('claims', () =>
      [...Claims.load(store, view.network.power.claims).entries()].map(
        ([address, claim]) => [requireClaimant(address), claim] as const,
      ),
    ),
  )
  const powers = claims.map(([id, { rawBytePower, qualityAdjPower }], index): MinerPower => {
    onProgress(index, claims.length)
    const claimed = { raw: rawBytePower, qa: qualityAdjPower }
    const entry = miners.get(id)
    return entry === undefined
      ? { ...UNKNOWN_MINER, miner: id, claimed }
      : loadMinerPower(view, entry, claimed)
  })
  return powers.toSorted((a, b) => a.miner - b.miner)
}

function requireClaimant(address: Address): ActorId {
  const id = findActorId(address)
  if (id === undefined) {
    throw new CodecError('INVALID_VALUE', 'a claim under an address that is no id', { address })
  }
  return id
}

const UNKNOWN_MINER = {
  hasMiner: false,
  feeDebt: 0n,
  isConsensusFaultActive: false,
  isDetectedFault: false,
  isUnderCollateralised: false,
} as const

function loadMinerPower(view: NetworkView, { id, record }: MinerEntry, claimed: PowerPair): MinerPower {
  return within(formatActorId(id), () => {
    const miner = loadMiner(view.tree.store, minerLayout(view.version), record.head)
    const { lockedFunds, preCommitDeposits, initialPledge, feeDebt } = miner.state
    return {
      miner: id,
      claimed,
      hasMiner: true,
      feeDebt,
      isConsensusFaultActive: isConsensusFaultActive(loadInfo(miner), view.assessedEpoch),
      isDetectedFault: claimed.raw === 0n && hasFaultyPower(miner),
      isUnderCollateralised: record.balance < lockedFunds + preCommitDeposits + initialPledge + feeDebt,
    }
  })
}

/** Most deadlines of a small miner are the same empty one, which is read once. */
function hasFaultyPower({ store, layout, state }: Miner): boolean {
  return within('deadlines', () => {
    const { due } = load(store, Deadlines, state.deadlines)
    const distinct = new Map(due.map((link, index) => [link.cid, { link, index }]))
    return [...distinct.values()].some(({ link, index }) =>
      within(index, () => load(store, layout.deadline, link).faultyPower.raw > 0n),
    )
  })
}
