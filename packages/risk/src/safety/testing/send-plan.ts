import type { ChainEpoch } from '@plimsoll/primitives'
import type { TestNetwork } from '@plimsoll/testkit'
import type { Receipt } from '@plimsoll/vm'
import { messageOfPlan } from '../../plan/plan-messages.ts'
import type { LiquidationPlan, PlanStep } from '../../plan/plan-types.ts'

/** A step of a plan, when it was sent and what came of it. */
export interface SentStep {
  readonly step: PlanStep
  readonly epoch: ChainEpoch
  readonly receipt: Receipt
}

/**
 * Sends the messages of a plan up to the first one after its last sector is charged, each in its epoch or in the first
 * one after that which has blocks. Cron runs in every epoch: a chain makes up for null rounds.
 */
export function sendPlan(
  { vm }: Pick<TestNetwork, 'vm'>,
  plan: LiquidationPlan,
  isNullRound: (epoch: ChainEpoch) => boolean = () => false,
): readonly SentStep[] {
  const sent: SentStep[] = []
  const steps = plan.steps.filter(({ epoch }) => epoch <= plan.everyEpochUntil + 1)
  while (sent.length < steps.length) {
    const { epoch } = vm
    const due = isNullRound(epoch) ? [] : steps.slice(sent.length).filter((step) => step.epoch <= epoch)
    for (const step of due) {
      sent.push({ step, epoch, receipt: vm.applyMessage(messageOfPlan(step.message)) })
    }
    vm.tick()
    vm.epoch++
  }
  return sent
}
