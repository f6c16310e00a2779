import { type Blockstore, type Link, load, within } from '@plimsoll/ipld'
import type { AnyDeadline } from './deadline-state.ts'
import { Deadlines } from './deadline-state.ts'
import type { MinerLayout } from './layout.ts'
import type { MinerInfo, MinerState } from './state.ts'
import type { SectorOnChainInfo } from './types.ts'
import type { VestingTable } from './vesting-state.ts'
import { loadVestingTable } from './vesting-state.ts'

/** A miner's state and the ways into it; nothing beyond the state itself is loaded yet. */
export interface Miner {
  readonly store: Blockstore
  readonly layout: MinerLayout
  readonly state: MinerState
}

export function loadMiner(store: Blockstore, layout: MinerLayout, head: Link<unknown>): Miner {
  return { store, layout, state: load(store, layout.state, head as Link<MinerState>) }
}

/** Source: builtin-actors v18, `actors/miner/src/state.rs`, `get_info`. */
export function loadInfo({ store, layout, state }: Miner): MinerInfo {
  return within('info', () => load(store, layout.info, state.info))
}

/** The vesting table, by ascending epoch. */
export function loadVesting({ store, layout, state }: Miner): VestingTable {
  return within('vestingFunds', () => loadVestingTable(store, layout.vestingTail, state.vestingFunds))
}

/** The deadlines, by index. Source: builtin-actors v18, `actors/miner/src/deadline_state.rs`, `load_deadline`. */
export function loadDeadlines({ store, layout, state }: Miner): readonly AnyDeadline[] {
  return within('deadlines', () =>
    load(store, Deadlines, state.deadlines).due.map((due, index) =>
      within(index, () => load(store, layout.deadline, due)),
    ),
  )
}

/** All sectors that the state holds, settled terminations not among them. */
export function loadSectorsByNumber({ store, layout, state }: Miner): ReadonlyMap<number, SectorOnChainInfo> {
  return within('sectors', () => new Map(layout.sectors.load(store, state.sectors).entries()))
}
