import { type AttoFil, formatActorId } from '@plimsoll/primitives'
import type { Closing } from '@plimsoll/story'
import type { Block } from './document.ts'
import { exactFil, fil } from './story-text.ts'

/** The closing balance, and everything that was checked. */
export function closingBlocks(closing: Closing): readonly Block[] {
  const { supply, outstanding, heldInFil, badDebt, vault, reserve, poolOnChain, poolInBooks } = closing
  return [
    agreementTable(closing),
    {
      kind: 'table',
      headings: ['', 'exactly', ''],
      rows: [
        ['pFIL in circulation', exactFil(supply), ''],
        ['= owed by miners', exactFil(outstanding), ''],
        ['+ covered by FIL in the vault', exactFil(heldInFil), ''],
        ['+ bad debt', exactFil(badDebt), verdict(supply, outstanding + heldInFil + badDebt)],
        ['FIL of the pool on the chain', exactFil(poolOnChain), ''],
        ['= vault', exactFil(vault), ''],
        ['+ reserve', exactFil(reserve), verdict(poolOnChain, poolInBooks)],
        ['all FIL at the beginning', exactFil(closing.filBefore), ''],
        ['all FIL at the end', exactFil(closing.filAfter), verdict(closing.filBefore, closing.filAfter)],
        ['burnt by the miners', exactFil(closing.burnt), ''],
      ],
      alignments: ['left', 'right', 'left'],
    },
    { kind: 'lines', lines: checkLines(closing) },
  ]
}

/** Only columns in which somebody has something. */
function agreementTable({ agreements }: Closing): Block {
  const columns = COLUMNS.filter(
    ({ of, isAlways }) => isAlways === true || agreements.some((each) => of(each) !== 0n),
  )
  return {
    kind: 'table',
    headings: ['miner', 'stage', ...columns.map(({ heading }) => heading)],
    rows: agreements.map((each) => [
      formatActorId(each.miner),
      STAGES[each.stage],
      ...columns.map(({ of }) => fil(of(each))),
    ]),
    alignments: ['left', 'left', ...columns.map(() => 'right' as const)],
  }
}

type AgreementRow = Closing['agreements'][number]

const STAGES: Readonly<Record<AgreementRow['stage'], string>> = {
  open: 'open',
  warned: 'warned',
  windingUp: 'winding up',
  closed: 'closed',
}

interface Column {
  readonly heading: string
  readonly of: (each: AgreementRow) => AttoFil
  readonly isAlways?: boolean
}

const COLUMNS: readonly Column[] = [
  { heading: 'minted', of: ({ totals }) => totals.minted, isAlways: true },
  { heading: 'passively', of: ({ totals }) => totals.passivelyMinted },
  { heading: 'burned', of: ({ totals }) => totals.burned },
  { heading: 'repaid', of: ({ totals }) => totals.repaid },
  { heading: 'bought back', of: ({ totals }) => totals.boughtBack },
  { heading: 'passed in', of: ({ totals }) => totals.passedIn },
  { heading: 'reserve', of: ({ totals }) => totals.fromReserve },
  { heading: 'lost', of: ({ totals }) => totals.lost },
  { heading: 'outstanding', of: ({ outstanding }) => outstanding, isAlways: true },
]

function checkLines(closing: Closing): readonly string[] {
  const { entries, isReplayEqual, findings, messages, ticks, isBalanced } = closing
  return [
    `${entries} entries, the invariants checked after each; replayed they give ${isReplayEqual ? 'the same books' : 'OTHER BOOKS'}`,
    ...findings,
    `${messages} messages and ${ticks} ticks were executed after day 0 and in the weeks before`,
    isBalanced ? 'Everything balances, to the attoFIL.' : 'The books do NOT balance.',
  ]
}

function verdict(one: AttoFil, other: AttoFil): string {
  return one === other ? 'equal' : 'DIFFERENT'
}
