import { type NetworkEstimates, PowerState, RewardState } from '@plimsoll/actors'
import { type Link, load } from '@plimsoll/ipld'
import { type Hashes, REWARD_ACTOR_ADDR, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import type { ActorChange } from '@plimsoll/vm'
import type { Execution } from '../scenario/compare-execution.ts'
import { openReplay, replaySteps } from '../scenario/replay.ts'
import type { ScenarioFile } from '../scenario/scenario-file.ts'

/** The epochs in which a scenario has a tick, and the estimates that messages and ticks read. */
export interface RecordedTicks {
  readonly epochs: readonly number[]
  /** Those that the last tick before an epoch has left. */
  readonly estimatesAt: (epoch: number) => NetworkEstimates
}

/** Replays a scenario, and takes nothing from it but this. */
export function recordedTicks(file: ScenarioFile, hashes: Hashes): RecordedTicks {
  const replay = openReplay(file, hashes)
  const { vm } = replay
  const initial: NetworkEstimates = {
    reward: vm.stateOf(REWARD_ACTOR_ADDR, RewardState).thisEpochRewardSmoothed,
    qaPower: vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState).thisEpochQaPowerSmoothed,
  }
  const epochs: number[] = []
  const left: NetworkEstimates[] = []
  for (const replayed of replaySteps(replay, file)) {
    if ('end' in replayed || (replayed.step.t !== 'cron' && replayed.step.t !== 'cron_run')) {
      continue
    }
    for (const { epoch, changes } of replayed.executions) {
      epochs.push(epoch)
      left.push(estimatesAfter(changes, left.at(-1) ?? initial))
    }
  }
  return {
    epochs,
    estimatesAt: (epoch) => left[countBelow(epochs, epoch) - 1] ?? initial,
  }

  function estimatesAfter(changes: Execution['changes'], before: NetworkEstimates): NetworkEstimates {
    const reward = headAfter(changes, REWARD_ACTOR_ADDR)
    const power = headAfter(changes, STORAGE_POWER_ACTOR_ADDR)
    return {
      reward:
        reward === undefined
          ? before.reward
          : load(vm.store, RewardState, reward as Link<RewardState>).thisEpochRewardSmoothed,
      qaPower:
        power === undefined
          ? before.qaPower
          : load(vm.store, PowerState, power as Link<PowerState>).thisEpochQaPowerSmoothed,
    }
  }
}

function headAfter(changes: readonly ActorChange[], actor: ActorChange['actor']) {
  return changes.find((change) => change.actor === actor)?.after.head
}

/** How many of ascending numbers are below a limit. */
function countBelow(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] as number) < limit) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}
