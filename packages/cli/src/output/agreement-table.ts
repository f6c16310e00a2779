import { type AttoFil, formatActorId } from '@plimsoll/primitives'
import type { Agreement } from '@plimsoll/risk'
import type { Block } from './document.ts'
import { fil } from './story-text.ts'

/** An agreement with what it owes, in attoFIL of pFIL. */
export type AgreementRow = Agreement & { readonly outstanding: AttoFil }

/** What raised and lowered the outstanding of each agreement; only columns in which somebody has something. */
export function agreementTable(agreements: readonly AgreementRow[]): Block {
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
