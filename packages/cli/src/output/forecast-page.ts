import { formatFilRoundedDown, type NetworkParameters } from '@plimsoll/primitives'
import type {
  ClosedFormFigures,
  CrossingKind,
  DifferingDayFigures,
  ForecastReport,
  MinerForecast,
} from '@plimsoll/risk'
import { type Block, heading, table } from './document.ts'
import { fil, filUp } from './fil.ts'
import { formatEpoch } from './head.ts'

/** Of differences, which are small. */
const DIFFERENCE_DECIMALS = 8
/** Lines of a path; days between them are in JSON. */
const PATH_LINES = 16

/** What happens for the first time, in words. */
export const CROSSING_WORDS: Readonly<Record<CrossingKind, string>> = {
  noneAvailable: 'nothing is available any more',
  feeDebt: 'fees are owed',
  warning: 'below the warning level',
  termination: 'below the termination level',
  sectorsTerminated: 'sectors are terminated, by age of their faults or by order',
  claimDeleted: 'its claim is deleted, and cron no longer calls it',
}

/** Forecasts as a document: the most urgent first, and in full where there is one only. */
export function forecastPage(
  report: ForecastReport,
  network: NetworkParameters | undefined,
): readonly Block[] {
  const { assumptions: given, miners } = report
  const blocks: Block[] = [
    {
      kind: 'lines',
      lines: [
        `from epoch ${formatEpoch(given.fromEpoch, network)} for ${given.days} days by ${given.rules}; operator: ${given.operator}`,
        'background frozen: claims of other miners stay as they are; every proof is good',
        `blocks: ${given.blockRewards}`,
        ...miners.flatMap(assumedLines),
      ],
    },
    table(
      [
        'miner',
        'outlook',
        'eligible asset',
        'at the end',
        'warning below',
        'termination below',
        'crossed at epoch',
      ],
      miners.map((miner) => [
        miner.label === undefined ? miner.miner : `${miner.miner} ${miner.label}`,
        miner.outlook,
        fil(miner.start.eligibleAsset),
        fil(miner.days.at(-1)?.eligibleAsset ?? miner.start.eligibleAsset),
        miner.warningThreshold === null ? 'n/a' : fil(miner.warningThreshold),
        miner.terminationThreshold === null ? 'n/a' : fil(miner.terminationThreshold),
        crossedAt(miner, network),
      ]),
      2,
    ),
  ]
  const [only] = miners
  if (only !== undefined && miners.length === 1) {
    blocks.push(...minerBlocks(only, network))
  }
  for (const miner of miners) {
    const lines = lostCronLines(miner, network)
    if (lines.length > 0) {
      blocks.push({ kind: 'lines', lines })
    }
    const remedy = remedyLines(miner, network)
    if (remedy.length > 0) {
      blocks.push({ kind: 'lines', lines: remedy })
    }
  }
  return blocks
}

/** What is assumed of one miner, and what of it the actors refused. */
function assumedLines(assumed: MinerForecast): readonly string[] {
  const { miner, rewardPerDay, outstanding, outstandingAtEnd, refused } = assumed
  const { passiveMintPerDay, interestPercentPerYear } = assumed
  return [
    ...(rewardPerDay === '0'
      ? []
      : [`${miner} wins ${fil(rewardPerDay)} FIL a day, of which three quarters vest`]),
    ...(outstandingAtEnd === outstanding
      ? []
      : [
          `${miner}: outstanding grows from ${fil(outstanding)} to ${fil(outstandingAtEnd)} FIL`,
          `by a passive mint of ${fil(passiveMintPerDay)} FIL a day and interest of ${interestPercentPerYear} % a year`,
        ]),
    ...Object.entries(refused).map(
      ([what, count]) => `${miner}: refused by the actors: ${what}, ${count} times`,
    ),
  ]
}

