import { type Blockstore, within } from '@plimsoll/ipld'
import { type Address, AddressProtocol, type ChainEpoch, protocolOf } from '@plimsoll/primitives'
import type { Findings } from '../invariants/findings.ts'
import type { Policy } from '../policy.ts'
import {
  type Allocation,
  Allocations,
  type Claim,
  type DataCap,
  Verifiers,
  VerifregClaims,
  type VerifregState,
} from './state.ts'

/** What the token, the market and miners are compared with. */
export interface VerifregSummary {
  readonly verifiers: ReadonlyMap<Address, DataCap>
  readonly allocations: ReadonlyMap<bigint, Allocation>
  readonly claims: ReadonlyMap<bigint, Claim>
}

/** What records are checked against. */
interface Context {
  readonly policy: Policy
  readonly state: VerifregState
  readonly priorEpoch: ChainEpoch
}

/**
 * The rules that the state of the verified registry keeps from v9 on. `priorEpoch` is the last that was executed.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/testing.rs`, `check_state_invariants`.
 *
 * @throws {CodecError} when a block is missing or malformed.
 */
export function checkVerifregInvariants(
  policy: Policy,
  store: Blockstore,
  state: VerifregState,
  priorEpoch: ChainEpoch,
  findings: Findings,
): VerifregSummary {
  const context = { policy, state, priorEpoch }
  const verifiers = new Map(within('verifiers', () => [...Verifiers.load(store, state.verifiers).entries()]))
  for (const [verifier, cap] of verifiers) {
    const protocol = protocolOf(verifier)
    findings.require(
      protocol === AddressProtocol.Id,
      'verifreg/verifier-address',
      () => `an address of protocol ${protocol}`,
    )
    findings.require(cap >= 0n, 'verifreg/verifier-cap-negative', () => String(cap))
  }
  return {
    verifiers,
    allocations: within('allocations', () => checkAllocations(store, context, findings)),
    claims: within('claims', () => checkClaims(store, context, findings)),
  }
}

function checkAllocations(
  store: Blockstore,
  context: Context,
  findings: Findings,
): ReadonlyMap<bigint, Allocation> {
  const all = new Map<bigint, Allocation>()
  const outer = Allocations.outer.load(store, context.state.allocations)
  for (const [client, root] of outer.entries()) {
    const inner = within(String(client), () => [...Allocations.inner.load(store, root).entries()])
    for (const [id, allocation] of inner) {
      const here = findings.under('allocations', String(client), String(id))
      checkAllocation(context, client, id, allocation, here)
      all.set(id, allocation)
    }
  }
  return all
}

/** Source: `check_allocation_state`. */
function checkAllocation(
  { policy, state, priorEpoch }: Context,
  client: bigint,
  id: bigint,
  allocation: Allocation,
  findings: Findings,
): void {
  const { termMin, termMax, expiration } = allocation
  requireKnownId(id, state, 'verifreg/allocation-id', findings)
  findings.require(
    allocation.client === client,
    'verifreg/allocation-client',
    () => `an allocation of f0${allocation.client}`,
  )
  requireSize(policy, allocation.size, 'verifreg/allocation-size', findings)
  requireTermMin(policy, termMin, 'verifreg/allocation-term-min', findings)
  findings.require(
    termMax <= policy.maximumVerifiedAllocationTerm,
    'verifreg/allocation-term-max',
    () => `${termMax}, where ${policy.maximumVerifiedAllocationTerm} is the longest`,
  )
  requireTerms(allocation, 'verifreg/allocation-terms', findings)
  findings.require(
    expiration <= priorEpoch + policy.maximumVerifiedAllocationExpiration,
    'verifreg/allocation-expiration',
    () => `it expires at ${expiration}, and ${priorEpoch} has passed`,
  )
}

function checkClaims(store: Blockstore, context: Context, findings: Findings): ReadonlyMap<bigint, Claim> {
  const all = new Map<bigint, Claim>()
  const outer = VerifregClaims.outer.load(store, context.state.claims)
  for (const [provider, root] of outer.entries()) {
    const inner = within(String(provider), () => [...VerifregClaims.inner.load(store, root).entries()])
    for (const [id, claim] of inner) {
      checkClaim(context, provider, id, claim, findings.under('claims', String(provider), String(id)))
      all.set(id, claim)
    }
  }
  return all
}

/** The longest term has no limit: it can be lengthened again and again. Source: `check_claim_state`. */
function checkClaim(
  { policy, state, priorEpoch }: Context,
  provider: bigint,
  id: bigint,
  claim: Claim,
  findings: Findings,
): void {
  requireKnownId(id, state, 'verifreg/claim-id', findings)
  findings.require(
    claim.provider === provider,
    'verifreg/claim-provider',
    () => `a claim of f0${claim.provider}`,
  )
  requireSize(policy, claim.size, 'verifreg/claim-size', findings)
  requireTermMin(policy, claim.termMin, 'verifreg/claim-term-min', findings)
  requireTerms(claim, 'verifreg/claim-terms', findings)
  findings.require(
    claim.termStart <= priorEpoch,
    'verifreg/claim-term-start',
    () => `it starts at ${claim.termStart}, and ${priorEpoch} has passed`,
  )
}

function requireKnownId(
  id: bigint,
  { nextAllocationId }: VerifregState,
  kind: string,
  findings: Findings,
): void {
  findings.require(id < nextAllocationId, kind, () => `the next id is ${nextAllocationId}`)
}

function requireSize(policy: Policy, size: bigint, kind: string, findings: Findings): void {
  const { minimumVerifiedAllocationSize } = policy
  findings.require(
    size >= minimumVerifiedAllocationSize,
    kind,
    () => `${size} bytes, where ${minimumVerifiedAllocationSize} is the least`,
  )
}

function requireTermMin(policy: Policy, termMin: ChainEpoch, kind: string, findings: Findings): void {
  const { minimumVerifiedAllocationTerm } = policy
  findings.require(
    termMin >= minimumVerifiedAllocationTerm,
    kind,
    () => `${termMin}, where ${minimumVerifiedAllocationTerm} is the shortest`,
  )
}

function requireTerms({ termMin, termMax }: Allocation | Claim, kind: string, findings: Findings): void {
  findings.require(termMin <= termMax, kind, () => `at least ${termMin} and at most ${termMax}`)
}
