import { MAINNET_POLICY, METHOD_SEND } from '@plimsoll/actors'
import { address, attoFil, bigInt, bitField, bitFieldOf, bitFieldRange } from '@plimsoll/ipld'
import { requireActorId } from '@plimsoll/primitives'
import { infoOf, liveSectorsOf, placesOf } from '@plimsoll/testkit'
import { faultHeader, INVALID } from '../profile.ts'
import { partiesOf } from './miner-parties.ts'
import { anyAmount, type Template, wire, wireMessage } from './template.ts'

/** What miners do beside proving: money, keys, and housekeeping. */

const actor = 'storageminer'

export const withdrawFromMiner: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const { owner, beneficiary } = infoOf(world.network, miner.id)
  const method = chance.pick(['WithdrawBalance', 'WithdrawBalanceExported'])
  const params = [wire(attoFil, anyAmount(chance))]
  return wireMessage({ from: chance.pick([owner, beneficiary]), to: miner.id, actor, method, params })
}

/** FIL for a miner, without which it stops sooner or later. */
export const fundMiner: Template = (world, chance) => ({
  from: chance.pick(world.accounts).id,
  to: chance.pick(world.miners).id,
  value: 10n ** 18n * BigInt(chance.between(1, 2000)),
  method: METHOD_SEND,
  params: null,
})

export const repayMinerDebt: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const { owner } = partiesOf(world, miner)
  const value = chance.percent(50) ? 0n : BigInt(chance.below(2 ** 32)) * 10n ** 9n
  return wireMessage({ from: owner.id, to: miner.id, actor, method: 'RepayDebt', value })
}

export const changeWorker: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const { owner } = partiesOf(world, miner)
  if (chance.percent(40)) {
    return wireMessage({ from: owner.id, to: miner.id, actor, method: 'ConfirmChangeWorkerAddress' })
  }
  const controls = chance.some(world.accounts, 3).map(({ id }) => wire(address, id))
  const params = [wire(address, chance.pick(world.accounts).id), controls]
  return wireMessage({ from: owner.id, to: miner.id, actor, method: 'ChangeWorkerAddress', params })
}

/** Proposes another owner, or confirms as the one that is proposed. */
export const changeOwner: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const { owner, pendingOwnerAddress } = infoOf(world.network, miner.id)
  const isConfirmed = pendingOwnerAddress !== null && chance.percent(60)
  const from = isConfirmed ? pendingOwnerAddress : owner
  const params = wire(address, isConfirmed ? pendingOwnerAddress : chance.pick(world.accounts).id)
  return wireMessage({ from, to: miner.id, actor, method: 'ChangeOwnerAddress', params })
}

/** Proposes a beneficiary, or approves of the one that is proposed. */
export const changeBeneficiary: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const { owner, beneficiary, pendingBeneficiaryTerm: pending } = infoOf(world.network, miner.id)
  const method = 'ChangeBeneficiary'
  if (pending !== null && chance.percent(70)) {
    const { newBeneficiary, newQuota, newExpiration } = pending
    const params = [wire(address, newBeneficiary), wire(attoFil, newQuota), BigInt(newExpiration)]
    return wireMessage({
      from: chance.pick([beneficiary, newBeneficiary]),
      to: miner.id,
      actor,
      method,
      params,
    })
  }
  const isOwner = chance.percent(30)
  const params = isOwner
    ? [wire(address, owner), wire(attoFil, 0n), 0n]
    : [
        wire(address, chance.pick(world.accounts).id),
        wire(attoFil, anyAmount(chance)),
        BigInt(world.network.vm.epoch + chance.below(5000)),
      ]
  return wireMessage({ from: owner, to: miner.id, actor, method, params })
}

