import { AllocationRequests, TOKEN_PRECISION, VerifregAllocations, VerifregState } from '@plimsoll/actors'
import { address, bigInt, encodeCbor, storagePower } from '@plimsoll/ipld'
import {
  DATACAP_ACTOR_ADDR,
  requireActorId,
  STORAGE_MARKET_ACTOR_ADDR,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { allocateCall, messageOf, methodNumber, newPiece } from '@plimsoll/testkit'
import type { Chance } from '../chance.ts'
import { INVALID } from '../profile.ts'
import type { World } from '../world.ts'
import { claimsBySector } from './miner-parties.ts'
import { type Template, wire, wireMessage } from './template.ts'

/** Verifiers, clients, their DataCap, and what it is spent on. */

const registry = { to: VERIFIED_REGISTRY_ACTOR_ADDR, actor: 'verifiedregistry' } as const
const token = { to: DATACAP_ACTOR_ADDR, actor: 'datacap' } as const

/** Bytes: what a client is given, which lasts for some sectors. */
function anyCap(chance: Chance): bigint {
  return (1n << 30n) * BigInt(chance.between(1, 512))
}

/** What a verifier may give out. */
function anyAllowance(chance: Chance): bigint {
  return (1n << 40n) * BigInt(chance.between(1, 32))
}

/** The root, a multisig of one signer, makes or removes a verifier. */
export const changeVerifier: Template = ({ network, accounts, verifiers }, chance) => {
  const isAdded = chance.percent(80)
  const target = chance.pick(chance.percent(70) ? verifiers : accounts).id
  const params = isAdded
    ? [wire(address, target), wire(storagePower, anyAllowance(chance))]
    : wire(address, target)
  const inner = wireMessage({
    ...registry,
    from: network.registryRoot,
    method: isAdded ? 'AddVerifier' : 'RemoveVerifier',
    params,
  })
  return wireMessage({
    from: network.registrySigner.id,
    to: network.registryRoot,
    actor: 'multisig',
    method: 'Propose',
    params: [
      wire(address, inner.to),
      new Uint8Array(),
      BigInt(inner.method),
      inner.params?.data ?? new Uint8Array(),
    ],
  })
}

export const addClient: Template = ({ verifiers, clients, accounts }, chance) => {
  const client = chance.pick(chance.percent(80) ? clients : accounts)
  const params = [wire(address, client.id), wire(storagePower, anyCap(chance))]
  return wireMessage({
    ...registry,
    from: chance.pick(verifiers).id,
    method: chance.pick(['AddVerifiedClient', 'AddVerifiedClientExported']),
    params,
  })
}

/** DataCap for pieces that go into sectors later. */
export const allocateData: Template = (world, chance) => {
  const { minimumVerifiedAllocationTerm, maximumVerifiedAllocationExpiration } = world.network.vm.host.policy
  const pieces = Array.from({ length: chance.between(1, 2) }, () =>
    newPiece(world.network, chance.pick([1n << 20n, 16n << 30n, 32n << 30n])),
  )
  const termMin = minimumVerifiedAllocationTerm
  return messageOf(
    allocateCall(world.network, chance.pick(world.clients), {
      provider: chance.pick(world.miners).id,
      pieces,
      termMin,
      termMax: termMin + chance.below(5 * 365 * 2880 - termMin),
      claimableFor: chance.below(maximumVerifiedAllocationExpiration),
    }),
  )
}

/** DataCap for a longer term of a claim. */
export const payForExtension: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const claims = [...claimsBySector(world, miner).values()].flat()
  if (claims.length === 0) {
    return undefined
  }
  const operatorData = encodeCbor(AllocationRequests, {
    allocations: [],
    extensions: [
      {
        provider: BigInt(requireActorId(miner.id)),
        claim: chance.pick(claims),
        termMax: BigInt(5 * 365 * 2880 - chance.below(100_000)),
      },
    ],
  })
  const amount = chance.pick([16n << 30n, 32n << 30n]) * TOKEN_PRECISION
  const params = [wire(address, registry.to), wire(bigInt, amount), operatorData]
  return wireMessage({ ...token, from: chance.pick(world.clients).id, method: 'TransferExported', params })
}

