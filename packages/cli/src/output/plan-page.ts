import { divCeil, formatActorId, type NetworkParameters } from '@plimsoll/primitives'
import type { LiquidationPlan, PlanStep, Rehearsal, SafeVerdict } from '@plimsoll/risk'
import { type Block, heading } from './document.ts'
import { fil, filUp } from './fil.ts'
import { formatEpoch } from './head.ts'
import type { Alignment } from './table.ts'

/** Withdrawals that are listed one by one; all are in JSON. */
const LISTED_STEPS = 12
/** Differences that are listed; all are in JSON. */
const LISTED_DIFFERENCES = 10

/** A plan as a document: what is done when, what it costs, what comes back, and what is in the way. */
export function planPage(
  plan: LiquidationPlan,
  rehearsal: Rehearsal | undefined,
  network: NetworkParameters | undefined,
): readonly Block[] {
  return [
    { kind: 'lines', lines: headLines(plan, network) },
    ...(plan.safe === null ? [] : safeBlocks(plan.safe)),
    heading('Messages'),
    ...messageBlocks(plan),
    heading('What it comes to'),
    totalTable(plan, network),
    heading('In the way'),
    blockerBlock(plan),
    ...(rehearsal === undefined ? [] : [heading('Rehearsal'), rehearsalBlock(rehearsal)]),
    heading('Assumptions'),
    { kind: 'lines', lines: plan.assumptions },
  ]
}

function headLines(plan: LiquidationPlan, network: NetworkParameters | undefined): readonly string[] {
  const { start } = plan
  return [
    `plan for ${formatActorId(plan.miner)}, target ${plan.target}, rules ${plan.rules}, from epoch ${formatEpoch(plan.epoch, network)}`,
    `balance ${fil(start.balance)}, pledge ${fil(start.initialPledge)}, locked ${fil(start.lockedFunds)}, deposits ${fil(start.preCommitDeposits)}, fee debt ${filUp(start.feeDebt)} FIL`,
    `${start.liveSectors} live sectors, ${start.queuedSectors} terminated and not charged yet`,
    ...(plan.target === 'all' ? [levelLine(plan)] : []),
    `hash ${plan.hash}`,
  ]
}

function levelLine({ forced, level }: LiquidationPlan): string {
  if (level === null) {
    return 'FORCED: no termination level was given (--termination, --outstanding), so that nobody’s rules ask for it'
  }
  const compared = `eligible asset ${fil(level.eligibleAsset)}, terminated below ${fil(level.termination)} FIL`
  return forced ? `FORCED: the miner is not below its level: ${compared}` : `below its level: ${compared}`
}

function safeBlocks(safe: SafeVerdict): readonly Block[] {
  const steps = safe.ladder.map(({ step, amount, sectors, isEnough }) => [
    step,
    amount === null ? `${sectors ?? 0} faulty sectors` : `${filUp(amount)} FIL`,
    isEnough ? 'yes' : 'no',
  ])
  const gap = safe.fee - safe.lowerBound
  return [
    heading(`Safe: ${safe.outcome}`),
    {
      kind: 'lines',
      lines: [
        `compared: ${safe.quantity}; top-up that would be enough instead: ${filUp(safe.topUp)} FIL`,
        ...(safe.outcome === 'reached'
          ? [
              `${safe.sectors.length} sectors for ${filUp(safe.fee)} FIL; no choice costs less than ${fil(safe.lowerBound)}, a gap of ${filUp(gap)}`,
            ]
          : []),
      ],
    },
    table(['softer step', 'amount', 'enough'], steps, 2),
  ]
}

function messageBlocks({ steps }: LiquidationPlan): readonly Block[] {
  if (steps.length === 0) {
    return [{ kind: 'lines', lines: ['none'] }]
  }
  const rows = steps
    .slice(0, LISTED_STEPS)
    .map((step, i) => [
      String(i + 1),
      String(step.epoch),
      step.message.methodName,
      placesOf(step),
      step.gas === null ? '' : String(step.predicted.settledSectors),
      step.gas === null ? '' : filUp(step.predicted.fee),
      fil(step.predicted.paidOut),
      step.gas === null ? '' : mega(step.gas.estimate),
      step.gas === null ? '' : mega(step.gas.high),
      String(step.sizeBytes),
    ])
  const headings = [
    '',
    'epoch',
    'method',
    'deadlines',
    'charged',
    'fee',
    'paid out',
    'Mgas',
    'at most',
    'bytes',
  ]
  const rest = steps.length - rows.length
  return [
    table(headings, rows, 4),
    ...(rest > 0 ? [{ kind: 'lines' as const, lines: [`and ${rest} more, which are in JSON`] }] : []),
  ]
}

function placesOf({ declared }: PlanStep): string {
  const deadlines = [...new Set(declared.map(({ deadline }) => deadline))]
  return deadlines.length > 4 ? `${deadlines.slice(0, 4).join(' ')} …` : deadlines.join(' ')
}

function totalTable({ totals, end, cash }: LiquidationPlan, network: NetworkParameters | undefined): Block {
  const rows = [
    ['termination fees', filUp(totals.terminationFees)],
    ['fault fees', filUp(totals.faultFees)],
    ['daily fees', filUp(totals.dailyFees)],
    ['deposits burned', filUp(totals.burnedDeposits)],
    ['burned in all', filUp(totals.burned)],
    ['cash now', fil(totals.cashNow)],
    [`cash later, in ${Math.max(cash.length - 1, 0)} instalments`, fil(totals.cashLater)],
    [`left at ${formatEpoch(end.epoch, network)}`, fil(end.balance)],
    ['shortfall', filUp(end.shortfall)],
  ]
  return table(['', 'FIL'], rows, 1)
}

function blockerBlock({ blockers }: LiquidationPlan): Block {
  if (blockers.length === 0) {
    return { kind: 'lines', lines: ['nothing that the state shows'] }
  }
  const rows = blockers.map(({ kind, certainty, sectors, lockedValue, message }) => [
    kind,
    certainty,
    String(sectors.length),
    fil(lockedValue),
    message,
  ])
  return table(['what', 'certainty', 'sectors left out', 'FIL behind it', ''], rows, 2)
}

function rehearsalBlock({ messages, ticks, differences, burned, cash }: Rehearsal): Block {
  const found = differences
    .slice(0, LISTED_DIFFERENCES)
    .map(
      ({ epoch, what, planned, found: actual }) =>
        `epoch ${epoch}, ${what}: planned ${planned}, found ${actual}`,
    )
  const verdict =
    differences.length === 0
      ? 'every fee, balance and payment came out as planned, to the attoFIL'
      : `${differences.length} figures came out otherwise than planned`
  return {
    kind: 'lines',
    lines: [
      `${messages} messages and ${ticks} ticks on a fork: ${verdict}`,
      `burned ${filUp(burned)} FIL, paid out ${fil(cash)} FIL`,
      ...found,
    ],
  }
}

/** The first columns are words, and of the others the last may be a sentence. */
function table(headings: readonly string[], rows: readonly (readonly string[])[], words: number): Block {
  const alignments = headings.map(
    (name, i): Alignment => (i < words || (name === '' && i > 0) ? 'left' : 'right'),
  )
  return { kind: 'table', headings, rows, alignments }
}

function mega(gas: bigint): string {
  return String(divCeil(gas, 1_000_000n))
}
