import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { fc, test } from '@fast-check/vitest'
import { cidFromBytes, createCarReader, createMemoryBlockstore } from '@plimsoll/ipld'
import { actorId, assert, createHashes, divFloor } from '@plimsoll/primitives'
import { anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { loadStateTree, requireActor } from '../state-tree/state-tree.ts'
import { minerLayout } from './layout.ts'
import { loadMiner } from './load-miner.ts'
import {
  type NetworkEstimates,
  pledgePenaltyForContinuedFault,
  pledgePenaltyForTermination,
  TERMINATION_LIFETIME_CAP,
  terminationFeeTerms,
} from './monies.ts'
import { qaPowerForSector } from './policy.ts'

const DAY = 2880
const FIL = 10n ** 18n

describe('pledgePenaltyForTermination', () => {
  // Source: builtin-actors v18, `actors/miner/tests/pledge_penalty_for_termination.rs`.
  test.each([
    { rule: 'after the cap of 140 days is 8.5 % of the pledge', days: 141, faultFee: 0n, fee: 87n },
    { rule: 'at half the cap is half of that', days: 70, faultFee: 0n, fee: 43n },
    { rule: 'is 105 % of the fault fee where that is more', days: 141, faultFee: 1024n, fee: 1075n },
    { rule: 'without any age is 2 % of the pledge', days: 0, faultFee: 0n, fee: 20n },
  ])('of 1024 attoFIL $rule', ({ days, faultFee, fee }) => {
    expect(pledgePenaltyForTermination(1024n, days * DAY, faultFee)).toBe(fee)
  })

  // Age times 8.5 % of the pledge over 403,200 epochs. 2 % of the pledge are reached at 94,870.6 epochs.
  test.each([
    { age: 0, fee: 20_000_000_000_000_000n },
    { age: 32 * DAY, fee: 20_000_000_000_000_000n },
    { age: 94_870, fee: 20_000_000_000_000_000n },
    { age: 94_871, fee: divFloor(94_871n * 85_000_000_000_000_000n, 403_200n) },
    { age: 33 * DAY, fee: 20_035_714_285_714_285n },
    { age: 70 * DAY, fee: 42_500_000_000_000_000n },
    { age: 403_199, fee: 84_999_789_186_507_936n },
    { age: 403_200, fee: 85_000_000_000_000_000n },
    { age: 403_201, fee: 85_000_000_000_000_000n },
    { age: 5_259_485, fee: 85_000_000_000_000_000n },
  ])('of 1 FIL at an age of $age epochs is $fee attoFIL', ({ age, fee }) => {
    expect(pledgePenaltyForTermination(FIL, age, 0n)).toBe(fee)
  })

  // 8.5 % of the pledge of 1 FIL, at full age, against 105 % of the fault fee.
  test.each([
    { faultFee: 80_952_380_952_380_953n, fee: 85_000_000_000_000_000n },
    { faultFee: 80_952_380_952_380_954n, fee: 85_000_000_000_000_001n },
    { faultFee: 10n * FIL, fee: 10_500_000_000_000_000_000n },
  ])('of 1 FIL with a fault fee of $faultFee is $fee', ({ faultFee, fee }) => {
    expect(pledgePenaltyForTermination(FIL, 403_200, faultFee)).toBe(fee)
  })

  // Each term of these small amounts has a remainder.
  test.each([
    { pledge: 49n, age: 0, faultFee: 0n, fee: 0n },
    { pledge: 50n, age: 0, faultFee: 0n, fee: 1n },
    { pledge: 0n, age: 0, faultFee: 19n, fee: 19n },
    { pledge: 0n, age: 0, faultFee: 20n, fee: 21n },
    { pledge: 1011n, age: 403_200, faultFee: 0n, fee: 85n },
    { pledge: 1012n, age: 403_200, faultFee: 0n, fee: 86n },
    // 86 attoFIL at full age; the share of the age is floored from them and not from the pledge.
    { pledge: 1022n, age: 403_199, faultFee: 0n, fee: 85n },
  ])('rounds every term down: pledge $pledge, age $age, fault fee $faultFee is $fee', (row) => {
    expect(pledgePenaltyForTermination(row.pledge, row.age, row.faultFee)).toBe(row.fee)
  })

  const anyAge = fc.nat(5 * 1_051_897)

  test.prop([anyPositiveAmount, anyAge, anyPositiveAmount])(
    'is at least 2 % of the pledge and 105 % of the fault fee',
    (pledge, age, faultFee) => {
      const fee = pledgePenaltyForTermination(pledge, age, faultFee)
      expect(fee).toBeGreaterThanOrEqual(divFloor(2n * pledge, 100n))
      expect(fee).toBeGreaterThanOrEqual(divFloor(105n * faultFee, 100n))
    },
  )

  test.prop([anyPositiveAmount, anyAge, anyPositiveAmount])(
    'is at most 8.5 % of the pledge, but for the fault fee',
    (pledge, age, faultFee) => {
      const { fee, branch } = terminationFeeTerms(pledge, age, faultFee)
      const most = branch === 'floorFault' ? divFloor(105n * faultFee, 100n) : divFloor(85n * pledge, 1000n)
      expect(fee).toBeLessThanOrEqual(most)
    },
  )

  test.prop([anyPositiveAmount, anyAge, anyAge, anyPositiveAmount])(
    'never falls with age',
    (pledge, age, more, faultFee) => {
      const fee = pledgePenaltyForTermination(pledge, age, faultFee)
      expect(pledgePenaltyForTermination(pledge, age + more, faultFee)).toBeGreaterThanOrEqual(fee)
    },
  )

  test.prop([anyPositiveAmount, anyPositiveAmount, anyAge])(
    'never falls with the pledge',
    (pledge, more, age) => {
      const fee = pledgePenaltyForTermination(pledge, age, 0n)
      expect(pledgePenaltyForTermination(pledge + more, age, 0n)).toBeGreaterThanOrEqual(fee)
    },
  )
})

describe('terminationFeeTerms', () => {
  test('names every term of the fee of FIP-0098', () => {
    expect(terminationFeeTerms(1000n, 201_600, 20n)).toEqual({
      simpleTerminationFee: 85n,
      durationTerminationFee: 42n,
      baseTerminationFee: 42n,
      minimumFeeAbs: 20n,
      minimumFeeFf: 21n,
      fee: 42n,
      branch: 'age',
    })
  })

  test.each([
    { branch: 'age', when: 'the share of the age is more', pledge: 1000n, age: 201_600, faultFee: 20n },
    { branch: 'age', when: 'it equals the floors', pledge: 1000n, age: 95_000, faultFee: 19n },
    { branch: 'age', when: 'a day is missing to full age', pledge: FIL, age: 403_199, faultFee: 0n },
    { branch: 'cap', when: 'the age is full', pledge: FIL, age: 403_200, faultFee: 0n },
    { branch: 'cap', when: 'the fault fee equals it', pledge: 2470n, age: 403_200, faultFee: 199n },
    { branch: 'floorPledge', when: 'the sector is young', pledge: FIL, age: 94_870, faultFee: 0n },
    { branch: 'floorPledge', when: 'both floors are equal', pledge: 1050n, age: 0, faultFee: 20n },
    { branch: 'floorFault', when: 'the fault fee is more', pledge: 1050n, age: 0, faultFee: 21n },
  ] as const)('$branch decides when $when', ({ branch, pledge, age, faultFee }) => {
    expect(terminationFeeTerms(pledge, age, faultFee).branch).toBe(branch)
  })

  test.prop([anyPositiveAmount, fc.nat(500_000), anyPositiveAmount])(
    'the fee is the term that decides',
    (pledge, age, faultFee) => {
      const terms = terminationFeeTerms(pledge, age, faultFee)
      const deciding = {
        age: terms.durationTerminationFee,
        cap: terms.simpleTerminationFee,
        floorPledge: terms.minimumFeeAbs,
        floorFault: terms.minimumFeeFf,
      }
      expect(terms.fee).toBe(deciding[terms.branch])
    },
  )
})

/** A recorded liquidation of the miner f0115; see fixtures/README.md. */
const FIXTURES = new URL('../../../../fixtures/liquidation/', import.meta.url)

interface RecordedMessage {
  readonly estimates: { readonly reward: [string, string]; readonly qa_power: [string, string] }
  readonly fees: readonly [epoch: number, fee: string, sector: string][]
}

function recordedFees() {
  const { termination_messages: messages } = JSON.parse(
    readFileSync(new URL('tiny.summary.json', FIXTURES), 'utf8'),
  ) as { readonly termination_messages: readonly RecordedMessage[] }
  return messages.flatMap(({ estimates: { reward, qa_power }, fees }) => {
    const estimates: NetworkEstimates = {
      reward: { position: BigInt(reward[0]), velocity: BigInt(reward[1]) },
      qaPower: { position: BigInt(qa_power[0]), velocity: BigInt(qa_power[1]) },
    }
    return fees.map(([epoch, fee, sector]) => ({
      estimates,
      epoch,
      fee: BigInt(fee),
      sector: Number(sector),
    }))
  })
}

async function sectorsAtGenesis() {
  const hashes = await createHashes()
  const store = createMemoryBlockstore(hashes)
  const reader = createCarReader(hashes, (bytes, start, end, block) => {
    store.put(cidFromBytes(bytes.slice(start, end)), block.slice())
  })
  reader.push(gunzipSync(readFileSync(new URL('tiny.genesis.car.gz', FIXTURES))))
  const tree = loadStateTree(store, reader.finish())
  const miner = loadMiner(store, minerLayout(18), requireActor(tree, actorId(115)).head)
  return new Map(miner.layout.sectors.load(store, miner.state.sectors).entries())
}

describe('in a liquidation that the reference carried out', async () => {
  const sectors = await sectorsAtGenesis()
  const fees = recordedFees()
  const requireSector = (number: number) => {
    const sector = sectors.get(number)
    assert(sector !== undefined, `the fixture has a sector ${number}`)
    return sector
  }

  test.each(fees)('the termination of sector $sector costs $fee', ({ estimates, epoch, fee, sector }) => {
    const info = requireSector(sector)
    const faultFee = pledgePenaltyForContinuedFault(estimates, qaPowerForSector(2 ** 35, info))
    expect(pledgePenaltyForTermination(info.initialPledge, epoch - info.activation, faultFee)).toBe(fee)
  })

  test('12 sectors were terminated, some beyond and some below full age', () => {
    const areFull = fees.map(
      ({ epoch, sector }) => epoch - requireSector(sector).activation >= TERMINATION_LIFETIME_CAP * DAY,
    )
    expect(areFull).toHaveLength(12)
    expect(new Set(areFull)).toEqual(new Set([true, false]))
  })
})
