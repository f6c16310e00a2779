import type { AttoFil } from '@plimsoll/primitives'
import {
  type Books,
  balanceOf,
  canonicalText,
  checkBooks,
  outstandingOf,
  replayEntries,
  supplyOf,
} from '@plimsoll/risk'
import type { Closing } from './event.ts'
import { allFil } from './open-world.ts'
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
  const findings = checkBooks(books)
  const isReplayEqual = textOf(replayEntries(terms.ledger, entries)) === textOf(books)
  const poolOnChain = network.vm.findActor(world.pool.id)?.balance ?? 0n
  const lots = sumOf(books.auctions.map(({ remaining }) => remaining))
  const poolInBooks = figures.vault + figures.reserve + lots
  const filAfter = allFil(network)
  return {
    ...figures,
    ...{ findings, entries: entries.length, isReplayEqual, poolOnChain, poolInBooks, filBefore, filAfter },
    ...done,
    burnt: sumOf(world.miners.map((each) => burntBy(world, each))),
    isBalanced:
      findings.length === 0 && isReplayEqual && poolOnChain === poolInBooks && filBefore === filAfter,
  }
}

function sumOf(amounts: readonly AttoFil[]): AttoFil {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}

function textOf({ agreements, balances, ...books }: Books): string {
  return canonicalText({ ...books, agreements: [...agreements], balances: [...balances] })
}
