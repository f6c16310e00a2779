import {
  loadSectorsByNumber,
  type MinerInfo,
  type MinerState,
  minerLayout,
  NEWEST_ACTORS_VERSION,
} from '@plimsoll/actors'
import {
  type BitField,
  bitField,
  bitFieldOf,
  bitsOf,
  EMPTY_BIT_FIELD,
  hasBit,
  intersectBitFields,
  isEmptyBitField,
  load,
  Multicodec,
  Multihash,
  makeCid,
  subtractBitFields,
  unionBitFields,
} from '@plimsoll/ipld'
import { type Address, type ChainEpoch, EPOCHS_IN_DAY, findActorId, idAddress } from '@plimsoll/primitives'
import type { ScenarioStep } from '../scenario/scenario-file.ts'
import { messageBatches } from './message-batches.ts'
import { loadDeadlineParts, minerInfo, minerState, openDeadline } from './miner-parts.ts'
import type { Run } from './open-run.ts'
import type { OperatorState } from './operator.ts'
import { declareRecovered } from './recover.ts'
import { type NamedMessage, namedMessage, type Sent, send } from './send.ts'
import { terminateChosen } from './wind-up.ts'

/** A miner with what its operator has in mind. */
export interface Acting {
  readonly miner: Address
  readonly operator: OperatorState
}

/** Does one step of a scenario, and returns the messages that it took. A wind-up is begun elsewhere. */
export function takeStep(run: Run, { miner, operator }: Acting, step: ScenarioStep): readonly Sent[] {
  const info = minerInfo(run, miner)
  switch (step.do) {
    case 'lose':
      operator.lost = unionBitFields(operator.lost, chosen(run, miner, step.sectors))
      return []
    case 'regain':
      operator.lost = subtractBitFields(operator.lost, chosen(run, miner, step.sectors))
      return []
    case 'topUp': {
      const from = step.from === undefined ? info.owner : idAddress(step.from)
      const message: NamedMessage = {
        from,
        to: miner,
        value: step.amount,
        method: 0,
        methodName: 'Send',
        params: null,
      }
      return [send(run, message)]
    }
    case 'repayDebt':
      return [send(run, namedMessage('storageminer', 'RepayDebt', info.owner, miner, undefined))]
    case 'withdraw': {
      const params = { amountRequested: step.amount }
      return [send(run, namedMessage('storageminer', 'WithdrawBalance', info.owner, miner, params))]
    }
    case 'commit':
      return [send(run, commitment(run, miner, info, step.count, step.days))]
    case 'extend': {
      const expiration = step.expiration ?? run.vm.epoch + (step.days ?? 0) * EPOCHS_IN_DAY
      return extensions(run, miner, chosen(run, miner, step.sectors), expiration).map((message) =>
        send(run, message),
      )
    }
    case 'recover': {
      const wanted = chosen(run, miner, step.sectors)
      const sent = declareRecovered(run, miner, wanted)
      // Where it was refused the sectors stay lost, or the operator would try again of itself.
      if (sent.every(({ receipt }) => receipt.exitCode === 0)) {
        operator.lost = subtractBitFields(operator.lost, wanted)
      }
      return sent
    }
    case 'terminate':
      return terminateChosen(run, miner, chosen(run, miner, step.sectors))
    case 'windUp':
      return []
  }
}

/** Sectors by their numbers, or all that the miner has. */
function chosen(run: Run, miner: Address, sectors: 'all' | readonly number[]): BitField {
  return sectors === 'all' ? bitFieldOf([...sectorsOf(run, miner).keys()]) : bitFieldOf(sectors)
}

function sectorsOf(run: Run, miner: Address) {
  const layout = minerLayout(NEWEST_ACTORS_VERSION)
  return loadSectorsByNumber({ store: run.vm.store, layout, state: minerState(run, miner) })
}

