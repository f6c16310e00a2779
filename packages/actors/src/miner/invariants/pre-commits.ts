import { type BitField, EMPTY_BIT_FIELD, hasBit, unionOfBitFields, within } from '@plimsoll/ipld'
import { formatFil } from '@plimsoll/primitives'
import type { Findings } from '../../invariants/findings.ts'
import type { Policy } from '../../policy.ts'
import type { Miner } from '../load-miner.ts'
import { quantSpecEveryDeadline } from '../quant-specs.ts'
import { quantizeUp } from '../quantize.ts'
import { PreCommitCleanup } from '../state.ts'

/** Source: builtin-actors v18, `actors/miner/src/testing.rs`, `check_precommits`. */
export function checkPreCommits(policy: Policy, miner: Miner, allocated: BitField, findings: Findings): void {
  const { state, store, layout } = miner
  const withCleanup = checkCleanupQueue(policy, miner, findings.under('preCommittedSectorsCleanup'))
  let deposits = 0n
  const preCommits = within('preCommittedSectors', () => [
    ...layout.preCommits.load(store, state.preCommittedSectors).entries(),
  ])
  for (const [sectorNumber, preCommit] of preCommits) {
    const here = findings.under('preCommittedSectors', sectorNumber)
    here.require(
      hasBit(allocated, sectorNumber),
      'miner/pre-commit-not-allocated',
      () => 'the number is free',
    )
    here.require(
      hasBit(withCleanup, sectorNumber),
      'miner/pre-commit-without-cleanup',
      () => `no clean-up of the pre-commitment of epoch ${preCommit.preCommitEpoch}`,
    )
    deposits += preCommit.preCommitDeposit
  }
  findings.require(
    state.preCommitDeposits === deposits,
    'miner/pre-commit-deposits',
    () => `${formatFil(state.preCommitDeposits)}, where the deposits add up to ${formatFil(deposits)}`,
  )
}

/** Checks the queue and returns the sectors that are in it. */
function checkCleanupQueue(policy: Policy, { store, state }: Miner, findings: Findings): BitField {
  const quant = quantSpecEveryDeadline(policy, state)
  let sectors = EMPTY_BIT_FIELD
  const queue = within('preCommittedSectorsCleanup', () => [
    ...PreCommitCleanup.load(store, state.preCommittedSectorsCleanup).entries(),
  ])
  for (const [epoch, expiring] of queue) {
    findings.require(
      quantizeUp(quant, epoch) === epoch,
      'miner/pre-commit-cleanup-epoch',
      () => `epoch ${epoch} is not on the grid of deadlines`,
    )
    sectors = unionOfBitFields([sectors, expiring])
  }
  return sectors
}
