import { BaseError, parseDecimal, parseFil } from '@plimsoll/primitives'
import { z } from 'zod'
import { parsedText } from '../schema/parsed-text.ts'
import type { PackParameters } from './assess-packs.ts'
import { CUSTOM_DEDUCTIONS, type CustomRules } from './custom.ts'
import { GLIF_TIERS } from './glif-formulas.ts'
import { exceedsRatio, ratioOfScaled } from './rational.ts'
import { debtRatioAtLeverage, STFIL_MAX_LEVERAGE, STFIL_MODES } from './stfil.ts'

/** A file of pack parameters that does not follow its schema. */
export class PackParametersError extends BaseError {}

const RATIO_DECIMALS = 18

const amount = parsedText(parseFil, 'an amount such as "12.5 FIL"', (value) => value >= 0n)

const ratio = parsedText(
  (text) => ratioOfScaled(parseDecimal(text, RATIO_DECIMALS)),
  'a ratio above zero such as "0.85"',
  ({ num }) => num > 0n,
)

const share = parsedText(
  (text) => ratioOfScaled(parseDecimal(text, RATIO_DECIMALS)),
  'a share between 0 and 1 such as "0.12"',
  ({ num, denom }) => num >= 0n && num <= denom,
)

const repl = z
  .strictObject({
    warningThreshold: amount.optional(),
    terminationThreshold: amount.optional(),
    filPerPfil: ratio.optional(),
    agreementDay: z.int().nonnegative().optional(),
  })
  .refine(
    ({ warningThreshold: warning, terminationThreshold: termination }) =>
      warning === undefined || termination === undefined || termination <= warning,
    { path: ['terminationThreshold'], message: 'is above the warning threshold' },
  )

const glif = z.strictObject({ tier: z.enum(GLIF_TIERS).optional(), faultySectorLimit: share.optional() })

const stfil = z
  .strictObject({
    mode: z.enum(STFIL_MODES).optional(),
    liquidationDebtRatio: ratio.optional(),
    withdrawMargin: amount.optional(),
  })
  .refine(
    ({ mode, liquidationDebtRatio }) =>
      mode === undefined ||
      liquidationDebtRatio === undefined ||
      exceedsRatio(liquidationDebtRatio, debtRatioAtLeverage(STFIL_MAX_LEVERAGE[mode].seal)),
    { path: ['liquidationDebtRatio'], message: 'is not above the greatest debt ratio of the mode' },
  )

const filliquid = z.strictObject({
  openLoans: z.int().nonnegative().optional(),
  principal: amount.optional(),
})

const filus = z.strictObject({ futureIncome: amount.optional() })

const customBase = {
  name: z.string().min(1).max(40),
  deductions: z
    .array(z.enum(CUSTOM_DEDUCTIONS))
    .refine((names) => new Set(names).size === names.length, 'has a deduction twice'),
}

const custom = z
  .discriminatedUnion('compared', [
    z.strictObject({
      ...customBase,
      compared: z.literal('valueAfterDebt'),
      warning: amount.optional(),
      termination: amount.optional(),
    }),
    z.strictObject({
      ...customBase,
      compared: z.literal('debtRatio'),
      warning: ratio.optional(),
      termination: ratio.optional(),
      max: share.optional(),
    }),
  ])
  .transform(({ name, deductions, ...levels }): CustomRules => ({ name, deductions, levels }))

/**
 * The file of pack parameters, version 1: what neither a state nor a protocol's publications say.
 *
 * Amounts and ratios are text, so that no reader of JSON rounds them. Nothing has a default: what is left out
 * stays unknown, and a field that is not known is refused.
 */
export const PackParametersFile = z.strictObject({
  format: z.literal(1),
  repl: repl.default({}),
  glif: glif.default({}),
  stfil: stfil.default({}),
  filliquid: filliquid.default({}),
  filus: filus.default({}),
  custom: z.array(custom).default([]),
})

/**
 * Reads pack parameters from parsed JSON.
 *
 * @throws {PackParametersError} `INVALID_PACK_PARAMETERS` with the place of the first defect.
 */
export function parsePackParameters(json: unknown): PackParameters {
  const result = PackParametersFile.safeParse(json)
  if (!result.success) {
    const [issue] = result.error.issues
    const place = issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.join('.')
    throw new PackParametersError('INVALID_PACK_PARAMETERS', `${place}: ${issue?.message}`, { place })
  }
  const { format: _, ...parameters } = result.data
  return parameters
}