/** Seal proofs without interaction, of which there is one for each size. */
const NI_SEAL_PROOF = { small: 18n, large: 19n }
const SMALL_SECTOR_BYTES = 2 ** 35
const SNARK_PACK_V2 = 1n
/** The sector's part in the size of an aggregate proof does not matter: every proof is good here. */
const AGGREGATE_PROOF_BYTES = 10_000

function commitment(run: Run, miner: Address, info: MinerInfo, count: number, days: number): NamedMessage {
  const { vm } = run
  const state = minerState(run, miner)
  const id = BigInt(findActorId(miner) ?? 0)
  const sectors = freeNumbers(run, state, count).map((number) => ({
    sealingNumber: BigInt(number),
    sealerId: id,
    sealedCid: sealedCidOf(number),
    sectorNumber: BigInt(number),
    sealRandEpoch: BigInt(vm.epoch - 1),
    expiration: BigInt(vm.epoch + days * EPOCHS_IN_DAY),
  }))
  const params = {
    sectors,
    aggregateProof: new Uint8Array(AGGREGATE_PROOF_BYTES),
    sealProofType: info.sectorSize === SMALL_SECTOR_BYTES ? NI_SEAL_PROOF.small : NI_SEAL_PROOF.large,
    aggregateProofType: SNARK_PACK_V2,
    provingDeadline: BigInt(distantDeadline(run, state)),
    requireActivationSuccess: true,
  }
  return namedMessage('storageminer', 'ProveCommitSectorsNI', info.worker, miner, params)
}

/** The deadline half a proving period away, which may be changed for long enough. */
function distantDeadline(run: Run, state: MinerState): number {
  const count = run.vm.host.policy.wpostPeriodDeadlines
  return (openDeadline(run, state).index + Math.trunc(count / 2)) % count
}

/** The lowest numbers that were never allocated. */
function freeNumbers({ vm }: Run, state: MinerState, count: number): readonly number[] {
  const allocated = load(vm.store, bitField, state.allocatedSectors)
  const free: number[] = []
  for (let number = 0; free.length < count; number++) {
    if (!hasBit(allocated, number)) {
      free.push(number)
    }
  }
  return free
}

/** A replica commitment that nobody will look into. */
function sealedCidOf(number: number) {
  const digest = new Uint8Array(32)
  new DataView(digest.buffer).setFloat64(0, number)
  return makeCid(Multicodec.FIL_COMMITMENT_SEALED, Multihash.POSEIDON_BLS12_381_A1_FC1, digest)
}

/** Active sectors without verified data by partition; those with claims need them named, and stay as they are. */
function extensions(
  run: Run,
  miner: Address,
  wanted: BitField,
  expiration: ChainEpoch,
): readonly NamedMessage[] {
  const state = minerState(run, miner)
  const plain = plainSectors(run, miner, wanted)
  const newExpiration = BigInt(expiration)
  const list = Array.from({ length: run.vm.host.policy.wpostPeriodDeadlines }, (_, deadline) => {
    return loadDeadlineParts(run, state, deadline).partitions.flatMap(({ index, partition }) => {
      const idle = unionBitFields(unionBitFields(partition.faults, partition.unproven), partition.terminated)
      const sectors = intersectBitFields(subtractBitFields(partition.sectors, idle), plain)
      return isEmptyBitField(sectors)
        ? []
        : [
            {
              deadline: BigInt(deadline),
              partition: BigInt(index),
              sectors,
              sectorsWithClaims: [],
              newExpiration,
            },
          ]
    })
  }).flat()
  const { worker } = minerInfo(run, miner)
  return messageBatches(run.vm.host.policy, list).map((batch) =>
    namedMessage('storageminer', 'ExtendSectorExpiration2', worker, miner, { extensions: batch }),
  )
}

function plainSectors(run: Run, miner: Address, wanted: BitField): BitField {
  if (isEmptyBitField(wanted)) {
    return EMPTY_BIT_FIELD
  }
  const infos = sectorsOf(run, miner)
  const plain = [...bitsOf(wanted)].filter((number) => infos.get(Number(number))?.verifiedDealWeight === 0n)
  return bitFieldOf(plain)
}
