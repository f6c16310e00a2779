import { divCeil, formatActorId } from '@plimsoll/primitives'
import type { LiquidationPlan } from '@plimsoll/risk'
import type { ExecutedMessage, PlanOutcome, StoryEvent } from '@plimsoll/story'
import type { Block } from './document.ts'
import { below, exactFil, fil, prefix } from './story-text.ts'

const GAS_IN_MGAS = 1_000_000n

/** A plan before it is carried out. */
export function planBlocks(plan: LiquidationPlan, rehearsalDifferences: number): readonly Block[] {
  const rows = plan.steps.map(({ epoch, message, declared, predicted, gas }, i) => [
    String(i + 1),
    `+${epoch - plan.epoch}`,
    message.methodName,
    [...new Set(declared.map(({ deadline }) => deadline))].join(' '),
    gas === null ? '' : String(declared.reduce((sum, { sectors }) => sum + sectors.length, 0)),
    gas === null ? '' : exactFil(predicted.fee),
    fil(predicted.paidOut),
    gas === null ? '' : String(divCeil(gas.estimate, GAS_IN_MGAS)),
  ])
  const { totals, start, blockers } = plan
  return [
    {
      kind: 'lines',
      lines: [
        `${formatActorId(plan.miner)}: all of ${start.liveSectors} sectors, from epoch ${plan.epoch} on; balance ${fil(start.balance)} FIL`,
        `hash ${plan.hash}`,
      ],
    },
    {
      kind: 'table',
      headings: ['', 'epoch', 'method', 'deadlines', 'sectors', 'fee', 'paid out', 'Mgas'],
      rows,
      alignments: ['right', 'right', 'left', 'left', 'right', 'right', 'right', 'right'],
    },
    {
      kind: 'lines',
      lines: [
        blockers.length === 0
          ? 'nothing is in the way'
          : `in the way: ${blockers.map(({ kind }) => kind).join(', ')}`,
        `burns ${exactFil(totals.burned)} FIL; cash ${fil(totals.cashNow)} FIL at once, ${fil(totals.cashLater)} later`,
        rehearsalDifferences === 0
          ? 'rehearsed on a fork: every fee, balance and payment came out as planned'
          : `rehearsed on a fork: ${rehearsalDifferences} figures came out otherwise than planned`,
      ],
    },
  ]
}

/** A message of the plan, as the network executed it. */
export function planMessageLines(event: StoryEvent, message: ExecutedMessage): readonly string[] {
  const { number, methodName, deadlines, sectors, plannedBurn, burnt, plannedPayment, paid } = message
  const where = deadlines.length === 0 ? '' : `, deadlines ${deadlines.join(' ')}, ${sectors} sectors`
  const compared = (word: string, planned: bigint, found: bigint) =>
    below(
      event,
      `${word} ${exactFil(found)} FIL, ${planned === found ? 'as planned' : `planned ${exactFil(planned)}: DIFFERENT`}`,
    )
  return [
    `${prefix(event)}message ${number}: ${methodName}${where}`,
    ...(plannedBurn > 0n || burnt > 0n ? [compared('burnt', plannedBurn, burnt)] : []),
    ...(plannedPayment > 0n || paid > 0n ? [compared('paid out', plannedPayment, paid)] : []),
  ]
}

/** Everything that was planned beside what happened. */
export function outcomeBlocks(outcome: PlanOutcome): readonly Block[] {
  const { plannedBurn, burnt, plannedCash, cash, plannedBalance, balance, termination } = outcome
  const row = (name: string, planned: bigint, found: bigint) => [
    name,
    exactFil(planned),
    exactFil(found),
    planned === found ? 'equal' : 'DIFFERENT',
  ]
  return [
    {
      kind: 'table',
      headings: ['FIL', 'planned', 'happened', ''],
      rows: [
        ['termination fees', exactFil(termination), '', ''],
        ['faults and daily fees', exactFil(outcome.faultAndDaily), '', ''],
        row('burnt in all', plannedBurn, burnt),
        row('paid out', plannedCash, cash),
        row('left in the miner', plannedBalance, balance),
      ],
      alignments: ['left', 'right', 'right', 'left'],
    },
    {
      kind: 'lines',
      lines: [
        outcome.isExact
          ? 'the prediction, which executes no actor, was exact to the attoFIL'
          : 'the prediction was NOT exact',
      ],
    },
  ]
}
