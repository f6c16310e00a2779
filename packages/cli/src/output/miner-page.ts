import { formatFil, formatPower } from '@plimsoll/primitives'
import type { FeeBreakdown, MinerFigures, MinerReport, NetworkView, RuleFigures } from '@plimsoll/risk'
import type { Terminal } from '../terminal.ts'
import { renderHead } from './head.ts'
import { bold, dim, markNegative, renderPairs, renderTable } from './table.ts'

/** One miner in full: balance sheet, position, fees by branch and by deadline, vesting table, queue. */
export function renderMinerReport(terminal: Terminal, view: NetworkView, report: MinerReport): string {
  const { miner } = report
  const title = miner.label === undefined ? miner.miner : `${miner.miner} ${miner.label}`
  return [
    renderHead(view, report),
    '',
    bold(terminal, title),
    section(terminal, 'Sectors', renderSectors(terminal, miner)),
    section(terminal, 'Balance sheet', renderSheet(terminal, miner)),
    ...[miner, ...(miner.otherFeeRules === undefined ? [] : [miner.otherFeeRules])].map((figures) =>
      section(
        terminal,
        `If terminated now, fee rules ${figures.feeRules}`,
        renderPosition(terminal, miner, figures),
      ),
    ),
    ...report.fees.flatMap((fees) => [
      section(
        terminal,
        `Termination fee by deciding branch, ${fees.feeRules}`,
        renderBranches(terminal, fees),
      ),
      section(terminal, `Termination fee by deadline, ${fees.feeRules}`, renderDeadlines(terminal, fees)),
    ]),
    section(terminal, 'Early-termination queue', renderQueue(terminal, report)),
    section(terminal, 'Vesting table', renderVesting(terminal, report)),
    '',
  ].join('\n')
}

function section(terminal: Terminal, heading: string, body: string): string {
  return `\n${bold(terminal, heading)}\n${body}`
}

function renderSectors(terminal: Terminal, miner: MinerFigures): string {
  return renderPairs(terminal, [
    ['live', String(miner.liveSectors)],
    ['faulty', String(miner.faultySectors), 'of the live ones'],
    ['recovering', String(miner.recoveringSectors), 'of the faulty ones'],
    ['unproven', String(miner.unprovenSectors), 'of the live ones'],
    ['terminated, not charged', String(miner.queuedSectors)],
    ['live power, raw', formatPower(BigInt(miner.rawPower))],
    ['live power, QA', formatPower(BigInt(miner.qaPower))],
  ])
}

function renderSheet(terminal: Terminal, miner: MinerFigures): string {
  return renderPairs(terminal, [
    ['actor balance', fil(miner.actorBalance)],
    ['initial pledge', fil(miner.initialPledge)],
    ['locked funds (vesting)', fil(miner.lockedFunds)],
    ['pre-commit deposits', fil(miner.preCommitDeposit)],
    ['unlocked balance', fil(miner.unlockedBalance), 'balance − pledge − locked − deposits'],
    ['fee debt', fil(miner.feeDebt)],
    ['available balance', mark(terminal, miner.availableBalance), 'unlocked − fee debt'],
    ['a day of slashing', fil(miner.dailySlashing), 'all live sectors faulty: fault fees and daily fees'],
  ])
}

