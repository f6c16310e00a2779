import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { extrapolatedCumSumOfRatio, filterEstimate } from '@plimsoll/actors'
import { type Cid, createCarReader, createMemoryBlockstore, SlabBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes, divFloor, maxBigInt, minBigInt } from '@plimsoll/primitives'
import { buildState, SECTOR_BYTES, type StatePlan } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { assessMiner, openMiner } from '../assess/assess-miner.ts'
import { findMiners } from '../assess/find-miners.ts'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { SectorStatus } from '../book/sector-columns.ts'
import { explainMiner } from './explain-miner.ts'
import { explainSector } from './explain-sector.ts'
import type { Term } from './term.ts'

const hashes = await createHashes()
const FIXTURES = new URL('../../../../fixtures/', import.meta.url)

type Scope = ReadonlyMap<string, bigint>
type Operator = (a: bigint, b: bigint) => bigint

/** Works a formula out: sums, products, quotients that round down, powers, floor, min and max. */
function workOut(formula: string, scope: Scope): bigint {
  const tokens = formula.match(/[A-Za-z_]\w*|\d+|[−+×/^(),]/g) ?? []
  let at = 0
  const take = (wanted: readonly string[]): string | undefined =>
    wanted.includes(tokens[at] ?? '') ? tokens[at++] : undefined
  const chain = (operand: () => bigint, operators: Readonly<Record<string, Operator>>): bigint => {
    const signs = Object.keys(operators)
    let value = operand()
    for (let sign = take(signs); sign !== undefined; sign = take(signs)) {
      value = operators[sign]?.(value, operand()) ?? value
    }
    return value
  }
  const sum = (): bigint => chain(product, { '+': (a, b) => a + b, '−': (a, b) => a - b })
  const product = (): bigint => chain(power, { '×': (a, b) => a * b, '/': divFloor })
  const power = (): bigint => chain(atom, { '^': (a, b) => a ** b })
  const list = (): bigint[] => {
    const values: bigint[] = []
    do {
      values.push(sum())
    } while (take([',']) !== undefined)
    take([')'])
    return values
  }
  const atom = (): bigint => {
    const token = tokens[at++] ?? ''
    const isCall = token === '(' || take(['(']) !== undefined
    const [first = 0n, second = first] = isCall ? list() : [scope.get(token) ?? BigInt(token)]
    return token === 'max' ? maxBigInt(first, second) : token === 'min' ? minBigInt(first, second) : first
  }
  const value = sum()
  expect(tokens.slice(at), formula).toEqual([])
  return value
}

/** The values of all terms below one, nearer ones before farther ones of the same name. */
function scopeBelow(term: Term): Scope {
  const scope = new Map<string, bigint>()
  for (let level = term.terms; level.length > 0; level = level.flatMap(({ terms }) => terms)) {
    for (const { name, value } of level) {
      scope.set(name, scope.get(name) ?? BigInt(value))
    }
  }
  return scope
}

/** What the formula of a term gives; undefined for a sum over sectors or deadlines that the tree does not list. */
function valueAgain(term: Term, around: Scope): bigint | undefined {
  const { formula = '', terms, name } = term
  const scope = new Map([...around, ...scopeBelow(term)])
  if (formula.startsWith('∫')) {
    const [epochs, ...filters] = terms.map(({ value }) => BigInt(value))
    const [position = 0n, velocity = 0n, qaPosition = 0n, qaVelocity = 0n] = filters
    const qaPower = { position: qaPosition, velocity: qaVelocity }
    return extrapolatedCumSumOfRatio(Number(epochs), 0, { position, velocity }, qaPower)
  }
  if (formula.startsWith('Σ')) {
    const isListed = name === 'terminationFee' || name === 'queuedTerminationFee'
    return isListed ? terms.reduce((sum, { value }) => sum + BigInt(value), 0n) : undefined
  }
  const [main = '', cap] = (formula.split(', since')[0] ?? '').split(', cap = ')
  return workOut(main, cap === undefined ? scope : scope.set('cap', workOut(cap, scope)))
}

/** Every term of a tree, with the values that its formula may name. */
function* termsOf(term: Term, around: Scope = new Map()): Generator<readonly [Term, Scope]> {
  yield [term, around]
  for (const part of term.terms) {
    yield* termsOf(part, new Map([...around, ...scopeBelow(term)]))
  }
}

