import type { Address } from '@plimsoll/primitives'
import { EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { createAccount } from './accounts.ts'
import { advanceBy } from './advance.ts'
import { createMiner, type MinerTerms, type TestMiner } from './create-miner.ts'
import { addVerifiedClient, addVerifier, allocate } from './datacap.ts'
import { publishDeals } from './deals.ts'
import { declareFaults } from './declare.ts'
import { extend } from './extend.ts'
import { deadlineInPeriod, placesOf, sectorsOf } from './miner-view.ts'
import { newPiece } from './pieces.ts'
import { preCommit, sealingEpochs } from './pre-commit.ts'
import { type PieceOfSector, type ProvenSector, proveCommit } from './prove-commit.ts'
import { proveCommitNI } from './prove-commit-ni.ts'
import { replicaUpdate } from './replica-update.ts'
import { terminate } from './terminate.ts'
import type { TestAccount, TestNetwork } from './test-network.ts'

/** How many sectors of each kind a miner gets; each stands in one row, and none unless given. */
export interface MixedMinerPlan {
  /** Empty sectors that stay as they are. */
  readonly committedCapacity?: number
  /** Empty sectors that were committed without a promise. */
  readonly nonInteractive?: number
  /** Sectors of data that nobody has verified: with a deal, and with nothing but a piece. */
  readonly withDeal?: number
  readonly withPiece?: number
  /** Sectors full of verified data, which have ten times the power. */
  readonly verified?: number
  /** Empty sectors that verified data was put into later. */
  readonly snapped?: number
  /** Empty sectors, and sectors full of verified data, that live longer than was promised. */
  readonly extended?: number
  readonly extendedVerified?: number
  /** Empty sectors that are faulty, and that were terminated. */
  readonly faulty?: number
  readonly terminated?: number
  /** In how many batches they are committed, a row's sectors one after another; one unless given. */
  readonly batches?: number
  /** Days between two batches; one unless given. */
  readonly daysBetween?: number
  readonly terms?: MinerTerms
}

/** The rows of a plan, in the order in which sectors get their numbers. */
export type SectorKind = (typeof KINDS)[number]
const KINDS = [
  'committedCapacity',
  'nonInteractive',
  'withDeal',
  'withPiece',
  'verified',
  'snapped',
  'extended',
  'extendedVerified',
  'faulty',
  'terminated',
] as const

/** A miner with the numbers of its sectors by kind, and the claims of those that hold verified data. */
export interface MixedMiner extends TestMiner {
  readonly client: TestAccount
  readonly verifier: TestAccount
  readonly sectors: Readonly<Record<SectorKind, readonly number[]>>
  readonly claims: ReadonlyMap<number, readonly bigint[]>
}

const SECTOR_BYTES = 32n << 30n
const EXTENSION = 180 * EPOCHS_IN_DAY

/** A miner on its way: what is known of it so far. */
interface Builder {
  readonly network: TestNetwork
  readonly miner: TestMiner
  readonly client: TestAccount
  readonly claims: Map<number, readonly bigint[]>
}

/**
 * Builds a miner by real messages: sectors are promised, proven, updated, extended, and given up as on a chain,
 * with deadlines proven by all miners of the network meanwhile. Ends once every sector is proven or given up.
 */
export function buildMixedMiner(network: TestNetwork, plan: MixedMinerPlan): MixedMiner {
  const { batches = 1, daysBetween = 1 } = plan
  const miner = createMiner(network, plan.terms)
  const sectors = numberSectors(plan)
  const dataSectors = [...sectors.verified, ...sectors.extendedVerified, ...sectors.snapped].length
  const dataCap = SECTOR_BYTES * BigInt(Math.max(1, dataSectors))
  const verifier = addVerifier(network, dataCap)
  const client = createAccount(network)
  addVerifiedClient(network, verifier, client.id, dataCap)
  const builder: Builder = { network, miner, client, claims: new Map() }
  for (let batch = 0; batch < batches; batch++) {
    if (batch > 0) {
      advanceBy(network, daysBetween * EPOCHS_IN_DAY)
    }
    commitBatch(
      builder,
      forEveryKind((kind) => sectors[kind].filter((_, i) => i % batches === batch)),
    )
  }
  // Every deadline comes once a day, so that after one all sectors are proven, and a second leaves room to act.
  advanceBy(network, EPOCHS_IN_DAY)
  atMutableDeadlines(builder, sectors.snapped, (numbers) => snap(builder, numbers))
  extendAll(builder, sectors)
  atMutableDeadlines(builder, sectors.faulty, (numbers) => declareFaults(network, miner, numbers))
  atMutableDeadlines(builder, sectors.terminated, (numbers) => terminate(network, miner, numbers))
  advanceBy(network, EPOCHS_IN_DAY)
  return { ...miner, client, verifier, sectors, claims: builder.claims }
}

function numberSectors(plan: MixedMinerPlan): MixedMiner['sectors'] {
  let next = 0
  return forEveryKind((kind) => {
    const first = next
    next += plan[kind] ?? 0
    return Array.from({ length: next - first }, (_, i) => first + i)
  })
}

function forEveryKind(numbersOf: (kind: SectorKind) => readonly number[]): MixedMiner['sectors'] {
  const entries: readonly (readonly [SectorKind, readonly number[]])[] = KINDS.map((kind) => [
    kind,
    numbersOf(kind),
  ])
  return Object.fromEntries(entries) as Record<SectorKind, readonly number[]>
}

function commitBatch(builder: Builder, sectors: MixedMiner['sectors']): void {
  const { network, miner } = builder
  const proven: readonly ProvenSector[] = [
    ...[sectors.committedCapacity, sectors.snapped, sectors.extended, sectors.faulty, sectors.terminated]
      .flat()
      .map((sectorNumber) => ({ sectorNumber })),
    ...sectorsWithDeals(builder, sectors.withDeal),
    ...sectors.withPiece.map((sectorNumber) => ({ sectorNumber, pieces: [newPiece(network, SECTOR_BYTES)] })),
    ...verifiedSectors(builder, [...sectors.verified, ...sectors.extendedVerified]),
  ]
  if (proven.length > 0) {
    preCommit(network, miner, proven)
  }
  if (sectors.nonInteractive.length > 0) {
    // A deadline half a day away is neither open nor next.
    const { wpostPeriodDeadlines, wpostChallengeWindow } = network.vm.host.policy
    const { open } = deadlineInPeriod(network, miner.id, 0)
    const current = Math.floor((network.vm.epoch - open) / wpostChallengeWindow)
    const deadline = (current + wpostPeriodDeadlines / 2) % wpostPeriodDeadlines
    proveCommitNI(network, miner, { sectorNumbers: sectors.nonInteractive, deadline })
  }
  advanceBy(network, sealingEpochs(network))
  if (proven.length > 0) {
    proveCommit(network, miner, proven)
  }
}

function sectorsWithDeals(
  { network, miner, client }: Builder,
  numbers: readonly number[],
): readonly ProvenSector[] {
  if (numbers.length === 0) {
    return []
  }
  const pieces = numbers.map(() => newPiece(network, SECTOR_BYTES))
  const dealIds = publishDeals(
    network,
    miner,
    pieces.map((piece) => ({ client, piece })),
  )
  return numbers.map((sectorNumber, i) => ({
    sectorNumber,
    pieces: [{ ...(pieces[i] as PieceOfSector), dealId: dealIds[i] as bigint }],
  }))
}

function verifiedSectors(builder: Builder, numbers: readonly number[]): readonly ProvenSector[] {
  const { network, miner, client, claims } = builder
  if (numbers.length === 0) {
    return []
  }
  const pieces = numbers.map(() => newPiece(network, SECTOR_BYTES))
  const ids = allocate(network, client, { provider: miner.id, pieces })
  return numbers.map((sectorNumber, i) => {
    const id = ids[i] as bigint
    claims.set(sectorNumber, [id])
    return {
      sectorNumber,
      pieces: [{ ...(pieces[i] as PieceOfSector), allocation: { client: client.id, id } }],
    }
  })
}

function snap(builder: Builder, numbers: readonly number[]): void {
  replicaUpdate(builder.network, builder.miner, verifiedSectors(builder, numbers))
}

function extendAll({ network, miner, claims }: Builder, sectors: MixedMiner['sectors']): void {
  const infos = sectorsOf(network, miner.id)
  const extended = [...sectors.extended, ...sectors.extendedVerified]
  for (const [expiration, sectorNumbers] of Map.groupBy(
    extended,
    (each) => infos.get(each)?.expiration ?? 0,
  )) {
    extend(network, miner, {
      sectorNumbers,
      expiration: expiration + EXTENSION,
      claims: new Map([...claims].filter(([number]) => sectors.extendedVerified.includes(number))),
    })
  }
}

/** Acts on sectors as soon as their deadlines are neither open nor about to open. */
function atMutableDeadlines(
  { network, miner }: Builder,
  numbers: readonly number[],
  act: (numbers: readonly number[]) => void,
): void {
  const places = placesOf(network, miner.id)
  let left = numbers
  while (left.length > 0) {
    const isReady = (number: number) => isFarOff(network, miner.id, places.get(number)?.deadline ?? 0)
    const ready = left.filter(isReady)
    if (ready.length > 0) {
      act(ready)
    }
    left = left.filter((number) => !ready.includes(number))
    if (left.length > 0) {
      advanceBy(network, 3 * network.vm.host.policy.wpostChallengeWindow)
    }
  }
}

/** Whether a deadline is neither open, nor one of the two that open next. */
function isFarOff(network: TestNetwork, miner: Address, index: number): boolean {
  const { wpostPeriodDeadlines, wpostChallengeWindow } = network.vm.host.policy
  const { open } = deadlineInPeriod(network, miner, 0)
  const current = Math.floor((network.vm.epoch - open) / wpostChallengeWindow)
  const distance = (index - current + wpostPeriodDeadlines) % wpostPeriodDeadlines
  return distance > 2
}
