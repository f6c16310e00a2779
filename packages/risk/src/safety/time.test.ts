import { fc, test } from '@fast-check/vitest'
import { currentDeadlineInfo, isDeadlineMutable, MAINNET_POLICY, MinerState } from '@plimsoll/actors'
import { type ChainEpoch, createHashes, EPOCHS_IN_DAY, ExitCode } from '@plimsoll/primitives'
import {
  deadlineInPeriod,
  execute,
  liveSectorsOf,
  openDeadline,
  placesOf,
  terminateCall,
} from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { rehearsePlan } from '../plan/rehearse-plan.ts'
import { sendPlan } from './testing/send-plan.ts'
import { afterTrouble, NO_TROUBLE, openSoundMiner, planAll, viewOf } from './testing/troubled-miner.ts'

const hashes = await createHashes()
const sound = openSoundMiner(hashes)
const { id: address } = sound.miner

/** A moment at which the deadline of some sector is open, or the next to open: so many epochs after it became the next. */
const anyMoment = fc.record({ sector: fc.nat(7), after: fc.nat(119) }).map(({ sector, after }) => {
  const { network } = sound
  const deadline = placesOf(network, address).get(sector)?.deadline ?? 0
  const becomesNext = deadlineInPeriod(network, address, deadline).open - 60
  return (becomesNext + after - network.vm.epoch + 2 * EPOCHS_IN_DAY) % EPOCHS_IN_DAY
})

/** Rounds without blocks: up to four gaps of up to three windows of deadlines, from the epoch of the plan on. */
const anyGaps = fc.array(
  fc.record({
    after: fc.oneof(fc.constant(0), fc.nat(EPOCHS_IN_DAY)),
    length: fc.integer({ min: 1, max: 180 }),
  }),
  { minLength: 1, maxLength: 4 },
)

describe('the windows of a day', () => {
  // The deadline that is open and the next one cannot be changed: `deadline_is_mutable`.
  test.prop([anyMoment], { numRuns: 6 })(
    'I9: a sector in the open deadline or the next is refused, and every other is not',
    (epochs) => {
      const network = afterTrouble(sound, { ...NO_TROUBLE, epochs })
      const places = placesOf(network, address)
      let refused = 0
      for (const sector of liveSectorsOf(network, address).keys()) {
        const fork = { ...network, vm: network.vm.fork() }
        const { index } = openDeadline(fork, address)
        const ahead = ((places.get(sector)?.deadline ?? 0) - index + 48) % 48
        const call = terminateCall(fork, sound.miner, [sector])
        if (ahead <= 1) {
          expect(() => execute(fork, call)).toThrow('USR_ILLEGAL_ARGUMENT')
          refused++
        } else {
          execute(fork, call)
          expect(liveSectorsOf(fork, address).has(sector)).toBe(false)
        }
      }
      expect(refused).toBeGreaterThan(0)
    },
  )

  test.prop([anyMoment], { numRuns: 6 })(
    'I9: a plan names a sector only while it may, whenever the plan is made',
    (epochs) => {
      const network = afterTrouble(sound, { ...NO_TROUBLE, isDrained: true, epochs })
      const plan = planAll(hashes, viewOf(network), sound.id)
      const state = network.vm.stateOf(address, MinerState)
      for (const { epoch, declared } of plan.steps) {
        const { periodStart } = currentDeadlineInfo(MAINNET_POLICY, state, epoch)
        const fixed = declared.filter(
          (part) => !isDeadlineMutable(MAINNET_POLICY, periodStart, part.deadline, epoch),
        )
        expect(fixed).toEqual([])
      }
      expect(plan.totals.settledSectors).toBe(plan.start.liveSectors)
    },
  )
})

describe('null rounds in the middle of a plan', () => {
  test('I9: a message may come late until its deadline is the next to open, and not an epoch longer', () => {
    const plan = planAll(hashes, viewOf(sound.network), sound.id)
    const [step] = plan.steps
    const first = step?.epoch ?? 0
    const state = sound.network.vm.stateOf(address, MinerState)
    const { periodStart } = currentDeadlineInfo(MAINNET_POLICY, state, first)
    // The deadline opens 60 epochs after it has become the next one, for the first time after the message is due.
    const opens = (step?.declared ?? []).map(({ deadline }) => {
      const open = periodStart + deadline * 60
      return open - 60 > first ? open : open + EPOCHS_IN_DAY
    })
    const tooLate = Math.min(...opens) - 60
    const exitAfter = (end: ChainEpoch) => {
      const network = { ...sound.network, vm: sound.network.vm.fork() }
      const [sent] = sendPlan(network, { ...plan, steps: plan.steps.slice(0, 1) }, (epoch) => epoch < end)
      return { epoch: sent?.epoch, exitCode: sent?.receipt.exitCode }
    }
    expect(exitAfter(tooLate - 1)).toEqual({ epoch: tooLate - 1, exitCode: ExitCode.OK })
    expect(exitAfter(tooLate)).toEqual({ epoch: tooLate, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT })
  })

  test.prop([anyMoment, anyGaps], { numRuns: 3 })(
    'I9: a message that comes late is accepted while its windows are open, and else leaves nothing behind',
    (epochs, gaps) => {
      const network = afterTrouble(sound, { ...NO_TROUBLE, isDrained: true, epochs })
      const plan = planAll(hashes, viewOf(network), sound.id)
      const state = network.vm.stateOf(address, MinerState)
      const isNullRound = (epoch: ChainEpoch) =>
        gaps.some(({ after, length }) => epoch - plan.epoch >= after && epoch - plan.epoch < after + length)
      for (const { step, epoch, receipt } of sendPlan(network, plan, isNullRound)) {
        if (step.message.methodName !== 'TerminateSectors') {
          continue
        }
        const { periodStart } = currentDeadlineInfo(MAINNET_POLICY, state, epoch)
        const isInTime = step.declared.every(({ deadline }) =>
          isDeadlineMutable(MAINNET_POLICY, periodStart, deadline, epoch),
        )
        expect(receipt.exitCode).toBe(isInTime ? ExitCode.OK : ExitCode.USR_ILLEGAL_ARGUMENT)
        const left = receipt.changes.filter(({ before, after }) => before?.head !== after.head)
        expect(left.length > 0).toBe(isInTime)
      }
      // Whatever was missed, a plan from where it stands ends it.
      const view = viewOf(network)
      const rest = planAll(hashes, view, sound.id)
      expect(rehearsePlan(view, rest, { hashes, networkVersion: 28 }).differences).toEqual([])
      expect(rest.end).toMatchObject({ liveSectors: 0, queuedSectors: 0 })
    },
  )
})
