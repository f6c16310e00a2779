import { type AttoFil, formatFil } from '@plimsoll/primitives'
import type { Findings } from '../../invariants/findings.ts'
import type { Policy } from '../../policy.ts'
import { loadVesting, type Miner } from '../load-miner.ts'
import { quantSpecEveryDeadline } from '../quant-specs.ts'
import { quantizeUp } from '../quantize.ts'
import { sumOfFunds } from '../vesting-state.ts'

/** Source: builtin-actors v18, `actors/miner/src/testing.rs`, `check_miner_balances`. */
export function checkMinerBalances(policy: Policy, miner: Miner, balance: AttoFil, findings: Findings): void {
  const { state } = miner
  const { lockedFunds, preCommitDeposits, initialPledge, feeDebt } = state
  requireNotNegative(findings, 'miner/balance-negative', balance)
  requireNotNegative(findings, 'miner/locked-funds-negative', lockedFunds)
  requireNotNegative(findings, 'miner/pre-commit-deposits-negative', preCommitDeposits)
  requireNotNegative(findings, 'miner/initial-pledge-negative', initialPledge)
  requireNotNegative(findings, 'miner/fee-debt-negative', feeDebt)
  const required = lockedFunds + preCommitDeposits + initialPledge
  findings.require(
    balance >= required,
    'miner/balance-below-requirements',
    () => `${formatFil(balance)}, where locked funds, deposits and pledge are ${formatFil(required)}`,
  )
  checkVestingTable(policy, miner, findings.under('vestingFunds'))
  // Funds that are locked for any reason need the cron that will release them.
  const needsCron = preCommitDeposits !== 0n || initialPledge !== 0n || lockedFunds !== 0n
  findings.require(
    state.deadlineCronActive || !needsCron,
    'miner/cron-inactive-with-funds',
    () => 'the deadline cron is not active although there is pledge, a deposit or locked funds',
  )
}

function checkVestingTable(policy: Policy, miner: Miner, findings: Findings): void {
  const quant = quantSpecEveryDeadline(policy, miner.state)
  const table = loadVesting(miner)
  for (const { epoch, amount } of table) {
    findings.require(amount > 0n, 'miner/vesting-amount', () => `${formatFil(amount)} at epoch ${epoch}`)
    const quantized = quantizeUp(quant, epoch)
    findings.require(
      epoch === quantized,
      'miner/vesting-epoch',
      () => `${epoch}, where the grid has ${quantized}`,
    )
  }
  const sum = sumOfFunds(table)
  findings.require(
    miner.state.lockedFunds === sum,
    'miner/locked-funds',
    () => `${formatFil(miner.state.lockedFunds)}, where the vesting table adds up to ${formatFil(sum)}`,
  )
}

function requireNotNegative(findings: Findings, kind: string, amount: AttoFil): void {
  findings.require(amount >= 0n, kind, () => formatFil(amount))
}
