import type { AttoFil } from '@plimsoll/primitives'
import type { Closing } from '@plimsoll/story'
import { agreementTable } from './agreement-table.ts'
import type { Block } from './document.ts'
import { exactFil } from './story-text.ts'

/** The closing balance, and everything that was checked. */
export function closingBlocks(closing: Closing): readonly Block[] {
  const { supply, outstanding, heldInFil, badDebt, vault, reserve, poolOnChain, poolInBooks, burntOnChain } =
    closing
  return [
    agreementTable(closing.agreements),
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
        ['received by who burns', exactFil(burntOnChain), verdict(closing.burnt, burntOnChain)],
      ],
      alignments: ['left', 'right', 'left'],
    },
    { kind: 'lines', lines: checkLines(closing) },
  ]
}

function checkLines(closing: Closing): readonly string[] {
  const { entries, isReplayEqual, findings, stateFindings, messages, ticks, isBalanced } = closing
  return [
    `${entries} entries, the invariants checked after each; replayed they give ${isReplayEqual ? 'the same books' : 'OTHER BOOKS'}`,
    ...findings,
    `the reference's rules ${stateFindings.length === 0 ? 'hold' : 'DO NOT HOLD'} over the whole state, claims without sectors apart`,
    ...stateFindings,
    `${messages} messages and ${ticks} ticks were executed after day 0 and in the weeks before`,
    isBalanced ? 'Everything balances, to the attoFIL.' : 'The books do NOT balance.',
  ]
}

function verdict(one: AttoFil, other: AttoFil): string {
  return one === other ? 'equal' : 'DIFFERENT'
}
