import { type AttoFil, assert, maxBigInt } from '@plimsoll/primitives'
import type { MinerAssessment, OpenMiner, RuleAssessment } from '../assess/assess-miner.ts'
import type { NetworkView } from '../assess/network-view.ts'
import { explainMiner } from './explain-miner.ts'
import { derived, given, type Term } from './term.ts'

/** The figures of a miner that can be explained, by their names in reports. */
export const EXPLAINED_FIGURES = [
  'safePledgeStrict',
  'safePledge',
  'eligibleAsset',
  'terminationFee',
  'queuedTerminationFee',
  'buffer',
  'liquidationValue',
  'recoverableNow',
  'recoverableLater',
  'unlockedBalance',
  'availableBalance',
] as const
export type ExplainedFigure = (typeof EXPLAINED_FIGURES)[number]

const STATE = 'state: miner'
const DEFINITION = 'docs/glossary.md'

/** One figure of a miner with all its terms. Undefined where it needs a fee that is not known. */
export function explainFigure(
  view: NetworkView,
  opened: OpenMiner,
  assessment: MinerAssessment,
  rule: RuleAssessment,
  figure: ExplainedFigure,
): Term | undefined {
  const available = availableBalanceOf(assessment)
  if (figure === 'availableBalance' || figure === 'unlockedBalance') {
    return termNamed(available, figure)
  }
  const safePledge = explainMiner(view, opened, assessment, rule)
  if (safePledge === undefined) {
    return undefined
  }
  const recovery = recoverableNowOf(assessment, rule, safePledge)
  return findTerm(safePledge, figure) ?? termNamed(recovery, figure)
}

function availableBalanceOf({ sheet }: MinerAssessment): Term {
  const unlocked = derived(
    'unlockedBalance',
    sheet.unlockedBalance,
    'attoFIL',
    'actorBalance − lockedFunds − preCommitDeposit − initialPledge',
    'builtin-actors actors/miner/src/state.rs get_unlocked_balance',
    [
      given('actorBalance', sheet.actorBalance, 'attoFIL', 'state tree: balance'),
      given('lockedFunds', sheet.lockedFunds, 'attoFIL', `${STATE} locked_funds`),
      given('preCommitDeposit', sheet.preCommitDeposit, 'attoFIL', `${STATE} pre_commit_deposits`),
      given('initialPledge', sheet.initialPledge, 'attoFIL', `${STATE} initial_pledge`),
    ],
  )
  const source = 'builtin-actors actors/miner/src/state.rs get_available_balance'
  return derived('availableBalance', sheet.availableBalance, 'attoFIL', 'unlockedBalance − feeDebt', source, [
    unlocked,
    given('feeDebt', sheet.feeDebt, 'attoFIL', `${STATE} fee_debt`),
  ])
}

/** What is free at once, above the part that vests later and the liquidation value that both are parts of. */
function recoverableNowOf({ sheet }: MinerAssessment, { position }: RuleAssessment, root: Term): Term {
  const { liquidationValue, recoverableNow, recoverableLater } = position
  const debt = derived(
    'debtAtTheEnd',
    sheet.feeDebt + amountOf(root, 'terminationFee') + amountOf(root, 'queuedTerminationFee'),
    'attoFIL',
    'feeDebt + terminationFee + queuedTerminationFee',
    DEFINITION,
    [
      given('feeDebt', sheet.feeDebt, 'attoFIL', `${STATE} fee_debt`),
      termNamed(root, 'terminationFee'),
      termNamed(root, 'queuedTerminationFee'),
    ],
  )
  const liquidation = derived(
    'liquidationValue',
    known(liquidationValue),
    'attoFIL',
    'actorBalance − preCommitDeposit − debtAtTheEnd',
    DEFINITION,
    [
      given('actorBalance', sheet.actorBalance, 'attoFIL', 'state tree: balance'),
      given('preCommitDeposit', sheet.preCommitDeposit, 'attoFIL', `${STATE} pre_commit_deposits`),
      debt,
    ],
  )
  const stillLocked = derived(
    'lockedAfterDebt',
    maxBigInt(sheet.lockedFunds - sheet.vestedFunds - BigInt(debt.value), 0n),
    'attoFIL',
    'max(0, lockedFunds − vestedFunds − debtAtTheEnd): debt is paid from vesting funds first',
    'builtin-actors actors/miner/src/state.rs repay_partial_debt_in_priority_order',
    [
      given('lockedFunds', sheet.lockedFunds, 'attoFIL', `${STATE} locked_funds`),
      given(
        'vestedFunds',
        sheet.vestedFunds,
        'attoFIL',
        `${STATE} vesting_funds, of epochs that have passed`,
      ),
    ],
  )
  const later = derived(
    'recoverableLater',
    known(recoverableLater),
    'attoFIL',
    'min(lockedAfterDebt, max(0, liquidationValue))',
    DEFINITION,
    [stillLocked],
  )
  const formula = 'max(0, liquidationValue) − recoverableLater'
  return derived('recoverableNow', known(recoverableNow), 'attoFIL', formula, DEFINITION, [
    liquidation,
    later,
  ])
}

function findTerm(root: Term, name: string): Term | undefined {
  if (root.name === name) {
    return root
  }
  for (const term of root.terms) {
    const found = findTerm(term, name)
    if (found !== undefined) {
      return found
    }
  }
  return undefined
}

function termNamed(root: Term, name: string): Term {
  const found = findTerm(root, name)
  assert(found !== undefined, 'the tree has all figures that it is made of')
  return found
}

function amountOf(root: Term, name: string): AttoFil {
  return BigInt(termNamed(root, name).value)
}

function known(value: AttoFil | null): AttoFil {
  assert(value !== null, 'where the fees are known, all figures are')
  return value
}
