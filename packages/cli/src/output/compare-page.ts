import type { CompareReport, MinerDay, RuledReport } from '@plimsoll/risk'
import { type Block, heading, table } from './document.ts'
import { fil, signedFil } from './fil.ts'

/** Miners of which a comparison is drawn day by day; all are in JSON. */
const DAILY_MINERS = 3

/** A comparison as a document: the assumptions, the ends, the differences, and each proposal's own question. */
export function comparePage(report: CompareReport): readonly Block[] {
  return [
    heading('Assumptions'),
    { kind: 'lines', lines: assumptionsOf(report) },
    heading('After the last day'),
    ...endBlocks(report),
    ...differenceBlocks(report),
    ...debtBlocks(report),
    ...terminationBlocks(report),
    ...reRatedBlocks(report),
    ...messageBlocks(report),
  ]
}

function assumptionsOf({ assumptions: given, runs }: CompareReport): readonly string[] {
  const supply = given.circulatingSupply
  return [
    `from epoch ${given.fromEpoch} for ${given.days} days; operators: ${given.operator}`,
    given.background === 'frozen'
      ? 'background frozen: claims of other miners stay as they are, and their deadlines do not pass'
      : 'background full: the deadlines of every miner pass',
    `network version ${given.networkVersion}; circulating supply ${supply === null ? 'not given: what needs it is n/a' : `${fil(supply)} FIL`}`,
    'no block rewards are paid; every proof is good; gas costs nobody anything',
    ...runs.flatMap(({ rules, warnings }) => warnings.map((warning) => `${rules}: ${warning}`)),
  ]
}

/** Miners beyond which only those are shown that the rule sets treat differently. */
const SHOWN_MINERS = 12

/** The miners that a comparison shows: all of a few; of many those that differ, and of those the first. */
function shownMiners({ runs }: CompareReport): ReadonlySet<string> {
  const [first, ...others] = runs
  const all = first?.miners ?? []
  const differing = all.filter(({ days }, i) =>
    others.some(({ miners }) => JSON.stringify(miners[i]?.days) !== JSON.stringify(days)),
  )
  const shown = all.length <= SHOWN_MINERS ? all : differing.slice(0, SHOWN_MINERS)
  return new Set(shown.map(({ miner }) => miner))
}

function endBlocks(report: CompareReport): readonly Block[] {
  const all = report.runs[0]?.miners.length ?? 0
  const shown = shownMiners(report)
  const hidden = all - shown.size
  const note = `${hidden} of ${all} miners are not shown: the rule sets treat them alike, or ${SHOWN_MINERS} are shown already; --json has all`
  return [...(shown.size === 0 ? [] : [endTable(report, shown)]), ...(hidden === 0 ? [] : [lines(note)])]
}

function endTable({ runs }: CompareReport, shown: ReadonlySet<string>): Block {
  const rows = runs.flatMap(({ rules, miners }) =>
    miners
      .filter(({ miner }) => shown.has(miner))
      .map(({ miner, days }) => {
        const end = days.at(-1) as MinerDay
        return [
          miner,
          rules,
          String(end.liveSectors),
          String(end.faultySectors),
          gib(end.qaPower),
          fil(end.balance),
          fil(end.initialPledge),
          fil(end.feeDebt),
          fil(end.available),
          fil(end.burnt),
        ]
      }),
  )
  return table(
    ['miner', 'rules', 'live', 'faulty', 'power GiB', 'balance', 'pledge', 'fee debt', 'available', 'burnt'],
    rows.toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
    2,
  )
}

/** What differs from the first rule set, in the order of the miners; nothing where nothing does. */
function differenceBlocks({ runs }: CompareReport): readonly Block[] {
  const [first, ...others] = runs
  const rows = others.flatMap((other) =>
    other.miners.flatMap(({ miner, days }, i) => {
      const mine = days.at(-1) as MinerDay
      const theirs = first?.miners[i]?.days.at(-1) as MinerDay
      return (['balance', 'initialPledge', 'feeDebt', 'available', 'burnt'] as const).flatMap((name) => {
        const change = BigInt(mine[name]) - BigInt(theirs[name])
        return change === 0n ? [] : [[miner, other.rules, WORDS[name], signedFil(change)]]
      })
    }),
  )
  if (first === undefined || others.length === 0) {
    return []
  }
  return [
    heading(`Difference to ${first.rules}, in FIL`),
    rows.length === 0
      ? { kind: 'lines', lines: ['none: on this state and scenario the rule sets end alike'] }
      : table(['miner', 'rules', 'of', 'FIL'], rows, 3),
  ]
}

const WORDS = {
  balance: 'balance',
  initialPledge: 'pledge',
  feeDebt: 'fee debt',
  available: 'available',
  burnt: 'burnt',
}

/** FIP-0006's question: does a miner in debt get out of the loop, and what power in debt stays in the total? */
function debtBlocks({ runs }: CompareReport): readonly Block[] {
  const indebted = new Set(
    runs.flatMap(({ miners }) =>
      miners.filter(({ days }) => days.some(({ feeDebt }) => feeDebt !== '0')).map(({ miner }) => miner),
    ),
  )
  if (indebted.size === 0) {
    return []
  }
  const shown = [...indebted].slice(0, DAILY_MINERS)
  const hidden = indebted.size - shown.length
  return [
    heading('Fee debt, faults and power, day by day'),
    ...shown.map((miner) => dailyTable(runs, miner)),
    ...(hidden > 0 ? [lines(`${hidden} more miners owe fees; --json has every day of all of them`)] : []),
    heading('Power of miners in debt that stays in the total'),
    table(
      ['rules', 'at the beginning', 'at the end', 'share of the total'],
      runs.map(({ rules, network }) => {
        const [start, end] = [network[0], network.at(-1)]
        return [
          rules,
          `${gib(start?.indebtedPower ?? '0')} GiB`,
          `${gib(end?.indebtedPower ?? '0')} GiB`,
          percent(BigInt(end?.indebtedPower ?? 0), BigInt(end?.qaPower ?? 0)),
        ]
      }),
      1,
    ),
  ]
}

