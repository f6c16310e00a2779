import { parseActorId, parseDecimal, parseFil } from '@plimsoll/primitives'
import { z } from 'zod'
import { ratioOfScaled } from '../packs/rational.ts'
import { parsedText } from '../schema/parsed-text.ts'
import { applyEntry } from './apply-entry.ts'
import { type Books, openBooks } from './books.ts'
import type { LedgerEntry, LedgerTerms } from './ledger-entry.ts'
import { LedgerError } from './ledger-error.ts'

const RATIO_DECIMALS = 18

/** Whether an amount is above zero is a rule of the books, which say so with a code of their own. */
const amount = parsedText(parseFil, 'an amount such as "12.5 FIL"', (value) => value >= 0n)

const ratio = parsedText(
  (text) => ratioOfScaled(parseDecimal(text, RATIO_DECIMALS)),
  'a ratio above zero such as "1.04"',
  ({ num }) => num > 0n,
)

const miner = parsedText(parseActorId, 'a miner\'s address such as "f01234"')
const count = z.int().nonnegative()

const appraisal = z.strictObject({
  actorBalance: amount,
  preCommitDeposit: amount,
  terminationFee: amount,
  buffer: amount,
  feeDebt: amount,
  queuedTerminationFee: amount,
})

const agreementTerms = z.strictObject({
  warningThreshold: amount,
  terminationThreshold: amount,
  noticeEpochs: count,
})

const entry = <Kind extends LedgerEntry['kind'], Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ epoch: count, kind: z.literal(kind), ...shape })

const LedgerEntryFile = z.discriminatedUnion('kind', [
  entry('fundReserve', { amount }),
  entry('open', { miner, terms: agreementTerms }),
  entry('mint', { miner, amount, appraisal }),
  entry('passiveMint', { miner, day: count, filPerPfil: ratio }),
  entry('burn', { miner, amount }),
  entry('topUp', { miner, amount }),
  entry('repay', { miner, amount }),
  entry('warn', { miner, appraisal }),
  entry('liftWarning', { miner, appraisal }),
  entry('forceTermination', { miner, appraisal }),
  entry('recover', { miner, amount }),
  entry('bid', { auction: count, fil: amount, pfil: amount }),
  entry('settle', { auction: count }),
  entry('writeOff', { miner, stillRecoverable: amount }),
  entry('close', { miner }),
])

const terms = z.strictObject({
  mintRule: z.enum(['published', 'strict']),
  lotRule: z.enum(['upToOutstanding', 'allRecovered']),
  passiveMint: z.strictObject({
    startMultiplier: ratio,
    endMultiplier: ratio,
    periodDays: z.int().positive(),
  }),
  auction: z.strictObject({
    /** What is asked for one FIL, in pFIL. */
    startPrice: amount,
    step: amount,
    floorPrice: amount,
    intervalEpochs: count,
    restarts: count,
    dust: amount,
  }),
})

/**
 * The ledger file, version 1: the terms of the books and all that was entered into them, in order.
 *
 * Amounts are text, so that no reader of JSON rounds them. Nothing has a default, and a field that is not known is
 * refused.
 */
export const LedgerFile = z.strictObject({
  format: z.literal(1),
  terms,
  entries: z.array(LedgerEntryFile),
})

export interface Ledger {
  readonly terms: LedgerTerms
  readonly entries: readonly LedgerEntry[]
}

/**
 * Reads a ledger from parsed JSON.
 *
 * @throws {LedgerError} `INVALID_LEDGER_FILE` with the place of the first defect.
 */
export function parseLedgerFile(json: unknown): Ledger {
  const result = LedgerFile.safeParse(json)
  if (!result.success) {
    const [issue] = result.error.issues
    const place = issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.join('.')
    throw new LedgerError('INVALID_LEDGER_FILE', `${place}: ${issue?.message}`, { place })
  }
  return result.data
}

/**
 * The books that a ledger leads to, with the invariants asserted after every entry.
 *
 * @throws {LedgerError} as {@link applyEntry} does, with the place of the entry that the rules refuse.
 */
export function replayLedger({ terms: ledgerTerms, entries }: Ledger): Books {
  return entries.reduce((books, next, index) => {
    try {
      return applyEntry(books, next)
    } catch (error) {
      if (error instanceof LedgerError) {
        const message = `entries.${index}, ${next.kind}: ${error.message}`
        throw new LedgerError(error.code, message, { ...error.data, index }, error)
      }
      throw error
    }
  }, openBooks(ledgerTerms))
}
