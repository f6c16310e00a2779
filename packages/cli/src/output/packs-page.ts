import { divCeil, formatDecimal, parseDecimal } from '@plimsoll/primitives'
import type { FigureJson, LimitUse, PackJson, PacksReport } from '@plimsoll/risk'
import { stringify } from 'csv-stringify/sync'
import type { Terminal } from '../terminal.ts'
import { type Block, heading, renderBlocks } from './document.ts'
import { fil } from './fil.ts'

type PackLimit = PackJson['limits'][number]

const USES: readonly LimitUse[] = ['takenOut', 'sealed', 'withdrawn']

/** One miner by the rules of every pack: what it is worth, where it stands, how much is allowed, what is missing. */
export function renderPacks(terminal: Terminal, report: PacksReport): string {
  return renderBlocks(terminal, [
    {
      kind: 'lines',
      lines: [
        `miner ${report.miner}, ${fil(report.outstanding)} FIL outstanding`,
        `exact liquidation value ${fil(report.liquidationValue)}, strict Safe Pledge ${fil(report.safePledgeStrict)}${report.buffer === null ? ' before buffer' : ''}`,
      ],
    },
    heading('Value'),
    valueTable(report),
    heading('Levels'),
    levelTable(report),
    heading('Limits, in addition to what is outstanding'),
    limitTable(report),
    { kind: 'lines', lines: notesOf(report) },
  ])
}

/** Every pack in a record; what is not known is empty, and the last column says what it needs. */
export function renderPacksCsv({ packs, liquidationValue, miner }: PacksReport): string {
  const rows = packs.map((pack) => ({
    miner,
    pack: pack.pack,
    title: pack.title,
    value: raw(pack.value.value),
    liquidationValue: liquidationValue ?? '',
    compared: pack.compared.name,
    unit: pack.compared.unit,
    comparedValue: raw(pack.compared.value),
    warning: raw(pack.compared.warning.threshold),
    termination: raw(pack.compared.termination.threshold),
    standing: pack.standing.state === 'known' ? pack.standing.value : '',
    ...Object.fromEntries(
      USES.flatMap((use) => {
        const limit = limitFor(pack, use)
        return [
          [use, limit === undefined ? '' : raw(limit.value)],
          [`${use}Binding`, limit?.binding ?? ''],
        ]
      }),
    ),
    needs: pack.needs.join(' '),
  }))
  return stringify(rows, { header: true })
}

function valueTable({ packs, liquidationValue }: PacksReport): Block {
  return {
    kind: 'table',
    headings: ['rules', 'value', 'exact', 'difference'],
    rows: packs.map(({ title, value, difference }) => [
      title,
      cell(value.value),
      fil(liquidationValue),
      difference.flatMap(differencePart).join(', ') || 'none',
    ]),
    alignments: ['left', 'right', 'right', 'left'],
  }
}

/** A line of the difference, if it makes one. */
function differencePart({ name, value }: PackJson['difference'][number]): readonly string[] {
  if (value.state !== 'known') {
    return [`${name} ${cell(value)}`]
  }
  const amount = BigInt(value.value)
  return amount === 0n ? [] : [`${amount > 0n ? '+' : ''}${fil(value.value)} ${name}`]
}

function levelTable({ packs }: PacksReport): Block {
  return {
    kind: 'table',
    headings: ['rules', 'compares', 'now', 'first level', 'last level', 'stands'],
    rows: packs.map(({ title, compared, standing }) => {
      const { name, unit, value, warning, termination, actsWhen } = compared
      const text = (figure: FigureJson) => (unit === 'ratio' ? ratioCell(figure) : cell(figure))
      return [
        title,
        name,
        text(value),
        levelCell(warning.name, actsWhen, text(warning.threshold), warning.threshold),
        levelCell(termination.name, actsWhen, text(termination.threshold), termination.threshold),
        standing.state === 'known' ? standing.value : cell(standing),
      ]
    }),
    alignments: ['left', 'left', 'right', 'left', 'left', 'left'],
  }
}

function levelCell(name: string, actsWhen: string, threshold: string, figure: FigureJson): string {
  return figure.state === 'none' ? 'none' : `${name} ${actsWhen} ${threshold}`
}

function limitTable({ packs }: PacksReport): Block {
  return {
    kind: 'table',
    headings: [
      'rules',
      'taken out',
      'bound by',
      'sealed into the miner',
      'bound by',
      'withdrawn of its own',
      'bound by',
    ],
    rows: packs.map((pack) => [
      pack.title,
      ...USES.flatMap((use) => {
        const limit = limitFor(pack, use)
        return limit === undefined ? ['', ''] : [limitCell(limit), limit.binding ?? '']
      }),
    ]),
    alignments: ['left', 'right', 'left', 'right', 'left', 'right', 'left'],
  }
}

function limitCell({ value, atMost }: PackLimit): string {
  return value.state === 'needs' && atMost !== null ? `? ≤ ${fil(atMost)}` : cell(value)
}

function limitFor({ limits }: PackJson, use: LimitUse): PackLimit | undefined {
  return limits.find((limit) => limit.use === use)
}

function notesOf({ packs }: PacksReport): readonly string[] {
  const missing = packs.filter(({ needs }) => needs.length > 0)
  return [
    'Amounts in FIL, rounded down; --json has every attoFIL, the constraints, formulas and sources.',
    'Every protocol is asked about this miner alone: other miners and other FIL of its owner are not counted.',
    ...(missing.length === 0
      ? []
      : ['A question mark stands for what needs a parameter that was not given:']),
    ...missing.map(({ title, needs }) => `  ${title}: ${needs.join(', ')}`),
  ]
}

/** An amount, or a word for why there is none. */
function cell(figure: FigureJson): string {
  switch (figure.state) {
    case 'known':
      return fil(figure.value)
    case 'needs':
      return '?'
    case 'infinite':
      return 'infinite'
    case 'unknown':
      return 'n/a'
    case 'none':
      return 'none'
  }
}

/** A ratio in per cent; debt is rounded up already, and stays so. */
function ratioCell(figure: FigureJson): string {
  if (figure.state !== 'known') {
    return cell(figure)
  }
  const hundredths = divCeil(parseDecimal(figure.value, 18), 10n ** 14n)
  const [whole = '', fraction = ''] = formatDecimal(hundredths, 2).split('.')
  return `${whole}.${fraction.padEnd(2, '0')} %`
}

function raw(figure: FigureJson): string {
  if (figure.state === 'infinite') {
    return 'infinite'
  }
  return figure.state === 'known' ? figure.value : ''
}