/** The trees of every miner of a state: its Safe Pledge and the fee of each of its sectors, by both rules. */
function treesOf(view: NetworkView): readonly Term[] {
  const terms = { outstanding: 77n, buffer: { days: 3 } }
  return findMiners(view).flatMap(({ id, record }) => {
    const opened = openMiner(view, id, record)
    const assessment = assessMiner(view, opened, ['fip0098', 'pre-fip0098'], terms)
    const { columns } = opened.book
    const sectors = [...columns.sectorNumber].filter(
      (_, row) => ((columns.status[row] as number) & (SectorStatus.LIVE | SectorStatus.QUEUED)) !== 0,
    )
    return assessment.byRules.flatMap((rule) => {
      const tree = explainMiner(view, opened, assessment, rule)
      return tree === undefined
        ? []
        : [tree, ...sectors.map((number) => explainSector(view, opened, number, rule.rules))]
    })
  })
}

function built(plan: Partial<StatePlan>): NetworkView {
  const store = createMemoryBlockstore(hashes)
  const rewards = {
    expectedDayReward: 10n ** 15n,
    expectedStoragePledge: 10n ** 16n,
    replacedDayReward: 7n ** 18n,
  }
  const verifiedDealWeight = 123_456_789n * BigInt(SECTOR_BYTES)
  const root = buildState(store, {
    epoch: 1_000_000,
    miners: [
      {
        id: 1000 as ActorId,
        feeDebt: 5n,
        sectors: [
          { sectorNumber: 1, dailyFee: 9n, ...rewards },
          { sectorNumber: 2, activation: 800_001, powerBaseEpoch: 900_003, verifiedDealWeight, ...rewards },
          { sectorNumber: 3, activation: 999_999, initialPledge: 10n ** 12n, ...rewards },
          { sectorNumber: 4, condition: { queuedSince: 77_777 }, initialPledge: 10n ** 19n, ...rewards },
        ],
      },
      { id: 1001 as ActorId, sectors: [{ sectorNumber: 1, verifiedDealWeight }] },
      { id: 1002 as ActorId },
    ],
    ...plan,
  })
  return openNetworkView(store, [root])
}

function fixture(path: string): NetworkView {
  const store = new SlabBlockstore(hashes)
  const reader = createCarReader(hashes, (bytes, start, end, block) => store.putAt(bytes, start, end, block))
  reader.push(gunzipSync(readFileSync(new URL(path, FIXTURES))))
  const roots: readonly Cid[] = reader.finish()
  return openNetworkView(store, roots)
}

const POWERLESS = { reward: filterEstimate(10n ** 15n, -3n), qaPower: filterEstimate(0n, 0n) }
const MOVING = {
  reward: filterEstimate(10n ** 19n, -(10n ** 12n)),
  qaPower: filterEstimate(1n << 62n, 1n << 40n),
}

describe.each([
  { name: 'a built state', open: () => built({}) },
  { name: 'a built state whose estimates move', open: () => built(MOVING) },
  { name: 'a built state of a network without power', open: () => built(POWERLESS) },
  { name: 'the start of a wind-up', open: () => fixture('liquidation/tiny.genesis.car.gz') },
  { name: 'a state with a queue', open: () => fixture('proposals/terminateSectors2/tiny.genesis.car.gz') },
  {
    name: 'a state of old sectors',
    open: () => fixture('reference-v18/collateral/legacy-tiny.final.car.gz'),
  },
])('every tree of terms of $name', ({ open }) => {
  const trees = treesOf(open())

  test('is worked out again from its formulas, term by term', () => {
    expect(trees.length).toBeGreaterThan(0)
    for (const tree of trees) {
      for (const [term, around] of termsOf(tree)) {
        const again = term.formula === undefined ? undefined : valueAgain(term, around)
        expect(BigInt(term.value), `${term.name} = ${term.formula}`).toBe(again ?? BigInt(term.value))
      }
    }
  })

  test('says of every term where it comes from, and of those with parts how it follows', () => {
    for (const tree of trees) {
      for (const [{ name, source, formula, terms }] of termsOf(tree)) {
        expect(source, name).not.toBe('')
        expect(terms.length === 0 || formula !== undefined, name).toBe(true)
      }
    }
  })

  test('has below the fees of a branch one sector that is not dearer than all of them', () => {
    for (const tree of trees) {
      for (const [{ formula = '', value, terms }] of termsOf(tree)) {
        if (formula.startsWith('Σ of the fees that')) {
          expect(terms.map(({ name }) => name)).toEqual(['terminationFee'])
          expect(terms.every((example) => BigInt(example.value) <= BigInt(value))).toBe(true)
        }
      }
    }
  })
})
