import { assert, type ChainEpoch } from '@plimsoll/primitives'
import {
  type MinerAssessment,
  type OpenMiner,
  type RuleAssessment,
  sectorFees,
} from '../assess/assess-miner.ts'
import type { NetworkView } from '../assess/network-view.ts'
import { SectorStatus } from '../book/sector-columns.ts'
import type { FeeBranch, SectorFees } from '../fees/sector-fees.ts'
import type { TerminationFees } from '../fees/termination-fees.ts'
import { explainBuffer } from './explain-buffer.ts'
import { explainRow } from './explain-sector.ts'
import { derived, given, type Term } from './term.ts'

const STATE = 'state: miner'
const RULE = 'Repl, pFIL: Safe Pledge; docs/glossary.md'

/**
 * The strict Safe Pledge of a miner with all its terms. Fees are summed by the branch that decided them, and
 * below each branch stands the sector with the largest fee, down to the constants of the protocol.
 *
 * Undefined where a fee is not known.
 */
export function explainMiner(
  view: NetworkView,
  opened: OpenMiner,
  assessment: MinerAssessment,
  rule: RuleAssessment,
): Term | undefined {
  const { sheet, terms, buffer } = assessment
  const { safePledge, safePledgeStrict, eligibleAsset } = rule.position
  if (safePledge === null || safePledgeStrict === null) {
    return undefined
  }
  const fees = sectorFees(view, opened, rule.rules)
  const live = largestByBranch(fees, liveRows(opened, view.assessedEpoch))
  const queued = largestByBranch(fees, queuedRows(opened))
  const explain = (name: string, sum: TerminationFees, largest: LargestFees) =>
    explainFees(name, sum, largest, ({ row, epoch }) => explainRow(view, opened, rule.rules, row, epoch))
  const eligible = derived(
    'eligibleAsset',
    eligibleAsset,
    'attoFIL',
    'actorBalance − preCommitDeposit − outstanding',
    RULE,
    [
      given('actorBalance', sheet.actorBalance, 'attoFIL', 'state tree: balance'),
      given('preCommitDeposit', sheet.preCommitDeposit, 'attoFIL', `${STATE} pre_commit_deposits`),
      given('outstanding', terms.outstanding, 'attoFIL', 'given'),
    ],
  )
  const formula = 'eligibleAsset − terminationFee − buffer'
  const published = derived('safePledge', safePledge, 'attoFIL', formula, RULE, [
    eligible,
    explain('terminationFee', rule.live, live),
    explainBuffer(assessment),
  ])
  const strictFormula = 'safePledge − feeDebt − queuedTerminationFee'
  const strict = derived('safePledgeStrict', safePledgeStrict, 'attoFIL', strictFormula, RULE, [
    published,
    given('feeDebt', sheet.feeDebt, 'attoFIL', `${STATE} fee_debt`),
    explain('queuedTerminationFee', rule.queued, queued),
  ])
  return buffer === null ? { ...strict, note: 'before buffer: none was given' } : strict
}

/** A sector and the epoch that its age is counted to. */
interface FeeRow {
  readonly row: number
  readonly epoch: ChainEpoch
}

type LargestFees = ReadonlyMap<FeeBranch, FeeRow & { readonly fee: bigint }>

function explainFees(
  name: string,
  { fee, sectors, byBranch }: TerminationFees,
  largest: LargestFees,
  explain: (row: FeeRow) => Term,
): Term {
  assert(fee !== null, 'a Safe Pledge is known only when its fees are')
  const branches = [...byBranch].map(([branch, sum]) => {
    const example = largest.get(branch)
    const formula = `Σ of the fees that ${branch} decided; below, the largest`
    const term = derived(branch, sum.fee, 'attoFIL', formula, 'summed sector by sector', [
      ...(example === undefined ? [] : [explain(example)]),
    ])
    return { ...term, note: `${sum.sectors} of ${sectors} sectors` }
  })
  const formula = `Σ of the fees of ${sectors} sectors, each with its own floors and maximum`
  return derived(name, fee, 'attoFIL', formula, 'summed sector by sector', branches)
}

function largestByBranch(fees: SectorFees, rows: Iterable<FeeRow>): LargestFees {
  const largest = new Map<FeeBranch, FeeRow & { readonly fee: bigint }>()
  for (const { row, epoch } of rows) {
    const sectorFee = fees(row, epoch)
    if (sectorFee !== undefined && sectorFee.fee > (largest.get(sectorFee.branch)?.fee ?? -1n)) {
      largest.set(sectorFee.branch, { row, epoch, fee: sectorFee.fee })
    }
  }
  return largest
}

function* liveRows({ book }: OpenMiner, epoch: ChainEpoch): Generator<FeeRow> {
  for (let row = 0; row < book.columns.count; row++) {
    if (((book.columns.status[row] as number) & SectorStatus.LIVE) !== 0) {
      yield { row, epoch }
    }
  }
}

function* queuedRows({ book }: OpenMiner): Generator<FeeRow> {
  for (const { epoch, firstRow, count } of book.queue) {
    for (let row = firstRow; row < firstRow + count; row++) {
      yield { row, epoch }
    }
  }
}
