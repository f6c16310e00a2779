import { formatExitCode, formatFil, type NetworkParameters } from '@plimsoll/primitives'
import type { MessageFigures, MinerFigures, SituationFigures, WhatIfReport } from '@plimsoll/risk'
import { type Block, heading } from './document.ts'
import { fil, signedFil } from './fil.ts'
import { CROSSING_WORDS } from './forecast-page.ts'
import { formatEpoch } from './head.ts'

type Network = NetworkParameters | undefined

/** With and without, as a document: what was sent and entered, every figure, and every level. */
export function whatIfPage(report: WhatIfReport, network: Network): readonly Block[] {
  const { assumptions: given, miner, messages, entries } = report
  const blocks: Block[] = [
    {
      kind: 'lines',
      lines: [
        `${miner} from epoch ${formatEpoch(given.fromEpoch, network)} by ${given.rules}; compared at epoch ${formatEpoch(given.comparedAt, network)}`,
        `operator: ${given.operator}`,
        'background frozen: claims of other miners stay as they are; no blocks are won',
      ],
    },
  ]
  if (messages.length > 0) {
    blocks.push(heading('Messages'), messagesTable(messages, network))
  }
  const notes = [
    ...messages.flatMap(refusalLines),
    ...report.leftOut.map(
      ({ action, sectors, reason }) => `${action}: ${sectors} sectors left out, ${reason}`,
    ),
    ...entries.map((entry) => entryLine(entry, given.mintRule)),
  ]
  if (notes.length > 0) {
    blocks.push({ kind: 'lines', lines: notes })
  }
  blocks.push(
    heading('Figures, in FIL'),
    figuresTable(report),
    heading(`First epoch at whose end, in ${given.forecastDays} days`),
    crossingsTable(report, network),
  )
  return blocks
}

function messagesTable(messages: readonly MessageFigures[], network: Network): Block {
  const changeOf = ({ changed }: MessageFigures, field: keyof NonNullable<MessageFigures['changed']>) =>
    changed === null ? '-' : signedFil(BigInt(changed[field]))
  return {
    kind: 'table',
    headings: ['epoch', 'message', 'exit', 'balance', 'pledge', 'locked', 'fee debt'],
    rows: messages.map((message) => [
      formatEpoch(message.epoch, network),
      message.method,
      formatExitCode(message.exitCode),
      changeOf(message, 'balance'),
      changeOf(message, 'initialPledge'),
      changeOf(message, 'lockedFunds'),
      changeOf(message, 'feeDebt'),
    ]),
    alignments: ['left', 'left', 'left', 'right', 'right', 'right', 'right'],
  }
}

function refusalLines({ method, exitCode, error }: MessageFigures): readonly string[] {
  return exitCode === 0 ? [] : [`${method} is refused: ${error ?? formatExitCode(exitCode)}`]
}

function entryLine(
  { kind, amount, limit, isAccepted, binding }: WhatIfReport['entries'][number],
  mintRule: string,
): string {
  const what = `${kind} of ${formatFil(BigInt(amount))}`
  const most = `${fil(limit)} FIL`
  if (kind === 'repay') {
    return isAccepted
      ? `${what}: that much less is outstanding, by burning pFIL or paying FIL for it`
      : `${what} is refused: ${most} are outstanding`
  }
  return isAccepted
    ? `${what}: within Safe Pledge, ${mintRule}, of ${most}`
    : `${what} is refused: beyond Safe Pledge, ${mintRule}, of ${most}; bound by ${binding}`
}

const COUNTS = [
  'liveSectors',
  'faultySectors',
  'recoveringSectors',
  'unprovenSectors',
  'queuedSectors',
] as const
const AMOUNTS = [
  'actorBalance',
  'preCommitDeposit',
  'initialPledge',
  'lockedFunds',
  'feeDebt',
  'unlockedBalance',
  'availableBalance',
  'outstanding',
  'eligibleAsset',
  'terminationFee',
  'queuedTerminationFee',
  'liquidationValue',
  'recoverableNow',
  'recoverableLater',
  'dailySlashing',
  'buffer',
  'safePledge',
  'safePledgeStrict',
] as const

const WORDS: Readonly<Record<(typeof COUNTS)[number] | (typeof AMOUNTS)[number], string>> = {
  liveSectors: 'live sectors',
  faultySectors: 'faulty',
  recoveringSectors: 'recovering',
  unprovenSectors: 'unproven',
  queuedSectors: 'queued',
  actorBalance: 'balance',
  preCommitDeposit: 'deposits',
  initialPledge: 'pledge',
  lockedFunds: 'locked funds',
  feeDebt: 'fee debt',
  unlockedBalance: 'unlocked',
  availableBalance: 'available',
  outstanding: 'outstanding',
  eligibleAsset: 'eligible asset',
  terminationFee: 'termination fee',
  queuedTerminationFee: 'queued termination fee',
  liquidationValue: 'liquidation value',
  recoverableNow: 'recoverable now',
  recoverableLater: 'recoverable later',
  dailySlashing: 'daily slashing',
  buffer: 'buffer',
  safePledge: 'Safe Pledge, published (mint limit)',
  safePledgeStrict: 'Safe Pledge, strict (mint limit)',
}

function figuresTable({ now, without, with: done }: WhatIfReport): Block {
  const all: readonly MinerFigures[] = [now, without.figures, done.figures]
  const counts = COUNTS.map((key) => {
    const [, before = 0, after = 0] = all.map((figures) => figures[key])
    return [
      WORDS[key],
      ...all.map((figures) => String(figures[key])),
      after === before ? '' : String(after - before),
    ]
  })
  const amounts = AMOUNTS.map((key) => {
    const [, before = null, after = null] = all.map((figures) => figures[key])
    const isKnown = before !== null && after !== null
    const change = isKnown ? BigInt(after) - BigInt(before) : 0n
    return [WORDS[key], ...all.map((figures) => fil(figures[key])), change === 0n ? '' : signedFil(change)]
  })
  return {
    kind: 'table',
    headings: ['', 'now', 'then, without', 'then, with', 'difference'],
    rows: [...counts, ...amounts],
    alignments: ['left', 'right', 'right', 'right', 'right'],
  }
}

function crossingsTable(report: WhatIfReport, network: Network): Block {
  const { without, with: done, thresholds, assumptions } = report
  const at = ({ crossings }: SituationFigures, kind: keyof typeof CROSSING_WORDS) => {
    const crossing = crossings.find((candidate) => candidate.kind === kind)
    if (crossing === undefined) {
      return 'not'
    }
    return crossing.epoch < assumptions.comparedAt ? 'already so' : formatEpoch(crossing.epoch, network)
  }
  const given = { warning: thresholds.warning, termination: thresholds.termination }
  const kinds = (Object.keys(CROSSING_WORDS) as (keyof typeof CROSSING_WORDS)[]).filter(
    (kind) => !((kind === 'warning' || kind === 'termination') && given[kind] === null),
  )
  return {
    kind: 'table',
    headings: ['', 'without', 'with'],
    rows: kinds.map((kind) => [CROSSING_WORDS[kind], at(without, kind), at(done, kind)]),
    alignments: ['left', 'right', 'right'],
  }
}