function renderPosition(terminal: Terminal, miner: MinerFigures, figures: RuleFigures): string {
  const unknown = figures.sectorsWithoutRewards
  const beforeBuffer = miner.buffer === null ? ' (before buffer)' : ''
  return renderPairs(terminal, [
    [
      'termination fee',
      mark(terminal, figures.terminationFee),
      unknown > 0 ? `${unknown} sectors have no rewards recorded for these rules` : '',
    ],
    ['queued termination fee', mark(terminal, figures.queuedTerminationFee)],
    [
      'liquidation value',
      mark(terminal, figures.liquidationValue),
      'balance − deposits − debt − both fees; negative is a shortfall',
    ],
    ['recoverable now', mark(terminal, figures.recoverableNow), 'when the last sector is settled'],
    ['recoverable later', mark(terminal, figures.recoverableLater), 'as funds vest'],
    ['outstanding', fil(miner.outstanding)],
    ['eligible asset', mark(terminal, miner.eligibleAsset), 'balance − deposits − outstanding'],
    ['buffer', miner.buffer === null ? 'none given' : `${fil(miner.buffer)} (${miner.bufferRule})`],
    [
      `Safe Pledge as published${beforeBuffer}`,
      mark(terminal, figures.safePledge),
      'eligible − fee − buffer',
    ],
    [
      `Safe Pledge strict${beforeBuffer}`,
      mark(terminal, figures.safePledgeStrict),
      'also − fee debt − queued termination fee',
    ],
  ])
}

const BRANCH_NAMES: Readonly<Record<string, string>> = {
  age: '8.5 % of the pledge, scaled by age',
  cap: '8.5 % of the pledge',
  floorPledge: '2 % of the pledge',
  floorFault: '105 % of the fault fee',
  recordedReward: 'rewards recorded at commitment',
  lowerBound: '3.5 days of expected reward',
}

function renderBranches(terminal: Terminal, { byBranch, queuedByBranch }: FeeBreakdown): string {
  const branches = new Set([...Object.keys(byBranch), ...Object.keys(queuedByBranch)])
  if (branches.size === 0) {
    return dim(terminal, 'no sectors')
  }
  const rows = [...branches].map((branch) => {
    const [live, queued] = [byBranch[branch], queuedByBranch[branch]]
    return [
      branch,
      BRANCH_NAMES[branch] ?? '',
      String(live?.sectors ?? 0),
      fil(live?.fee ?? '0'),
      String(queued?.sectors ?? 0),
      fil(queued?.fee ?? '0'),
    ]
  })
  const headings = ['branch', '', 'live sectors', 'fee', 'queued sectors', 'fee']
  return renderTable(terminal, headings, rows, ['left', 'left', 'right', 'right', 'right', 'right'])
}

function renderDeadlines(terminal: Terminal, { byDeadline }: FeeBreakdown): string {
  const rows = Object.entries(byDeadline).map(([deadline, sum]) => [
    deadline,
    String(sum.sectors),
    fil(sum.fee),
  ])
  return rows.length === 0
    ? dim(terminal, 'no sectors')
    : renderTable(terminal, ['deadline', 'live sectors', 'fee'], rows, ['right', 'right', 'right'])
}

function renderQueue(terminal: Terminal, { earlyTerminationQueue }: MinerReport): string {
  if (earlyTerminationQueue.length === 0) {
    return dim(terminal, 'empty')
  }
  const rows = earlyTerminationQueue.map(({ deadline, partition, epoch, sectors, fee }) => [
    String(deadline),
    String(partition),
    String(epoch),
    String(sectors),
    fil(fee),
  ])
  const headings = ['deadline', 'partition', 'terminated at epoch', 'sectors', 'fee']
  return renderTable(terminal, headings, rows, ['right', 'right', 'right', 'right', 'right'])
}

function renderVesting(terminal: Terminal, { vestingTable }: MinerReport): string {
  if (vestingTable.length === 0) {
    return dim(terminal, 'empty')
  }
  const rows = vestingTable.map(({ epoch, amount, isVested }) => [
    String(epoch),
    fil(amount),
    isVested ? 'vested' : '',
  ])
  return renderTable(terminal, ['epoch', 'amount', ''], rows, ['right', 'right', 'left'])
}

function fil(attoFil: string | null): string {
  return attoFil === null ? 'n/a' : formatFil(BigInt(attoFil))
}

function mark(terminal: Terminal, attoFil: string | null): string {
  return markNegative(terminal, fil(attoFil))
}
