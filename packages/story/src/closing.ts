import { type AttoFil, formatActorId, requireActorId } from '@plimsoll/primitives'
import {
  type Books,
  balanceOf,
  canonicalText,
  checkBooks,
  outstandingOf,
  replayEntries,
  supplyOf,
} from '@plimsoll/risk'
import { type EconomyNetwork, networkFindings } from '@plimsoll/testkit'
import type { Closing } from './event.ts'
import { allFil, burntFunds } from './open-world.ts'
import { burntBy, type World } from './world.ts'

/** Draws the last balance, and checks it against the chain and against itself. */
export function closingOf(world: World): Closing {
  const { books, network, entries, filBefore, terms, done } = world
  const figures = {
    agreements: [...books.agreements.values()].map((agreement) => ({
      ...agreement,
      outstanding: outstandingOf(books, agreement.miner),
    })),
    supply: supplyOf(books),
    outstanding: sumOf([...books.agreements.keys()].map((miner) => outstandingOf(books, miner))),
    heldInFil: balanceOf(books.balances, 'pFIL held in FIL'),
    badDebt: balanceOf(books.balances, 'pFIL bad debt'),
    vault: balanceOf(books.balances, 'FIL vault'),
    reserve: balanceOf(books.balances, 'FIL reserve'),
  }
  const lots = sumOf(books.auctions.map(({ remaining }) => remaining))
  const checked = {
    findings: checkBooks(books),
    isReplayEqual: textOf(replayEntries(terms.ledger, entries)) === textOf(books),
    poolOnChain: network.vm.findActor(world.pool.id)?.balance ?? 0n,
    poolInBooks: figures.vault + figures.reserve + lots,
    ...{ filBefore, filAfter: allFil(network) },
    burnt: sumOf(world.miners.map((each) => burntBy(world, each))),
    burntOnChain: burntFunds(network) - world.burntFundsBefore,
    stateFindings: findingsOf(network),
  }
  return { ...figures, ...checked, ...done, entries: entries.length, isBalanced: isBalanced(checked) }
}

function isBalanced(checked: Checked): boolean {
  return (
    checked.findings.length === 0 &&
    checked.stateFindings.length === 0 &&
    checked.isReplayEqual &&
    checked.poolOnChain === checked.poolInBooks &&
    checked.filBefore === checked.filAfter &&
    checked.burnt === checked.burntOnChain
  )
}

type Checked = Pick<
  Closing,
  | 'findings'
  | 'stateFindings'
  | 'isReplayEqual'
  | 'poolOnChain'
  | 'poolInBooks'
  | 'filBefore'
  | 'filAfter'
  | 'burnt'
  | 'burntOnChain'
>

/** Claimants have no sectors under their power and no deadlines, which is what is simplified about them. */
function findingsOf(network: EconomyNetwork): readonly string[] {
  const claimants = new Set(network.claimants.map((claimant) => formatActorId(requireActorId(claimant))))
  return networkFindings(network)
    .filter(({ place }) => !claimants.has(place))
    .map(({ place, message }) => `${place}: ${message}`)
}

function sumOf(amounts: readonly AttoFil[]): AttoFil {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}

function textOf({ agreements, balances, ...books }: Books): string {
  return canonicalText({ ...books, agreements: [...agreements], balances: [...balances] })
}
