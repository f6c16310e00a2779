import { type AttoFil, formatActorId } from '@plimsoll/primitives'
import type { BufferChoice, MinerAssessment, RuleAssessment } from '../assess/assess-miner.ts'
import type { FeeRules } from '../fees/fee-rules.ts'

/** An amount in attoFIL as decimal text, or null where it is not known. */
type Amount = string | null

/** The figures that depend on the rules by which a termination is charged. */
export interface RuleFigures {
  readonly feeRules: FeeRules
  readonly terminationFee: Amount
  readonly queuedTerminationFee: Amount
  /** Sectors whose fee the rules cannot give, because they have no rewards recorded. */
  readonly sectorsWithoutRewards: number
  readonly liquidationValue: Amount
  readonly recoverableNow: Amount
  readonly recoverableLater: Amount
  readonly safePledge: Amount
  readonly safePledgeStrict: Amount
}

/** One miner in a report: names of the glossary, amounts as decimal strings of attoFIL. */
export interface MinerFigures extends RuleFigures {
  readonly miner: string
  readonly label?: string
  readonly liveSectors: number
  readonly faultySectors: number
  readonly recoveringSectors: number
  readonly unprovenSectors: number
  readonly queuedSectors: number
  readonly rawPower: string
  readonly qaPower: string
  readonly actorBalance: string
  readonly preCommitDeposit: string
  readonly initialPledge: string
  readonly lockedFunds: string
  readonly feeDebt: string
  readonly unlockedBalance: string
  readonly availableBalance: string
  readonly outstanding: string
  readonly eligibleAsset: string
  readonly dailySlashing: string
  /** Null where none was given: Safe Pledge is then before buffer. */
  readonly buffer: Amount
  /** By which rule the buffer was made, such as `v1, 7 days`, or `amount`; null where none was given. */
  readonly bufferRule: string | null
  /** The same figures by the other rules, where both were asked for. */
  readonly otherFeeRules?: RuleFigures
}

export function minerFigures(assessment: MinerAssessment): MinerFigures {
  const { sheet, counts, terms, livePower, buffer, slashing } = assessment
  const [primary, other] = assessment.byRules
  return {
    miner: formatActorId(assessment.miner),
    ...(terms.label === undefined ? {} : { label: terms.label }),
    ...counts,
    rawPower: String(livePower.raw),
    qaPower: String(livePower.qa),
    actorBalance: String(sheet.actorBalance),
    preCommitDeposit: String(sheet.preCommitDeposit),
    initialPledge: String(sheet.initialPledge),
    lockedFunds: String(sheet.lockedFunds),
    feeDebt: String(sheet.feeDebt),
    unlockedBalance: String(sheet.unlockedBalance),
    availableBalance: String(sheet.availableBalance),
    outstanding: String(terms.outstanding),
    eligibleAsset: String(primary.position.eligibleAsset),
    dailySlashing: String(slashing.total),
    buffer: amount(buffer),
    bufferRule: bufferRuleOf(terms.buffer),
    ...ruleFigures(primary),
    ...(other === undefined ? {} : { otherFeeRules: ruleFigures(other) }),
  }
}

function bufferRuleOf(choice: BufferChoice): string | null {
  if (choice === undefined) {
    return null
  }
  if ('amount' in choice) {
    return 'amount'
  }
  const { days, version = 1 } = choice
  return `v${version}, ${days} ${days === 1 ? 'day' : 'days'}`
}

function ruleFigures({ rules, live, queued, position }: RuleAssessment): RuleFigures {
  return {
    feeRules: rules,
    terminationFee: amount(live.fee),
    queuedTerminationFee: amount(queued.fee),
    sectorsWithoutRewards: live.unknown + queued.unknown,
    liquidationValue: amount(position.liquidationValue),
    recoverableNow: amount(position.recoverableNow),
    recoverableLater: amount(position.recoverableLater),
    safePledge: amount(position.safePledge),
    safePledgeStrict: amount(position.safePledgeStrict),
  }
}

function amount(value: AttoFil | null): Amount {
  return value === null ? null : String(value)
}
