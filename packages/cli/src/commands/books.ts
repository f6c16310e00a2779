import { readFile } from 'node:fs/promises'
import {
  type Ledger,
  LedgerError,
  outstandingOf,
  parseLedgerFile,
  replayLedger,
  supplyOf,
  surplusOf,
} from '@plimsoll/risk'
import { UsageError } from '../errors.ts'
import { booksBlocks } from '../output/books-page.ts'
import { renderBlocks } from '../output/document.ts'
import { renderJson } from '../output/json.ts'
import type { Terminal } from '../terminal.ts'

export interface BooksOptions {
  readonly json?: boolean
}

/** `books`: what a ledger file leads to, by agreement, by auction and by account. */
export async function books(path: string, { json }: BooksOptions, terminal: Terminal): Promise<void> {
  const ledger = await readLedger(path)
  const replayed = replayLedger(ledger)
  const report = {
    epoch: replayed.epoch,
    entries: ledger.entries.length,
    supply: supplyOf(replayed),
    surplus: surplusOf(replayed),
    agreements: [...replayed.agreements.values()].map((agreement) => ({
      ...agreement,
      outstanding: outstandingOf(replayed, agreement.miner),
    })),
    auctions: replayed.auctions,
    accounts: [...replayed.balances].map(([account, amount]) => ({ account, amount })),
  }
  terminal.writeOut(json === true ? renderJson(report) : renderBlocks(terminal, booksBlocks(report)))
}

/**
 * Reads a ledger file.
 *
 * @throws {UsageError} `FILE_UNREADABLE`
 * @throws {LedgerError} `INVALID_LEDGER_FILE`
 */
async function readLedger(path: string): Promise<Ledger> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      'FILE_UNREADABLE',
      `cannot read ${path}: ${(error as Error).message}`,
      { path },
      error,
    )
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new LedgerError(
      'INVALID_LEDGER_FILE',
      `${path} is not JSON: ${(error as Error).message}`,
      { path },
      error,
    )
  }
  return parseLedgerFile(json)
}
