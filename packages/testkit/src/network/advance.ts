import type { Address, ChainEpoch } from '@plimsoll/primitives'
import { openDeadline } from './miner-view.ts'
import { requireOk } from './send.ts'
import type { TestNetwork } from './test-network.ts'
import { proveOpenDeadline } from './window-post.ts'

/** What happens while epochs pass. */
export interface Passage {
  /** Whether every miner proves what is due; true unless given. Or which miners do. */
  readonly proves?: boolean | ((miner: Address) => boolean)
  /** Whether cron runs in every epoch; otherwise those in which no deadline ends are null rounds. */
  readonly ticksEveryEpoch?: boolean
}

/** Lets time pass up to the beginning of an epoch. Miners prove in the epoch after their deadline has opened. */
export function advanceTo(network: TestNetwork, epoch: ChainEpoch, passage: Passage = {}): void {
  const { vm } = network
  while (vm.epoch < epoch) {
    // The last epoch is never a null round, so that the state is that of the end of an epoch.
    const next = nextEvent(network, epoch - 1)
    while (passage.ticksEveryEpoch === true && vm.epoch < next) {
      tick(network)
    }
    vm.epoch = next
    proveAll(network, passage)
    tick(network)
  }
}

export function advanceBy(network: TestNetwork, epochs: number, passage: Passage = {}): void {
  advanceTo(network, network.vm.epoch + epochs, passage)
}

/** Ends the present epoch. */
export function tick({ vm }: TestNetwork): void {
  requireOk('cron', vm.tick())
  vm.epoch++
}

/** The next epoch, from the present one on, in which a deadline has just opened or is about to close. */
function nextEvent(network: TestNetwork, latest: ChainEpoch): ChainEpoch {
  const { epoch } = network.vm
  const { wpostChallengeWindow } = network.vm.host.policy
  return network.miners.reduce((earliest, miner) => {
    const { open } = openDeadline(network, miner)
    const events = [open, open + wpostChallengeWindow - 1, open + wpostChallengeWindow]
    return Math.min(earliest, ...events.filter((event) => event >= epoch))
  }, latest)
}

function proveAll(network: TestNetwork, { proves = true }: Passage): void {
  const isProver = typeof proves === 'function' ? proves : () => proves
  for (const miner of network.miners) {
    if (isProver(miner)) {
      proveOpenDeadline(network, miner)
    }
  }
}