function dailyTable(runs: readonly RuledReport[], miner: string): Block {
  const days = runs.map(({ miners }) => miners.find((other) => other.miner === miner)?.days ?? [])
  const count = days[0]?.length ?? 0
  const stride = Math.max(1, Math.ceil(count / 15))
  const rows = Array.from({ length: count }, (_, day) => day)
    .filter((day) => day % stride === 0 || day === count - 1)
    .map((day) => [
      String(day),
      ...days.flatMap((list) => {
        const moment = list[day] as MinerDay
        return [fil(moment.feeDebt), String(moment.faultySectors), gib(moment.qaPower)]
      }),
    ])
  const headings = runs.flatMap(({ rules }) => [`debt\n${rules}`, 'faulty', 'GiB'])
  return table([`${miner}\nday`, ...headings], rows, 1)
}

/** TerminateSectors2's question: how many messages, epochs and gas until the cash is there, against method 9? */
function terminationBlocks({ termination }: CompareReport): readonly Block[] {
  if (termination.length === 0) {
    return []
  }
  const rows = termination
    .flatMap(({ rules, miners }) =>
      miners
        .slice(0, SHOWN_MINERS)
        .map((figures) => [
          figures.miner,
          rules,
          figures.method,
          String(figures.sectors),
          figures.failedMessages === 0
            ? String(figures.messages)
            : `${figures.messages}, ${figures.failedMessages} failed`,
          figures.epochs === null ? 'not in two days' : String(figures.epochs),
          mgas(figures.gas) + (figures.gasIs === 'estimated' ? '' : ' *'),
          fil(figures.burnt),
          fil(figures.withdrawable),
        ]),
    )
    .toSorted(([a = ''], [b = '']) => a.localeCompare(b))
  return [
    heading('Terminating everything: messages, epochs and gas until the cash can be withdrawn'),
    table(
      ['miner', 'rules', 'method', 'sectors', 'messages', 'epochs', 'Mgas', 'burnt', 'withdrawable'],
      rows,
      3,
    ),
    lines(
      'gas of TerminateSectors by a model of measurements, within 12 % for nineteen in twenty messages; * extrapolated, unmeasured: settling the queue and TerminateSectors for the rest',
      'burnt and withdrawable are of the moment when nothing is left, or of the end of the second day',
    ),
  ]
}

/** The duration multiplier's question, as if it had always held: who gains, what would be pledged, what would fees be? */
function reRatedBlocks({ reRated }: CompareReport): readonly Block[] {
  return reRated.flatMap(({ rules, miners }) => [
    heading(
      `Re-rated by ${rules}: as if every sector had been committed under it; nothing of this is executed`,
    ),
    table(
      [
        'miner',
        'sectors',
        'power GiB',
        're-rated',
        'factor',
        'pledge now',
        're-rated',
        'fault fee',
        're-rated',
        'term. fee',
        're-rated',
      ],
      miners
        .slice(0, SHOWN_MINERS)
        .map(({ miner, sectors, asIs, reRated: other }) => [
          miner,
          String(sectors),
          gib(asIs.qaPower ?? '0'),
          gib(other.qaPower ?? '0'),
          ratio(BigInt(other.qaPower ?? 0), BigInt(asIs.qaPower ?? 0)),
          fil(asIs.pledgeToday),
          fil(other.pledgeToday),
          fil(asIs.faultFee),
          fil(other.faultFee),
          fil(asIs.terminationFee),
          fil(other.terminationFee),
        ]),
      1,
    ),
    lines(
      'pledge now: what the same sectors would be pledged for if they were committed in this epoch',
      'a higher termination fee lowers the Safe Pledge by the same amount',
    ),
  ])
}

/** What was sent and failed, which nobody should have to look for. */
function messageBlocks({ runs }: CompareReport): readonly Block[] {
  const rows = runs.flatMap(({ rules, failures, steps }) => [
    ...Object.entries(failures).map(([what, count]) => [rules, `${what} (operators)`, String(count)]),
    ...steps.flatMap((step) =>
      step.messages
        .filter(({ exitCode }) => exitCode !== 0)
        .map(({ method, exitCode, error }) => [
          rules,
          `${method} exit ${exitCode} (${step.do} of ${step.miner} at ${step.epoch}${error === undefined ? '' : `: ${error}`})`,
          '1',
        ]),
    ),
  ])
  return rows.length === 0
    ? []
    : [heading('Messages that failed'), table(['rules', 'message', 'times'], rows, 2)]
}

function lines(...text: readonly string[]): Block {
  return { kind: 'lines', lines: text }
}

function gib(bytes: string): string {
  return String(BigInt(bytes) >> 30n)
}

function mgas(gas: string): string {
  return String((BigInt(gas) + 500_000n) / 1_000_000n)
}

function percent(part: bigint, whole: bigint): string {
  return whole === 0n ? 'n/a' : `${hundredths((part * 10_000n) / whole)} %`
}

function ratio(a: bigint, b: bigint): string {
  return b === 0n ? 'n/a' : hundredths((a * 100n) / b)
}

function hundredths(value: bigint): string {
  return `${value / 100n}.${String(value % 100n).padStart(2, '0')}`
}
