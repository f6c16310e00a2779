import {
  PublishStorageDealsParams,
  PublishStorageDealsReturn,
  SubmitWindowedPoStParams,
} from '@plimsoll/actors'
import { bitsOf, decodeLooseCbor } from '@plimsoll/ipld'
import { type Address, ExitCode, type Hashes, STORAGE_MARKET_ACTOR_ADDR } from '@plimsoll/primitives'
import {
  addEscrow,
  applyReward,
  buildMixedMiner,
  createAccount,
  createMiner,
  createMultisig,
  methodNumber,
  openNetwork,
  type PieceOfSector,
  returnOf,
  type TestAccount,
  type TestNetwork,
} from '@plimsoll/testkit'
import type { Message, Receipt } from '@plimsoll/vm'
import { chanceOf } from './chance.ts'
import { Corpus } from './corpus.ts'
import { INVALID, networkOptions, type ProfileName } from './profile.ts'
import type { Step } from './step.ts'

const PUBLISH_STORAGE_DEALS = methodNumber('storagemarket', 'PublishStorageDeals')
const SUBMIT_WINDOWED_POST = methodNumber('storageminer', 'SubmitWindowedPoSt')

/** A miner with what only its makers know: the data of its sectors, and the next free number. */
export interface FuzzedMiner {
  readonly id: Address
  nextSector: number
  readonly pieces: Map<number, readonly PieceOfSector[]>
}

/** A deal that was published. */
export interface PublishedDeal {
  readonly id: bigint
  readonly provider: Address
  readonly piece: PieceOfSector
  /** The last epoch in which a sector can take it in. */
  readonly start: bigint
}

/** A network, those who act on it, and what they remember. */
export interface World {
  readonly network: TestNetwork
  readonly accounts: readonly TestAccount[]
  /** Those of the accounts that have DataCap, and that may give some. */
  readonly clients: readonly TestAccount[]
  readonly verifiers: readonly TestAccount[]
  /** Without the root of the registry, whose only signer has to stay. */
  readonly multisigs: Address[]
  readonly miners: FuzzedMiner[]
  readonly deals: PublishedDeal[]
  readonly corpus: Corpus
  /** Deals and allocations, by their ids, that were given to a sector already. */
  readonly assigned: Set<string>
  /** Deadlines of which a proof was accepted that does not hold, the latest last. */
  readonly disputable: { readonly miner: Address; readonly deadline: number }[]
  /** Deadlines that are decided about, by miner and opening: proven, or left out. */
  readonly decided: Set<string>
}

/** Builds a network with one to three miners that have a history. Everything that happens is by messages. */
export function createWorld(hashes: Hashes, profile: ProfileName, seed: number): World {
  const chance = chanceOf(seed ^ 0x5eed)
  const network = openNetwork(hashes, networkOptions(profile))
  const accounts = Array.from({ length: 6 }, () => createAccount(network))
  const built = Array.from({ length: chance.between(1, 3) }, () =>
    buildMixedMiner(network, {
      committedCapacity: chance.between(1, 4),
      nonInteractive: chance.between(0, 2),
      withDeal: chance.between(0, 2),
      withPiece: chance.between(0, 1),
      verified: chance.between(0, 2),
      snapped: chance.between(0, 2),
      extended: chance.between(0, 2),
      extendedVerified: chance.between(0, 1),
      faulty: chance.between(0, 2),
      terminated: chance.between(0, 1),
    }),
  )
  lockPledgeForAll(network)
  const owners = built.flatMap(({ owner, client }) => [owner, client])
  for (const { id, owner } of built) {
    addEscrow(network, owner.id, id, 10n ** 21n)
  }
  const [first, second] = accounts as [TestAccount, TestAccount]
  const multisigs = [
    createMultisig(network, first.id, [first.id, second.id], { threshold: 2, value: 10n ** 21n }),
    createMultisig(network, first.id, [first.id], { unlockDuration: 3000, value: 10n ** 20n }),
  ]
  return {
    network,
    accounts: [network.registrySigner, ...accounts, ...owners],
    clients: built.map(({ client }) => client),
    verifiers: built.map(({ verifier }) => verifier),
    multisigs,
    miners: built.map(({ id, sectors }) => ({
      id,
      nextSector: Math.max(0, ...Object.values(sectors).flat()) + 1,
      pieces: new Map(),
    })),
    deals: [],
    assigned: new Set(),
    disputable: [],
    corpus: new Corpus(),
    decided: new Set(),
  }
}

/**
 * Locks rewards of a miner that does nothing else, so that the network's pledge never falls below zero: the deposits of
 * new miners are not counted in it when they are locked, and are when they vest, which a network of a few miners does
 * not survive.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `constructor`; `actors/power/src/lib.rs`,
 * `update_pledge_total`.
 */
function lockPledgeForAll(network: TestNetwork): void {
  const { id } = createMiner(network)
  for (let block = 0; block < 100; block++) {
    applyReward(network, id, { winCount: 5 })
  }
}

/** Learns from what came of a step. */
export function observe(world: World, step: Step, receipt: Receipt): void {
  if (step.kind === 'impersonation') {
    return
  }
  world.corpus.add(world.network.vm, receipt.trace)
  if (step.kind === 'message' && receipt.exitCode === ExitCode.OK) {
    observeDeals(world, step.message, receipt)
    observeProofs(world, step.message)
    observeMultisigs(world, receipt)
  }
}

function observeDeals(world: World, { to, method, params }: Message, receipt: Receipt): void {
  if (to !== STORAGE_MARKET_ACTOR_ADDR || method !== PUBLISH_STORAGE_DEALS || params === null) {
    return
  }
  const { deals } = decodeLooseCbor(PublishStorageDealsParams, params.data)
  const { ids, validDeals } = returnOf(receipt, PublishStorageDealsReturn)
  for (const [i, index] of [...bitsOf(validDeals)].entries()) {
    const proposal = deals[Number(index)]?.proposal
    const provider = proposal && world.network.vm.resolveAddress(proposal.provider)
    if (proposal !== undefined && provider !== undefined) {
      const id = ids[i] as bigint
      world.deals.push({
        id,
        provider,
        start: proposal.startEpoch,
        piece: { cid: proposal.pieceCid, size: proposal.pieceSize, dealId: id },
      })
    }
  }
}

/** Optimistically accepted proofs are what disputes are about. */
function observeProofs(world: World, { to, method, params }: Message): void {
  if (method === SUBMIT_WINDOWED_POST && params !== null && world.miners.some(({ id }) => id === to)) {
    const { deadline, proofs } = decodeLooseCbor(SubmitWindowedPoStParams, params.data)
    if (proofs.some(({ proofBytes }) => proofBytes[0] === INVALID)) {
      world.disputable.push({ miner: to, deadline: Number(deadline) })
    }
  }
}

/** A few multisigs are enough; later ones are not remembered. */
const MULTISIGS_MAX = 6

function observeMultisigs({ network: { vm }, multisigs }: World, { changes }: Receipt): void {
  for (const { actor, before, after } of changes) {
    if (
      before === undefined &&
      vm.host.codes.nameOf(after.code) === 'multisig' &&
      multisigs.length < MULTISIGS_MAX
    ) {
      multisigs.push(actor)
    }
  }
}
