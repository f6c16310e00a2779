import { parseDecimal } from '@plimsoll/primitives'
import { z } from 'zod'
import { parsedText } from '../schema/parsed-text.ts'

const DECIMALS = 18
const factor = parsedText(
  (text) => ({ num: parseDecimal(text, DECIMALS), denom: 10n ** BigInt(DECIMALS) }),
  'a factor above zero, such as "1.0005"',
  ({ num }) => num > 0n,
)

/**
 * How the network's estimates of reward and quality-adjusted power are assumed to go on: as the filters do when nobody
 * else's power changes; as they are today; along their own velocities; or both filters times a factor a day.
 */
export const EstimatesAssumption = z.union([
  z.enum(['frozen', 'held', 'extrapolated']),
  z.strictObject({ rewardPerDay: factor, qaPowerPerDay: factor }),
])
export type EstimatesAssumption = z.infer<typeof EstimatesAssumption>

/** A path of a band, by name. */
export const NamedEstimates = z.strictObject({
  name: z.string().min(1).max(40),
  estimates: EstimatesAssumption,
})
export type NamedEstimates = z.infer<typeof NamedEstimates>

/** The three paths of a band unless others are given. They are ours, and assume nothing that the state does not say. */
export const DEFAULT_BANDS: readonly NamedEstimates[] = [
  { name: 'frozen network', estimates: 'frozen' },
  { name: 'today held', estimates: 'held' },
  { name: 'own velocity', estimates: 'extrapolated' },
]
