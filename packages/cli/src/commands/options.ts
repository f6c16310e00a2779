import type { ActorsVersion } from '@plimsoll/actors'
import {
  type ActorId,
  type AttoFil,
  BaseError,
  type ChainEpoch,
  parseActorId,
  parseDecimal,
  parseEpoch,
  parseFil,
  parsePower,
  type StoragePower,
} from '@plimsoll/primitives'
import {
  type BufferChoice,
  type BufferVersion,
  type FeeRules,
  feeRulesOf,
  type Portfolio,
  PortfolioError,
  parsePercent,
  parsePortfolio,
  type Ratio,
} from '@plimsoll/risk'
import { InvalidArgumentError } from 'commander'
import { UsageError } from '../errors.ts'
import { readJsonFile } from '../json-file.ts'

/** The rules that `--fee-rules` names. */
export type FeeRulesOption = FeeRules | 'both'

/** Options of every command that reads a state. */
export interface StateOptions {
  readonly epoch?: ChainEpoch
  readonly actorsVersion?: number
  readonly head?: ChainEpoch
  readonly maxAge?: number
  readonly json?: boolean
}

/** The rules to assess by, first those that the figures follow. */
export function selectRules(
  option: FeeRulesOption | undefined,
  version: ActorsVersion,
): readonly [FeeRules, ...FeeRules[]] {
  const own = feeRulesOf(version)
  if (option === 'both') {
    return [own, own === 'fip0098' ? 'pre-fip0098' : 'fip0098']
  }
  return [option ?? own]
}

/** The reserve that a lender keeps; see `withBufferOptions`. */
export interface BufferOptions {
  readonly bufferDays?: number
  readonly bufferVersion?: BufferVersion
  readonly buffer?: AttoFil
}

/** @throws {UsageError} `OPTIONS_CONTRADICT` when both kinds of buffer are given, or a version without days. */
export function selectBuffer({
  bufferDays: days,
  bufferVersion: version,
  buffer: amount,
}: BufferOptions): BufferChoice {
  if (days !== undefined && amount !== undefined) {
    throw new UsageError('OPTIONS_CONTRADICT', '--buffer-days and --buffer cannot both be given')
  }
  if (days !== undefined) {
    return { days, ...(version !== undefined && { version }) }
  }
  if (version !== undefined) {
    throw new UsageError('OPTIONS_CONTRADICT', '--buffer-version needs --buffer-days')
  }
  return amount === undefined ? undefined : { amount }
}

export const parseBufferVersionOption: (text: string) => BufferVersion = optionParser((text) => {
  if (text !== '1' && text !== '2') {
    throw new UsageError('INVALID_OPTION', `"${text}" is not a version of the buffer: 1 or 2`)
  }
  return text === '1' ? 1 : 2
})

/**
 * Reads a portfolio file.
 *
 * @throws {UsageError} `FILE_UNREADABLE`
 * @throws {PortfolioError} `INVALID_PORTFOLIO`
 */
export async function readPortfolio(path: string): Promise<Portfolio> {
  const json = await readJsonFile(
    path,
    (reason) => new PortfolioError('INVALID_PORTFOLIO', `${path} ${reason}`, { path }),
  )
  return parsePortfolio(json)
}

/** Turns a parser of ours into one of an option's value, so that a bad value names its option. */
export function optionParser<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      throw error instanceof BaseError ? new InvalidArgumentError(error.message) : error
    }
  }
}

export const parseMinerOption: (text: string) => ActorId = optionParser(parseActorId)
export const parseEpochOption: (text: string) => ChainEpoch = optionParser(parseEpoch)

export const parseAmountOption: (text: string) => AttoFil = optionParser((text) => {
  const amount = parseFil(text)
  if (amount < 0n) {
    throw new UsageError('INVALID_OPTION', 'an amount here is not negative')
  }
  return amount
})

export const parsePositiveAmountOption: (text: string) => AttoFil = optionParser((text) => {
  const amount = parseFil(text)
  if (amount <= 0n) {
    throw new UsageError('INVALID_OPTION', 'an amount here is above zero')
  }
  return amount
})

export const parsePercentOption: (text: string) => Ratio = optionParser((text) => {
  const share = parsePercent(text)
  if (share.num < 0n) {
    throw new UsageError('INVALID_OPTION', 'percent here are not negative')
  }
  return share
})

/** A whole number from 0 up. */
export const parseCountOption: (text: string) => number = optionParser((text) => {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(count)) {
    throw new UsageError('INVALID_OPTION', `"${text}" is not a whole number`)
  }
  return count
})

/** A whole number from 1 up. */
export const parseRankOption: (text: string) => number = optionParser((text) => {
  const rank = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (rank === 0) {
    throw new UsageError('INVALID_OPTION', `"${text}" is not a rank, which counts from 1`)
  }
  return rank
})

export const parsePowerOption: (text: string) => StoragePower = optionParser((text) => {
  const power = parsePower(text)
  if (power < 0n) {
    throw new UsageError('INVALID_OPTION', 'a size is not negative')
  }
  return power
})

/** A sector number, below 2^53. */
export const parseSectorOption: (text: string) => number = optionParser((text) => {
  const sector = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(sector)) {
    throw new UsageError('INVALID_OPTION', `"${text}" is not a sector number below 2^53`)
  }
  return sector
})

const PRICE_DECIMALS = 18

/** A price above zero, such as `0.95`. */
export const parsePriceOption: (text: string) => Ratio = optionParser((text) => {
  const num = parseDecimal(text, PRICE_DECIMALS)
  if (num <= 0n) {
    throw new UsageError('INVALID_OPTION', 'a price is above zero')
  }
  return { num, denom: 10n ** BigInt(PRICE_DECIMALS) }
})

const MAX_SEED = 2 ** 32 - 1

/** What random choices are derived from: a whole number of 32 bits. */
export const parseSeedOption: (text: string) => number = optionParser((text) => {
  const seed = Number(text)
  if (!/^\d+$/.test(text) || seed > MAX_SEED) {
    throw new UsageError('INVALID_OPTION', `a seed is a whole number from 0 to ${MAX_SEED}`)
  }
  return seed
})