export const changePeer: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const { worker } = partiesOf(world, miner)
  const isPeerId = chance.percent(50)
  const method = isPeerId ? 'ChangePeerID' : 'ChangeMultiaddrs'
  const bytes = chance.bytes(chance.between(0, 130))
  return wireMessage({ from: worker.id, to: miner.id, actor, method, params: [isPeerId ? bytes : [bytes]] })
}

export const compact: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const { worker } = partiesOf(world, miner)
  if (chance.percent(15)) {
    const start = chance.below(miner.nextSector)
    const mask = wire(bitField, bitFieldRange(start, start + chance.between(1, 3)))
    return wireMessage({
      from: worker.id,
      to: miner.id,
      actor,
      method: 'CompactSectorNumbers',
      params: [mask],
    })
  }
  const used = [...placesOf(world.network, miner.id).values()]
  const { deadline } = used.length === 0 ? { deadline: chance.below(48) } : chance.pick(used)
  const params = [BigInt(deadline), wire(bitField, bitFieldOf([0]))]
  return wireMessage({ from: worker.id, to: miner.id, actor, method: 'CompactPartitions', params })
}

/** Disputes the last proof that was accepted and does not hold, or any. */
export const dispute: Template = (world, chance) => {
  const target = chance.percent(90) ? world.disputable.at(-1) : undefined
  const { miner, deadline } = target ?? { miner: chance.pick(world.miners).id, deadline: chance.below(48) }
  const params = [BigInt(deadline), BigInt(chance.below(2))]
  return wireMessage({
    from: chance.pick(world.accounts).id,
    to: miner,
    actor,
    method: 'DisputeWindowedPoSt',
    params,
  })
}

export const reportFault: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const epoch = world.network.vm.epoch - chance.between(0, 300)
  const header = chance.percent(25)
    ? faultHeader(requireActorId(miner.id), epoch, chance.between(1, 3))
    : Uint8Array.of(chance.pick([INVALID, 0]))
  const params = [header, new Uint8Array(), new Uint8Array()]
  return wireMessage({
    from: chance.pick(world.accounts).id,
    to: miner.id,
    actor,
    method: 'ReportConsensusFault',
    params,
  })
}

/** A question about a sector, or about the miner. */
export const askMiner: Template = (world, chance) => {
  const miner = chance.pick(world.miners)
  const from = chance.pick(world.accounts).id
  const sectors = [...liveSectorsOf(world.network, miner.id).keys()]
  const sector = BigInt(sectors.length > 0 && chance.percent(80) ? chance.pick(sectors) : chance.below(100))
  const ask = chance.pick([
    { method: 'CheckSectorProven', params: [sector] },
    { method: 'GenerateSectorLocationExported', params: [sector] },
    { method: 'GetNominalSectorExpirationExported', params: sector },
    {
      method: 'ValidateSectorStatusExported',
      params: [sector, BigInt(chance.below(3)), sectorLocation(chance)],
    },
    {
      method: 'MaxTerminationFeeExported',
      params: [wire(bigInt, MAINNET_POLICY.minimumConsensusPower), wire(attoFil, anyAmount(chance))],
    },
    { method: 'IsControllingAddressExported', params: wire(address, from) },
    { method: 'ControlAddresses' },
    { method: 'GetBeneficiary' },
    { method: 'GetBeneficiaryExported' },
    { method: 'GetOwnerExported' },
    { method: 'GetSectorSizeExported' },
    { method: 'GetAvailableBalanceExported' },
    { method: 'GetVestingFundsExported' },
    { method: 'GetPeerIDExported' },
    { method: 'GetMultiaddrsExported' },
    { method: 'InitialPledgeExported' },
  ])
  return wireMessage({ from, to: miner.id, actor, ...ask })
}

/** A deadline and a partition as a tuple, or none of both. */
function sectorLocation(chance: { below(limit: number): number }): Uint8Array {
  return chance.below(2) === 0
    ? Uint8Array.of(0x82, chance.below(24), chance.below(2))
    : Uint8Array.of(0x82, 0x20, 0x20)
}
