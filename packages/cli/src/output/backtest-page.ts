import { formatPowerRoundedDown, type NetworkParameters } from '@plimsoll/primitives'
import type { BacktestReport, ComparedFigures, MinerBacktestFigures } from '@plimsoll/risk'
import { type Block, heading } from './document.ts'
import { fil, signedFil } from './fil.ts'
import { formatEpoch } from './head.ts'

type Network = NetworkParameters | undefined

/** A forecast and what became of it as a document; in full where it is of one miner. */
export function backtestPage(report: BacktestReport, network: Network): readonly Block[] {
  const { miners, gone, come } = report
  const [only] = miners
  const moved = [
    ...(gone.length === 0 ? [] : [`not in the second state: ${gone.join(' ')}`]),
    ...(come.length === 0 ? [] : [`not in the first state: ${come.join(' ')}`]),
  ]
  return [
    { kind: 'lines', lines: assumptions(report, network) },
    estimatesTable(report),
    heading('Why the liquidation value is another one, in FIL'),
    termsTable(miners),
    ...(only !== undefined && miners.length === 1 ? minerBlocks(only) : []),
    ...(moved.length === 0 ? [] : [{ kind: 'lines', lines: moved } as const]),
    { kind: 'lines', lines: [summary(miners)] },
  ]
}

function assumptions({ first, second, assumptions: given }: BacktestReport, network: Network) {
  return [
    `first state  ${first.stateRoot}`,
    `second state ${second.stateRoot}`,
    `forecast from epoch ${formatEpoch(given.fromEpoch, network)} to ${formatEpoch(given.toEpoch, network)} by ${given.rules}`,
    `operator: ${given.operator}; background frozen; no blocks are won; every epoch has a tick`,
  ]
}

function estimatesTable({ estimates: { reward, qaPower } }: BacktestReport): Block {
  const size = (bytes: string) => formatPowerRoundedDown(BigInt(bytes))
  return {
    kind: 'table',
    headings: ['smoothed estimate', 'forecast', 'actual'],
    rows: [
      ['reward of an epoch, FIL', fil(reward.forecast), fil(reward.actual)],
      ['QA power of the network', size(qaPower.forecast), size(qaPower.actual)],
    ],
    alignments: ['left', 'right', 'right'],
  }
}

function termsTable(miners: readonly MinerBacktestFigures[]): Block {
  return {
    kind: 'table',
    headings: [
      'miner',
      'forecast',
      'actual',
      'difference',
      'balance',
      'deposits',
      'fee debt',
      'estimates',
      'live\nsectors',
      'queued\nsectors',
    ],
    rows: miners.map(({ miner, figures: { liquidationValue }, terms }) => [
      miner,
      fil(liquidationValue.forecast),
      fil(liquidationValue.actual),
      signedDifference(liquidationValue.difference),
      signedDifference(terms.balance),
      signedDifference(terms.deposits),
      signedDifference(terms.feeDebt),
      signedDifference(terms.estimates),
      signedDifference(terms.liveSectors),
      signedDifference(terms.queuedSectors),
    ]),
    alignments: ['left', ...Array<'right'>(9).fill('right')],
  }
}

const WORDS: Readonly<Record<keyof MinerBacktestFigures['figures'], string>> = {
  actorBalance: 'balance',
  preCommitDeposit: 'deposits',
  initialPledge: 'pledge',
  lockedFunds: 'locked funds',
  feeDebt: 'fee debt',
  availableBalance: 'available',
  terminationFee: 'termination fee',
  queuedTerminationFee: 'queued termination fee',
  liquidationValue: 'liquidation value',
}

const SECTOR_WORDS: Readonly<Record<keyof MinerBacktestFigures['sectors'], string>> = {
  added: 'live, and not forecast to be',
  removed: 'forecast to be live, and not',
  changed: 'with another pledge, age, end, or weight',
  faulty: 'faulty, and not forecast to be',
  notFaulty: 'forecast to be faulty, and not',
}

/** Numbers of a line; all are in JSON. */
const NUMBERS_WIDTH = 40

function minerBlocks({ figures, sectors }: MinerBacktestFigures): readonly Block[] {
  const rows = (Object.keys(WORDS) as (keyof typeof WORDS)[]).map((key) => {
    const { forecast, actual, difference }: ComparedFigures = figures[key]
    return [WORDS[key], fil(forecast), fil(actual), signedDifference(difference)]
  })
  const changed = (Object.keys(SECTOR_WORDS) as (keyof typeof SECTOR_WORDS)[]).filter(
    (key) => sectors[key].count > 0,
  )
  return [
    heading('Figures, in FIL'),
    {
      kind: 'table',
      headings: ['', 'forecast', 'actual', 'difference'],
      rows,
      alignments: ['left', 'right', 'right', 'right'],
    },
    heading('Sectors'),
    changed.length === 0
      ? { kind: 'lines', lines: ['as forecast'] }
      : {
          kind: 'table',
          headings: ['', 'sectors', 'numbers'],
          rows: changed.map((key) => [
            SECTOR_WORDS[key],
            String(sectors[key].count),
            shortened(sectors[key].numbers),
          ]),
          alignments: ['left', 'right', 'left'],
        },
  ]
}

function summary(miners: readonly MinerBacktestFigures[]): string {
  const exact = miners.filter(({ figures, sectors }) => {
    const isSame = Object.values(figures).every(({ difference }) => difference === '0')
    return isSame && Object.values(sectors).every(({ count }) => count === 0)
  })
  const [only] = miners
  if (only !== undefined && miners.length === 1) {
    return `${only.miner} is ${exact.length === 1 ? '' : 'not '}as forecast, to the attoFIL`
  }
  return `${miners.length} miners, the largest difference first; ${exact.length} of them are as forecast, to the attoFIL`
}

function shortened(numbers: string): string {
  return numbers.length > NUMBERS_WIDTH ? `${numbers.slice(0, NUMBERS_WIDTH)}...` : numbers
}

/** A difference; none is a bare zero. */
function signedDifference(attoFil: string): string {
  return BigInt(attoFil) === 0n ? '0' : signedFil(BigInt(attoFil))
}
