import { address, attoFil, bitField, bitFieldOf } from '@plimsoll/ipld'
import { STORAGE_MARKET_ACTOR_ADDR } from '@plimsoll/primitives'
import { infoOf, messageOf, newPiece, publishDealsCall } from '@plimsoll/testkit'
import type { Chance } from '../chance.ts'
import type { World } from '../world.ts'
import { partiesOf } from './miner-parties.ts'
import { anyAmount, type Template, wire, wireMessage } from './template.ts'

const to = STORAGE_MARKET_ACTOR_ADDR
const actor = 'storagemarket'

const PIECE_SIZES = [1n << 20n, 1n << 30n, 16n << 30n, 32n << 30n] as const

export const addEscrow: Template = (world, chance) => {
  const [owner, from] = chance.percent(50)
    ? [chance.pick(world.miners).id, chance.pick(world.accounts).id]
    : [chance.pick(world.clients).id, chance.pick(world.accounts).id]
  const value = BigInt(chance.below(2 ** 32)) * 10n ** BigInt(chance.between(6, 12))
  return wireMessage({ from, to, actor, method: 'AddBalance', params: wire(address, owner), value })
}

export const withdrawEscrow: Template = (world, chance) => {
  const method = chance.pick(['WithdrawBalance', 'WithdrawBalanceExported'])
  if (chance.percent(50)) {
    const miner = chance.pick(world.miners)
    const { owner, worker } = infoOf(world.network, miner.id)
    const params = [wire(address, miner.id), wire(attoFil, anyAmount(chance))]
    return wireMessage({ from: chance.pick([owner, worker]), to, actor, method, params })
  }
  const client = chance.pick(world.clients)
  const params = [wire(address, client.id), wire(attoFil, anyAmount(chance))]
  return wireMessage({ from: client.id, to, actor, method, params })
}

/** Deals that wait for their sectors, from which on there are rarely more. */
const ENOUGH_DEALS = 30

export const publish: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const { epoch } = world.network.vm
  const waiting = world.deals.filter(({ start }) => start > epoch)
  if (waiting.length >= ENOUGH_DEALS && chance.percent(95)) {
    return undefined
  }
  const plans = Array.from({ length: chance.between(1, 3) }, () => ({
    client: chance.pick(world.clients),
    piece: newPiece(world.network, chance.pick(PIECE_SIZES)),
    verified: chance.percent(30),
    start: epoch + chance.pick([1, 500, 5000, 20_000]),
    duration: chance.between(180 * 2880, 200 * 2880),
    pricePerEpoch: BigInt(chance.below(2 ** 20)),
  }))
  return messageOf(publishDealsCall(world.network, partiesOf(world, miner), plans))
}

export const settle: Template = (world, chance) => {
  const ids = chance.some(world.deals, 5).map(({ id }) => id)
  const deals = chance.percent(90) ? ids : [...ids, BigInt(chance.below(1000))]
  const params = wire(bitField, bitFieldOf(deals))
  const from = chance.pick(world.accounts).id
  return wireMessage({ from, to, actor, method: 'SettleDealPaymentsExported', params })
}

const DEAL_QUESTIONS = [
  'GetDealDataCommitmentExported',
  'GetDealClientExported',
  'GetDealProviderExported',
  'GetDealLabelExported',
  'GetDealTermExported',
  'GetDealTotalPriceExported',
  'GetDealClientCollateralExported',
  'GetDealProviderCollateralExported',
  'GetDealVerifiedExported',
  'GetDealActivationExported',
  'GetDealSectorExported',
] as const

export const askMarket: Template = (world, chance) => {
  const from = chance.pick(world.accounts).id
  if (chance.percent(15)) {
    const owner = chance.pick([...world.miners, ...world.clients]).id
    return wireMessage({ from, to, actor, method: 'GetBalanceExported', params: wire(address, owner) })
  }
  return wireMessage({
    from,
    to,
    actor,
    method: chance.pick(DEAL_QUESTIONS),
    params: anyDealId(world, chance),
  })
}

function anyDealId(world: World, chance: Chance): bigint {
  return world.deals.length > 0 && chance.percent(80)
    ? chance.pick(world.deals).id
    : BigInt(chance.below(1000))
}
