import { type Blockstore, bitsOf, EMPTY_BIT_FIELD, type Hamt, hamt, type Link, uintKey } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { MAX_SECTOR_NUMBER, type Policy } from '../../policy.ts'
import { requireFound, requireInvariant, requireParam, requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { addManyToQueue, popUntil } from '../bitfield-queue.ts'
import { quantSpecEveryDeadline } from '../quant-specs.ts'
import { type MinerState, PRE_COMMITS_BIT_WIDTH, PreCommitCleanup } from '../state.ts'
import { SectorPreCommitOnChainInfo } from '../types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/state.rs`. */

/** Pre-commitments by their sector number. */
export const PreCommits = hamt(uintKey, SectorPreCommitOnChainInfo, { bitWidth: PRE_COMMITS_BIT_WIDTH })
export type PreCommits = Hamt<number, SectorPreCommitOnChainInfo>

export function loadPreCommits(store: Blockstore, state: MinerState | Draft<MinerState>): PreCommits {
  // A state that is executed has the newest layout.
  return PreCommits.load(store, state.preCommittedSectors as Link<PreCommits>)
}

function savePreCommits(state: Draft<MinerState>, preCommits: PreCommits): void {
  state.preCommittedSectors = preCommits.flush() as MinerState['preCommittedSectors']
}

/** Source: `put_precommitted_sectors`. @throws {ActorError} `USR_ILLEGAL_STATE` for one that is there already. */
export function putPreCommits(
  store: Blockstore,
  state: Draft<MinerState>,
  added: readonly SectorPreCommitOnChainInfo[],
): void {
  const preCommits = loadPreCommits(store, state)
  for (const preCommit of added) {
    const { sectorNumber } = preCommit.info
    requireState(!preCommits.has(sectorNumber), () => `sector ${sectorNumber} is pre-committed already`)
    preCommits.set(sectorNumber, preCommit)
  }
  savePreCommits(state, preCommits)
}

/**
 * The pre-commitments of sectors, in the order of the numbers.
 *
 * Source: `get_precommitted_sectors`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a number out of range; `USR_NOT_FOUND`
 */
export function getPreCommits(
  store: Blockstore,
  state: MinerState,
  numbers: readonly bigint[],
): readonly SectorPreCommitOnChainInfo[] {
  const preCommits = loadPreCommits(store, state)
  return numbers.map((number) => {
    requireParam(number <= MAX_SECTOR_NUMBER, 'the sector number is greater than the maximum')
    return requireFound(findPreCommit(preCommits, number), () => `sector ${number} is not pre-committed`)
  })
}

/** Those of the sectors that are pre-committed. Source: `find_precommitted_sectors`. */
export function findPreCommits(
  store: Blockstore,
  state: MinerState,
  numbers: readonly bigint[],
): readonly SectorPreCommitOnChainInfo[] {
  const preCommits = loadPreCommits(store, state)
  return numbers.flatMap((number) => findPreCommit(preCommits, number) ?? [])
}

/** A number from 2^53 up is never stored, so that none of them is found. */
function findPreCommit(preCommits: PreCommits, number: bigint): SectorPreCommitOnChainInfo | undefined {
  return number <= BigInt(Number.MAX_SAFE_INTEGER) ? preCommits.get(Number(number)) : undefined
}

/** Source: `delete_precommitted_sectors`. @throws {ActorError} `USR_ILLEGAL_STATE` for one that is not there. */
export function deletePreCommits(
  store: Blockstore,
  state: Draft<MinerState>,
  numbers: readonly number[],
): void {
  const preCommits = loadPreCommits(store, state)
  for (const number of numbers) {
    requireState(preCommits.delete(number), () => `sector ${number} is not pre-committed`)
  }
  savePreCommits(state, preCommits)
}

/** Has pre-commitments looked at again, each at an epoch. Source: `add_pre_commit_clean_ups`. */
export function addPreCommitCleanUps(
  policy: Policy,
  store: Blockstore,
  state: Draft<MinerState>,
  cleanUps: readonly (readonly [ChainEpoch, number])[],
): void {
  const amt = PreCommitCleanup.load(store, state.preCommittedSectorsCleanup)
  const quant = quantSpecEveryDeadline(policy, state)
  addManyToQueue({ amt, quant }, cleanUps)
  state.preCommittedSectorsCleanup = amt.flush()
}

/**
 * Drops pre-commitments that were not proven in time.
 *
 * Source: `cleanup_expired_pre_commits`.
 *
 * @returns their deposits, which are to be burned.
 */
export function cleanupExpiredPreCommits(
  policy: Policy,
  store: Blockstore,
  state: Draft<MinerState>,
  currEpoch: ChainEpoch,
): AttoFil {
  const amt = PreCommitCleanup.load(store, state.preCommittedSectorsCleanup)
  const due = popUntil({ amt, quant: quantSpecEveryDeadline(policy, state) }, currEpoch)
  if (due !== undefined) {
    state.preCommittedSectorsCleanup = amt.flush()
  }
  const preCommits = loadPreCommits(store, state)
  const expired: number[] = []
  let depositToBurn = 0n
  for (const number of bitsOf(due ?? EMPTY_BIT_FIELD)) {
    requireInvariant(typeof number === 'number', 'no pre-commitment has a number from 2^53 up')
    const preCommit = preCommits.get(number)
    if (preCommit !== undefined) {
      expired.push(number)
      depositToBurn += preCommit.preCommitDeposit
    }
  }
  if (expired.length > 0) {
    deletePreCommits(store, state, expired)
  }
  state.preCommitDeposits -= depositToBurn
  requireState(state.preCommitDeposits >= 0n, 'pre-commit clean up caused negative deposits')
  return depositToBurn
}