function crossedAt({ outlook, crossings }: MinerForecast, network: NetworkParameters | undefined): string {
  const crossing =
    crossings.find(({ kind }) => kind === outlook) ??
    (outlook === 'warning' ? crossings.find(({ kind }) => kind === 'claimDeleted') : undefined)
  return crossing === undefined ? '' : formatEpoch(crossing.epoch, network)
}

function minerBlocks(miner: MinerForecast, network: NetworkParameters | undefined): readonly Block[] {
  const { crossings, start, days } = miner
  const path = [start, ...days]
  const stride = Math.max(1, Math.ceil(path.length / PATH_LINES))
  return [
    heading('First epoch at whose end'),
    crossings.length === 0
      ? { kind: 'lines', lines: ['nothing of what is watched happens'] }
      : table(
          ['', 'epoch'],
          crossings.map(({ kind, epoch }) => [
            CROSSING_WORDS[kind],
            epoch === start.epoch ? 'already so' : formatEpoch(epoch, network),
          ]),
          2,
        ),
    heading('Path, in FIL'),
    table(
      ['day', 'balance', 'pledge', 'locked', 'fee debt', 'available', 'eligible asset'],
      path.flatMap((point, day) =>
        day % stride === 0 || day === path.length - 1
          ? [
              [
                String(day),
                fil(point.balance),
                fil(point.initialPledge),
                fil(point.lockedFunds),
                fil(point.feeDebt),
                fil(point.available),
                fil(point.eligibleAsset),
              ],
            ]
          : [],
      ),
      0,
    ),
    ...closedFormBlocks(miner, network),
  ]
}

/** The closed form beside the run: whether it says the same, and the band of other estimates. */
function closedFormBlocks(
  { closedForm }: MinerForecast,
  network: NetworkParameters | undefined,
): readonly Block[] {
  const title = heading('Closed form')
  if ('reason' in closedForm) {
    return [title, { kind: 'lines', lines: [`none: ${closedForm.reason}`] }]
  }
  const { isEqualToActors, differences, againstRun, band } = closedForm
  const differing = differences.map(
    ({ day, figure, actors, closedForm: closed }) =>
      `day ${day}, ${figure}: actors ${fil(actors)}, closed form ${fil(closed)}`,
  )
  const verdict = isEqualToActors
    ? 'equal to the run of the actors in every figure of every day, to the attoFIL'
    : 'DIFFERENT from the run of the actors, whose path counts; the first day that differs:'
  return [
    title,
    { kind: 'lines', lines: [verdict, ...differing, ...againstRun.slice(0, DIFFERING_DAYS).map(dayLine)] },
    heading('Band of eligible assets, by how the estimates go on'),
    table(
      ['path', 'at the end', 'lowest with debt paid', 'warning', 'termination'],
      band.paths.map(({ name, end, lowest, crossings }) => [
        name,
        fil(end.eligibleAsset),
        fil(String(BigInt(lowest.eligibleAsset) - BigInt(lowest.feeDebt))),
        ...(['warning', 'termination'] as const).map((kind) => {
          const crossing = crossings.find((candidate) => candidate.kind === kind)
          return crossing === undefined ? 'never' : formatEpoch(crossing.epoch, network)
        }),
      ]),
      1,
    ),
    ...pathTermBlocks(band.paths),
  ]
}

/** Days that are explained on the page; the others are in JSON. */
const DIFFERING_DAYS = 5

const TERM_WORDS: Readonly<Record<string, string>> = {
  dailyFee: 'daily fee',
  faultFee: 'fault fee',
  terminationFee: 'termination fee',
  fees: 'fees',
  burnedDeposits: 'burned deposits',
  burned: 'burned',
  rewarded: 'rewarded',
  toppedUp: 'topped up',
  withdrawn: 'withdrawn',
  received: 'received',
  unlocked: 'unlocked',
  unlockedLessLocked: 'unlocked',
  pledgeReleased: 'pledge released',
}

