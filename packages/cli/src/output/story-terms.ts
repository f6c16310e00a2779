import {
  ATTO_FIL_PER_FIL,
  type AttoFil,
  EPOCHS_IN_DAY,
  formatFilRoundedDown,
  formatPowerRoundedDown,
} from '@plimsoll/primitives'
import { type Ratio, scaleFloor } from '@plimsoll/risk'
import type { NetworkSummary, StoryEvent } from '@plimsoll/story'
import type { Terminal } from '../terminal.ts'
import { fil } from './story-text.ts'
import { bold } from './table.ts'

type Terms = Extract<StoryEvent, { readonly kind: 'terms' }>

/** What the story supposes, before it begins. */
export function termsLines(terminal: Terminal, event: Terms): readonly string[] {
  const { seed, terms, filPerPfil, bidders } = event
  const { ledger, economy } = terms
  const { auction, passiveMint } = ledger
  const { startMultiplier, endMultiplier, periodDays } = passiveMint
  const market = ratio(filPerPfil)
  return [
    bold(terminal, `A pool lends pFIL against ${terms.miners} storage providers: story ${seed}`),
    '',
    'The actors are the real ones (v18), and they execute every message, proof and tick of what follows.',
    'The numbers below are ours, for the story, but for the passive mint, which Repl publishes:',
    '',
    `network    ${filOf(economy.circulatingSupply)} FIL in circulation; mints and weighs as mainnet did in 2026`,
    `           simplified: everybody else is ${economy.claims} claims without sectors; sectors are empty; gas is free;`,
    '           a miner wins at most a block a day, and none if it is to fail',
    `miners     ${terms.sectors.least} to ${terms.sectors.most} sectors of 64 GiB, committed ${terms.historyDays} days before day 0`,
    `agreement  the pool owns the miner meanwhile; buffer: ${terms.bufferDays} days of slashing`,
    `           ${MINT_RULES[ledger.mintRule]}`,
    `           levels of the eligible asset: the termination fee of day 0, and ${terms.warningDays} days of slashing to`,
    `           warn, ${terms.terminationDays} to terminate; ${terms.noticeEpochs / EPOCHS_IN_DAY} days of notice in between`,
    `auction    asks ${price(auction.startPrice)} pFIL for a FIL, ${price(auction.step)} less every ${auction.intervalEpochs} epochs down to ${price(auction.floorPrice)}, restarts: ${auction.restarts}`,
    `           the lot: ${LOTS[ledger.lotRule]}`,
    `           parts of ${fil(auction.dust)} FIL or more; the first who gives what is asked gets them`,
    `passive    mint: ${ratio(startMultiplier)} to ${ratio(endMultiplier)} times the premium in ${periodDays} days`,
    `market     ${market} pFIL for a FIL; ${bidders.length} bidders, who give ${bidders.map(({ limit }) => price(limit)).join(', ')} at most`,
    `reserve    ${fil(terms.reserve)} FIL, against bad debt`,
    '',
    'A bar is the eligible asset: below W the pool warns in public, below T it terminates. A Safe Pledge',
    'below zero says how much more is minted than could be now.',
  ]
}

const MINT_RULES: Readonly<Record<Terms['terms']['ledger']['mintRule'], string>> = {
  published: 'Safe Pledge as published, which does not count fee debt',
  strict: 'Safe Pledge less fee debt and queued fees',
}

const LOTS: Readonly<Record<Terms['terms']['ledger']['lotRule'], string>> = {
  upToOutstanding: 'what is recovered, up to the outstanding; the owner has the rest',
  allRecovered: 'all that is recovered',
}

export function networkLines(network: NetworkSummary): readonly string[] {
  const { rawPower, networkRawPower, networkQaPower, rewardPerEpoch, sectorPledge } = network
  return [
    `${network.miners} miners with ${network.sectors} sectors, ${formatPowerRoundedDown(rawPower)}; the network has ${formatPowerRoundedDown(networkRawPower)} raw, ${formatPowerRoundedDown(networkQaPower)} quality-adjusted`,
    `a sector pledges ${fil(sectorPledge)} FIL; an epoch mints ${fil(rewardPerEpoch)} FIL; there are ${filOf(network.totalFil)} FIL in all`,
  ]
}

/** A price with two decimals, which is what prices here have. */
function price(amount: AttoFil): string {
  return formatFilRoundedDown(amount, 2)
}

function ratio(of: Ratio): string {
  return price(scaleFloor(of, ATTO_FIL_PER_FIL))
}

function filOf(amount: AttoFil): string {
  return formatFilRoundedDown(amount, 0)
}
