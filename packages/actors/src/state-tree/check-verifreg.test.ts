import { idAddress } from '@plimsoll/primitives'
import {
  OTHER_PROVIDER_ID,
  PROVIDER_ID,
  pieceCid,
  plainAllocation,
  plainClaim,
  plannedSector,
  VERIFIER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import type { MinerSummary } from '../miner/invariants/check-state-invariants.ts'
import type { SectorOnChainInfo } from '../miner/types.ts'
import type { VerifregSummary } from '../verifreg/invariants.ts'
import type { Claim } from '../verifreg/state.ts'
import {
  checkMarketAgainstVerifreg,
  checkVerifregAgainstDatacap,
  checkVerifregAgainstMiners,
} from './check-verifreg.ts'

const WHOLE = 10n ** 18n
const SIZE = 1n << 20n
const MINER = idAddress(PROVIDER_ID)

const NOTHING: VerifregSummary = { verifiers: new Map(), allocations: new Map(), claims: new Map() }
const allocations = new Map([
  [1n, plainAllocation()],
  [2n, plainAllocation({ size: 2n * SIZE })],
])

function kindsOf(check: (findings: ReturnType<typeof createFindings>) => void): readonly string[] {
  const findings = createFindings()
  check(findings)
  return findings.list.map(({ kind }) => kind)
}

// Source of the rules: builtin-actors v18, state/src/check.rs, check_verifreg_against_datacap.
describe('the registry and the token', () => {
  test.each([
    { rule: 'agree on what is allocated', balance: 3n * SIZE * WHOLE, kinds: [] },
    { rule: 'are off by a piece', balance: 3n * SIZE * WHOLE - 1n, kinds: ['tree/allocated-datacap'] },
  ])('$rule', ({ balance, kinds }) => {
    const datacap = { balances: new Map([[6n, balance]]) }
    const registry = { ...NOTHING, allocations }
    expect(kindsOf((findings) => checkVerifregAgainstDatacap(registry, datacap, findings))).toEqual(kinds)
  })

  test('have nobody who may give DataCap out and has some', () => {
    const registry = { ...NOTHING, verifiers: new Map([[VERIFIER, SIZE]]) }
    const holder = { balances: new Map([[201n, WHOLE]]) }
    const other = { balances: new Map([[202n, WHOLE]]) }
    expect(kindsOf((findings) => checkVerifregAgainstDatacap(registry, other, findings))).toEqual([])
    expect(kindsOf((findings) => checkVerifregAgainstDatacap(registry, holder, findings))).toEqual([
      'tree/verifier-with-datacap',
    ])
  })
})

// Source of the rules: the same file, check_market_against_verifreg.
describe('a deal that waits', () => {
  const deal = { provider: MINER, pieceCid: pieceCid(1) }

  test.each([
    { rule: 'has its allocation', deals: new Map([[7n, deal]]), kinds: [] },
    {
      rule: 'waits for none',
      allocationId: 9n,
      deals: new Map([[7n, deal]]),
      kinds: ['tree/deal-without-allocation'],
    },
    { rule: 'is not there', deals: new Map(), kinds: ['tree/allocation-of-no-deal'] },
    {
      rule: 'is with another provider',
      deals: new Map([[7n, { ...deal, provider: idAddress(OTHER_PROVIDER_ID) }]]),
      kinds: ['tree/deal-allocation-provider'],
    },
    {
      rule: 'is about other data',
      deals: new Map([[7n, { ...deal, pieceCid: pieceCid(2) }]]),
      kinds: ['tree/deal-allocation-piece'],
    },
  ])('$rule', ({ allocationId = 1n, deals, kinds }) => {
    const market = { allocIdToDealId: new Map([[allocationId, 7n]]), deals }
    const registry = { ...NOTHING, allocations }
    expect(kindsOf((findings) => checkMarketAgainstVerifreg(market, registry, findings))).toEqual(kinds)
  })
})

// Source of the rules: the same file, check_verifreg_against_miners.
describe('a claim', () => {
  const claim = plainClaim({ termStart: 100, sector: 5n })
  const EXPIRATION = claim.termStart + claim.termMin + 1000
  const WEIGHT = SIZE * BigInt(EXPIRATION - claim.termStart)
  const sector = plannedSector({
    sectorNumber: 5,
    activation: 100,
    expiration: EXPIRATION,
    verifiedDealWeight: WEIGHT,
  })

  function check(claims: readonly Claim[], sectors: readonly SectorOnChainInfo[]): readonly string[] {
    const registry = { ...NOTHING, claims: new Map(claims.map((each, i) => [BigInt(i + 1), each])) }
    const liveDataSectors = new Map(sectors.map((each) => [each.sectorNumber, each]))
    const summary: MinerSummary = {
      activePower: { raw: 0n, qa: 0n },
      windowPostProofType: 13,
      deadlineCronActive: true,
      liveDataSectors,
    }
    return kindsOf((findings) => checkVerifregAgainstMiners(registry, new Map([[MINER, summary]]), findings))
  }

  test('fits its sector, and gives it its weight', () => {
    expect(check([claim], [sector])).toEqual([])
  })

  test('may have no sector any more, and a sector no claims', () => {
    expect(check([claim], [])).toEqual([])
    expect(check([], [sector])).toEqual([])
  })

  test('adds to the weight of the others of its sector', () => {
    const later = plainClaim({ termStart: 600, sector: 5n, termMin: claim.termMin })
    const added = SIZE * BigInt(EXPIRATION - 600)
    expect(check([claim, later], [{ ...sector, verifiedDealWeight: WEIGHT + added }])).toEqual([])
    expect(check([claim, later], [sector])).toEqual(['tree/claimed-weight'])
  })

  test.each([
    {
      rule: 'is of a miner',
      changes: { provider: OTHER_PROVIDER_ID },
      sectorChanges: {},
      kinds: ['tree/claim-without-miner'],
    },
    {
      rule: 'starts no earlier than its sector',
      changes: {},
      sectorChanges: { activation: 101 },
      kinds: ['tree/claim-before-sector'],
    },
    {
      rule: 'ends no later than its sector has to last',
      changes: { termMin: claim.termMin + 1001 },
      sectorChanges: {},
      kinds: ['tree/claim-term-min'],
    },
    {
      rule: 'lasts as long as its sector',
      changes: { termMax: claim.termMin + 999 },
      sectorChanges: {},
      kinds: ['tree/claim-term-max'],
    },
    {
      rule: 'says nothing of a sector whose quality is of old',
      changes: { termMax: claim.termMin + 999 },
      sectorChanges: { flags: 0, verifiedDealWeight: 7n },
      kinds: [],
    },
  ])('$rule', ({ changes, sectorChanges, kinds }) => {
    expect(check([{ ...claim, ...changes }], [{ ...sector, ...sectorChanges }])).toEqual(kinds)
  })
})
