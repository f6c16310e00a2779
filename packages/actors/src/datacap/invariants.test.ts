import { createMemoryBlockstore } from '@plimsoll/ipld'
import { addressFromBytes, createHashes, idAddress, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { checkDatacapInvariants } from './invariants.ts'
import { type DatacapState, tokenMaps } from './state.ts'
import { newTokenState } from './token-state.ts'

const store = createMemoryBlockstore(await createHashes())
const WHOLE = 10n ** 18n
const maps = tokenMaps(3)

type Entries = readonly (readonly [id: bigint, amount: bigint])[]

interface Case {
  readonly rule: string
  readonly governor?: DatacapState['governor']
  readonly balances?: Entries
  readonly supply?: bigint
  readonly allowances?: readonly (readonly [owner: bigint, of: Entries])[]
  readonly findings: readonly string[]
}

const SOUND_BALANCES: Entries = [
  [1n, WHOLE],
  [2n, 3n * WHOLE],
]

function stateOf({
  governor = idAddress(6n),
  balances = SOUND_BALANCES,
  supply = 4n * WHOLE,
  allowances = [[1n, [[2n, 1n]]]],
}: Omit<Case, 'rule' | 'findings'>): DatacapState {
  const amounts = (entries: Entries) => {
    const map = maps.balances.empty(store)
    for (const [id, amount] of entries) {
      map.set(id, amount)
    }
    return map.flush()
  }
  const outer = maps.allowances.empty(store)
  for (const [owner, of] of allowances) {
    outer.set(owner, amounts(of))
  }
  const token = { ...newTokenState(store), supply, balances: amounts(balances), allowances: outer.flush() }
  return { governor, token }
}

// Source of the rules: actors-utils, frc46_token/src/token/state.rs, check_invariants.
describe('the state of the token', () => {
  test.each<Case>([
    { rule: 'has balances that make up the supply', findings: [] },
    {
      rule: 'has a governor by its id',
      governor: addressFromBytes(parseHex(`01${'11'.repeat(20)}`)),
      findings: ['datacap/governor at '],
    },
    {
      rule: 'has a supply that is not negative',
      supply: -WHOLE,
      balances: [[1n, -WHOLE]],
      findings: ['datacap/supply-negative at ', 'datacap/balance-negative at balances.1'],
    },
    { rule: 'has the supply that balances have', supply: 5n * WHOLE, findings: ['datacap/supply at '] },
    {
      rule: 'stores no balance of nothing',
      balances: [...SOUND_BALANCES, [3n, 0n]],
      findings: ['datacap/balance-zero at balances.3'],
    },
    {
      rule: 'has whole balances',
      balances: [[1n, 1n]],
      supply: 1n,
      findings: ['datacap/balance-granularity at balances.1'],
    },
    {
      rule: 'stores no owner without allowances',
      allowances: [[1n, []]],
      findings: ['datacap/allowances-empty at allowances.1'],
    },
    {
      rule: 'stores no allowance of nothing, and none that is negative',
      allowances: [
        [1n, [[2n, 0n]]],
        [2n, [[1n, -1n]]],
      ],
      findings: ['datacap/allowance-zero at allowances.1.2', 'datacap/allowance-negative at allowances.2.1'],
    },
    {
      rule: 'has no allowance of an owner for itself',
      allowances: [[1n, [[1n, 7n]]]],
      findings: ['datacap/allowance-self at allowances.1.1'],
    },
  ])('$rule', ({ findings: expected, ...plan }) => {
    const findings = createFindings()
    const { balances } = checkDatacapInvariants(store, stateOf(plan), findings)
    expect(findings.list.map(({ kind, place }) => `${kind} at ${place}`).sort()).toEqual(expected.toSorted())
    expect(balances).toEqual(new Map(plan.balances ?? SOUND_BALANCES))
  })
})
