import { PowerTable, SPEC2019_DEFAULTS, type Spec2019Claim, spec2019Table } from '@plimsoll/risk'
import { type RandomSource, randomSource } from '@plimsoll/testkit'
import { type Figure, fastestMs } from './measure.ts'

const CLAIMS = 700_000
const CHANGES = 100

/** A claim that changes, and what it changes to and back again. */
interface Change {
  readonly index: number
  readonly there: Spec2019Claim
  readonly back: Spec2019Claim
}

/** A few changes in the table of 2019, against working it out afresh: where size decides, and where rank does. */
export function benchPowerTable(): readonly Figure[] {
  return [...benchTable('by size', 200n << 40n), ...benchTable('by rank', 99n << 40n)]
}

function benchTable(what: string, largest: bigint): readonly Figure[] {
  const random = randomSource(1)
  const claims = Array.from({ length: CLAIMS }, () => someClaim(random, largest))
  const changes = changesOf(claims, random, largest)
  const buildMs = fastestMs(2, () => tableOf(claims))
  const table = tableOf(claims)
  let isThere = false
  const updateMs = fastestMs(20, () => {
    isThere = !isThere
    for (const { index, there, back } of changes) {
      table.set(index, isThere ? there : back)
    }
    return [table.total, table.eligibleCount, table.cutoff]
  })
  for (const { index, there, back } of changes) {
    claims[index] = isThere ? there : back
  }
  const afreshMs = fastestMs(5, () => spec2019Table(claims, SPEC2019_DEFAULTS))
  requireSame(table, claims)
  return [
    { name: `power table of ${CLAIMS} claims ${what}, built`, value: buildMs, unit: 'ms' },
    { name: `power table of ${CLAIMS} claims ${what}, afresh`, value: afreshMs, unit: 'ms' },
    { name: `the same after ${CHANGES} changes, claim by claim`, value: updateMs, unit: 'ms' },
    {
      name: `claim by claim against afresh, ${what}`,
      value: afreshMs / updateMs,
      unit: '× faster',
      goal: { kind: 'at least', value: 20 },
    },
  ]
}

/** Scattered changes, and the loss of the largest miners, which is what the order by rank has to bear. */
function changesOf(
  claims: readonly Spec2019Claim[],
  random: RandomSource,
  largest: bigint,
): readonly Change[] {
  const largestFirst = [...claims.keys()].toSorted((a, b) => compareLargestFirst(claims, a, b))
  const indices = new Set(largestFirst.slice(0, CHANGES / 10))
  while (indices.size < CHANGES) {
    indices.add(random.below(CLAIMS))
  }
  return [...indices].map((index, i) => {
    const back = claims[index] as Spec2019Claim
    const there = i < CHANGES / 10 ? { ...back, isDetectedFault: true } : someClaim(random, largest)
    return { index, there, back }
  })
}

function compareLargestFirst(claims: readonly Spec2019Claim[], a: number, b: number): number {
  const [left, right] = [claims[a] as Spec2019Claim, claims[b] as Spec2019Claim]
  return left.claimed < right.claimed ? 1 : left.claimed > right.claimed ? -1 : 0
}

/** Most claims differ; one in fifty is lost to a fault or for want of collateral. */
function someClaim(random: RandomSource, largest: bigint): Spec2019Claim {
  return {
    claimed: (BigInt(random.below(2 ** 32)) * largest) >> 32n,
    isDetectedFault: random.below(100) === 0,
    isUnderCollateralised: random.below(100) === 0,
  }
}

function tableOf(claims: readonly Spec2019Claim[]): PowerTable<number> {
  const table = new PowerTable<number>(SPEC2019_DEFAULTS)
  for (const [index, claim] of claims.entries()) {
    table.set(index, claim)
  }
  return table
}

function requireSame(table: PowerTable<number>, claims: readonly Spec2019Claim[]): void {
  const { nominal, eligible, total } = spec2019Table(claims, SPEC2019_DEFAULTS)
  const entries = [...table.entries()]
  const isSame =
    table.total === total &&
    table.eligibleCount === eligible.length &&
    entries.length === eligible.length &&
    entries.every(([index, power], i) => index === eligible[i] && power === nominal[index])
  if (!isSame) {
    throw new Error('the table kept claim by claim is not the one worked out afresh')
  }
}
