import { BaseError, parseActorId, parseFil } from '@plimsoll/primitives'
import { z } from 'zod'
import type { MinerTerms } from '../assess/assess-miner.ts'
import { parsePercent } from '../schema/parse-percent.ts'
import { parsedText } from '../schema/parsed-text.ts'

/** A portfolio file that does not follow its schema. */
export class PortfolioError extends BaseError {}

/** What a portfolio says of each of its miners, by actor id. */
export type Portfolio = ReadonlyMap<number, MinerTerms>

const amount = parsedText(parseFil, 'an amount such as "12.5 FIL"', (value) => value >= 0n)

const minerId = parsedText(parseActorId, 'a miner\'s address such as "f01234"')

const interest = parsedText(parsePercent, 'a rate such as "8.5 %"', ({ num }) => num >= 0n)

const buffer = z.union([
  z.strictObject({ days: z.int().nonnegative(), version: z.literal([1, 2]).optional() }),
  z.strictObject({ amount }),
])

/**
 * The portfolio file, version 1: what a lender has outstanding against each miner.
 *
 * Amounts are text, so that no reader of JSON rounds them. Later versions of the program add fields; a field
 * that is not known is refused, because a misspelt one would otherwise be a silent default.
 */
export const PortfolioFile = z.strictObject({
  format: z.literal(1),
  miners: z.array(
    z.strictObject({
      miner: minerId,
      /** Minted against the miner and not burned. */
      outstanding: amount.default(0n),
      /** How it grows in a forecast: by a passive mint at the end of each day, and by simple interest a year. */
      passiveMintPerDay: amount.optional(),
      interestPerYear: interest.optional(),
      /** Days of slashing, or an amount. */
      buffer: buffer.optional(),
      label: z.string().max(80).optional(),
      /** What it is counted with where losses are added up. */
      cluster: z.string().min(1).max(80).optional(),
      /** Levels of the eligible asset below which the lender warns, and below which it terminates. */
      warningThreshold: amount.optional(),
      terminationThreshold: amount.optional(),
    }),
  ),
})

/**
 * Reads a portfolio from parsed JSON.
 *
 * @throws {PortfolioError} `INVALID_PORTFOLIO` with the place of the first defect.
 */
export function parsePortfolio(json: unknown): Portfolio {
  const result = PortfolioFile.safeParse(json)
  if (!result.success) {
    const [issue] = result.error.issues
    const place = issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.join('.')
    throw new PortfolioError('INVALID_PORTFOLIO', `${place}: ${issue?.message}`, { place })
  }
  const portfolio = new Map<number, MinerTerms>()
  for (const { miner, ...terms } of result.data.miners) {
    if (portfolio.has(miner)) {
      throw new PortfolioError('INVALID_PORTFOLIO', `f0${miner} is in it twice`, { miner })
    }
    portfolio.set(miner, { buffer: undefined, ...terms })
  }
  return portfolio
}