export const extendClaims: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const provider = BigInt(requireActorId(miner.id))
  const claims = [...claimsBySector(world, miner).values()].flat()
  const terms = chance
    .some(claims, 3)
    .map((claim) => [provider, claim, BigInt(5 * 365 * 2880 - chance.below(1000))])
  const from = chance.pick(world.clients).id
  return wireMessage({ ...registry, from, method: 'ExtendClaimTerms', params: [terms] })
}

/** Takes back what has expired: by ids, or all of it. */
export const removeExpired: Template = (world, chance) => {
  const from = chance.pick(world.accounts).id
  if (chance.percent(50)) {
    const client = BigInt(requireActorId(chance.pick(world.clients).id))
    const ids = chance.percent(50) ? [] : chance.some(allocationIds(world, client), 4)
    return wireMessage({ ...registry, from, method: 'RemoveExpiredAllocations', params: [client, [...ids]] })
  }
  const miner = chance.pick(world.miners)
  const claims = [...claimsBySector(world, miner).values()].flat()
  const ids = chance.percent(50) ? [] : chance.some(claims, 4)
  const params = [BigInt(requireActorId(miner.id)), [...ids]]
  return wireMessage({ ...registry, from, method: 'RemoveExpiredClaims', params })
}

function allocationIds({ network }: World, client: bigint): readonly bigint[] {
  const { allocations } = network.vm.stateOf(VERIFIED_REGISTRY_ACTOR_ADDR, VerifregState)
  return [...VerifregAllocations.load(network.vm.store, allocations).entriesOf(client)].map(([id]) => id)
}

/** The root takes DataCap back with the consent of two verifiers. */
export const removeDataCap: Template = (world, chance) => {
  const { network, verifiers, clients } = world
  const request = () => [
    wire(address, chance.pick(verifiers).id),
    Uint8Array.of(2, chance.percent(95) ? 1 : INVALID),
  ]
  const params = wireMessage({
    ...registry,
    from: network.registryRoot,
    method: 'RemoveVerifiedClientDataCap',
    params: [
      wire(address, chance.pick(clients).id),
      wire(storagePower, anyCap(chance)),
      request(),
      request(),
    ],
  }).params
  return wireMessage({
    from: network.registrySigner.id,
    to: network.registryRoot,
    actor: 'multisig',
    method: 'Propose',
    params: [
      wire(address, registry.to),
      new Uint8Array(),
      BigInt(methodNumber('verifiedregistry', 'RemoveVerifiedClientDataCap')),
      params?.data ?? new Uint8Array(),
    ],
  })
}

/** Whatever a holder of tokens may do with them. */
export const useTokens: Template = (world, chance) => {
  const holder = chance.pick(world.clients).id
  const other = chance.pick(chance.percent(60) ? world.clients : world.accounts).id
  const amount = wire(bigInt, anyCap(chance) * TOKEN_PRECISION + (chance.percent(5) ? 1n : 0n))
  const [owner, operator] = [wire(address, holder), wire(address, other)]
  const isToActor = chance.percent(30)
  const receiver = isToActor ? wire(address, chance.pick([registry.to, STORAGE_MARKET_ACTOR_ADDR])) : operator
  const call = chance.pick([
    { method: 'TransferExported', params: [receiver, amount, new Uint8Array()] },
    { method: 'TransferFromExported', params: [operator, receiver, amount, new Uint8Array()] },
    { method: 'IncreaseAllowanceExported', params: [operator, amount] },
    { method: 'DecreaseAllowanceExported', params: [operator, amount] },
    { method: 'RevokeAllowanceExported', params: [operator] },
    { method: 'BurnExported', params: [amount] },
    { method: 'BurnFromExported', params: [operator, amount] },
    { method: 'AllowanceExported', params: [owner, operator] },
    { method: 'BalanceExported', params: owner },
    { method: 'TotalSupplyExported' },
    { method: 'NameExported' },
    { method: 'SymbolExported' },
    { method: 'GranularityExported' },
    { method: 'MintExported', params: [owner, amount, [operator]] },
    { method: 'DestroyExported', params: [owner, amount] },
  ])
  return wireMessage({ ...token, from: holder, ...call })
}