/** What moved the money otherwise in a day, path less run, to the attoFIL: a difference that is a defect may be small. */
function dayLine({ day, terms }: DifferingDayFigures): string {
  const parts = Object.entries(terms).map(
    ([term, amount]) => `${TERM_WORDS[term] ?? term} ${signedAtto(amount)}`,
  )
  return `day ${day}, closed form less actors in attoFIL: ${parts.join(', ') || 'nothing else moved'}`
}

function signedAtto(amount: string): string {
  return amount.startsWith('-') ? amount : `+${amount}`
}

type BandPaths = ClosedFormFigures['band']['paths']

/** Why paths of the band end elsewhere than the run: the terms of all their days, path less run. */
function pathTermBlocks(paths: BandPaths): readonly Block[] {
  const sums = paths.map(({ name, againstRun }) => ({
    name,
    last: againstRun.at(-1)?.figures ?? {},
    terms: sumOfTerms(againstRun),
  }))
  const keys = Object.keys(TERM_WORDS).filter((key) =>
    sums.some(({ terms }) => (terms.get(key) ?? 0n) !== 0n),
  )
  if (keys.length === 0) {
    return []
  }
  return [
    heading('Path less run over all days, by what moved the money, in FIL'),
    table(
      ['path', 'eligible asset', 'fee debt', ...keys.map((key) => TERM_WORDS[key] ?? key)],
      sums.map(({ name, last, terms }) => [
        name,
        signedFil(BigInt(last['eligibleAsset'] ?? '0')),
        signedFil(BigInt(last['feeDebt'] ?? '0')),
        ...keys.map((key) => signedFil(terms.get(key) ?? 0n)),
      ]),
      1,
    ),
  ]
}

function sumOfTerms(days: readonly DifferingDayFigures[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const [term, amount] of days.flatMap(({ terms }) => Object.entries(terms))) {
    sums.set(term, (sums.get(term) ?? 0n) + BigInt(amount))
  }
  return sums
}

function signedFil(amount: bigint): string {
  const text = formatFilRoundedDown(amount < 0n ? -amount : amount, DIFFERENCE_DECIMALS)
  return amount === 0n ? '0' : `${amount < 0n ? '-' : '+'}${text}`
}

/** A path that is flat since nothing happens any more looks like that of a miner which is well. */
function lostCronLines(
  { miner, crossings, start }: MinerForecast,
  network: NetworkParameters | undefined,
): readonly string[] {
  const crossing = crossings.find(({ kind }) => kind === 'claimDeleted')
  if (crossing === undefined) {
    return []
  }
  const isFromStart = crossing.epoch === start.epoch
  return [
    isFromStart
      ? `${miner} HAS NO CLAIM, and cron does not call it`
      : `${miner} LOSES ITS CRON: it fails at epoch ${formatEpoch(crossing.epoch, network)}, and the claim is deleted`,
    `${isFromStart ? 'It' : 'From then on it'} has no power, and nothing is charged, terminated or unlocked by itself:`,
    'its path is flat, whatever is faulty, and says nothing of how it does',
  ]
}

function remedyLines(
  { miner, remedy }: MinerForecast,
  network: NetworkParameters | undefined,
): readonly string[] {
  if (remedy === null) {
    return []
  }
  const { level, topUp, before, isConfirmed, recovery } = remedy
  const proof = isConfirmed
    ? 'a second run with it stays above'
    : 'a second run with it does not stay above: look at the path'
  const added = `add ${filUp(topUp)} FIL before epoch ${formatEpoch(before, network)}`
  return [
    `${miner}: to stay above the ${level} level ${added} (${proof});`,
    ...(recovery === null
      ? ['recovering every fault would not be enough']
      : [
          `or recover ${recovery.count} sectors, ${recovery.faulty} of them faulty then, and prove them: begun in`,
          `epoch ${formatEpoch(recovery.latest, network)} at the latest it cures as well, begun a deadline later not`,
        ]),
  ]
}
