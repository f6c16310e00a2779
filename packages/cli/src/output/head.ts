import { epochToUtc, type NetworkParameters } from '@plimsoll/primitives'
import type { NetworkView, ReportHead, StateHead } from '@plimsoll/risk'

/** Of which state the figures are, for when, and by which rules. */
export function renderHead(view: NetworkView, head: ReportHead): string {
  const assessed = formatEpoch(head.assessedEpoch, view.network.network)
  return `${renderStateHead(view, head)}\nassessed for epoch ${assessed}, fee rules ${head.feeRules}`
}

/** Of which state the figures are. */
export function renderStateHead({ network: { network, networkName } }: NetworkView, head: StateHead): string {
  return [
    `state ${head.stateRoot}`,
    `${network?.name ?? networkName}, actors v${head.actorsVersion}, executed up to epoch ${formatEpoch(head.stateEpoch, network)}`,
  ].join('\n')
}

/** An epoch with its time, where the network's genesis is known. */
export function formatEpoch(epoch: number, network: NetworkParameters | undefined): string {
  const genesis = network?.genesisUnixSeconds
  return genesis === undefined ? String(epoch) : `${epoch} (${epochToUtc(epoch, genesis)})`
}
