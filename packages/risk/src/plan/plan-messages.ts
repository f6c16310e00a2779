import { CBOR_CODEC } from '@plimsoll/actors'
import { bitField, bitFieldOf, encodeCbor } from '@plimsoll/ipld'
import {
  type Address,
  type AttoFil,
  type ChainEpoch,
  formatHex,
  formatIdAddress,
  idAddress,
  parseActorId,
  parseHex,
} from '@plimsoll/primitives'
import type { Message } from '@plimsoll/vm'
import type { TerminateWork } from '../gas/terminate-gas.ts'
import { type NamedMessage, namedMessage } from '../run/send.ts'
import { openParts } from './declare-parts.ts'
import type { PlannedMessage } from './plan-types.ts'
import { createWorkSum, type GasBand, gasBand, NO_WORK, plannedGas } from './planned-gas.ts'
import type { PredictedMiner } from './predict-state.ts'
import type { DeclaredPart } from './predict-terminations.ts'

/** What one message may be, by the network's rules and by the planner's own. */
export interface MessageLimits {
  readonly hasNewMethod: boolean
  /** Of method 9 only. */
  readonly partitions: number
  readonly sectors: number
  /** What the high end of a message's gas must not exceed. */
  readonly gas: bigint
  /** Of the whole message. Source: filecoin-project/lotus `chain/messagepool/messagepool.go`, `MaxMessageSize`. */
  readonly sizeBytes: number
}

export const MAX_MESSAGE_BYTES = 64 * 1024
/** Addresses, numbers and a signature of at most 96 bytes around the parameters. */
const ENVELOPE_BYTES = 512

/** A message that terminates sectors before it is sent. */
export interface TerminationDraft {
  readonly declared: readonly DeclaredPart[]
  readonly gas: GasBand
}

/**
 * Packs all that may be terminated in an epoch into as few messages as fit the limits, deadline by deadline, partition
 * by partition. A partition that is too much for one message alone is cut in two.
 */
export function packTerminations(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  limits: MessageLimits,
  isChosen: (sector: number) => boolean,
): readonly TerminationDraft[] {
  const drafts: TerminationDraft[] = []
  const waiting = [...openParts(miner, epoch, isChosen)]
  while (waiting.length > 0) {
    const { draft, rest } = packOne(miner, limits, waiting)
    drafts.push(draft)
    waiting.splice(0, waiting.length, ...rest)
  }
  return drafts
}

function packOne(
  miner: PredictedMiner,
  limits: MessageLimits,
  waiting: readonly DeclaredPart[],
): { readonly draft: TerminationDraft; readonly rest: readonly DeclaredPart[] } {
  const sum = createWorkSum(miner)
  const declared: DeclaredPart[] = []
  let gas = gasBand(0n)
  let size = ENVELOPE_BYTES
  for (const [i, part] of waiting.entries()) {
    const work = sum.add(part)
    const band = gasBand(plannedGas(work, 0, limits.hasNewMethod))
    const partSize = sizeOfPart(part)
    if (!fits(limits, work, band, size + partSize)) {
      if (declared.length === 0) {
        const [head, tail] = halves(part)
        return packOne(miner, limits, [head, ...tail, ...waiting.slice(1)])
      }
      return { draft: { declared, gas }, rest: waiting.slice(i) }
    }
    declared.push(part)
    gas = band
    size += partSize
  }
  return { draft: { declared, gas }, rest: [] }
}

function fits(limits: MessageLimits, work: TerminateWork, gas: GasBand, sizeBytes: number): boolean {
  const isCounted =
    limits.hasNewMethod || (work.partitions <= limits.partitions && work.sectors <= limits.sectors)
  // A single sector is sent whatever it is estimated to cost, since it cannot be cut.
  return work.sectors <= 1 || (isCounted && gas.high <= limits.gas && sizeBytes <= limits.sizeBytes)
}

function halves(part: DeclaredPart): readonly [DeclaredPart, readonly DeclaredPart[]] {
  const middle = Math.ceil(part.sectors.length / 2)
  const [head, tail] = [part.sectors.slice(0, middle), part.sectors.slice(middle)]
  return [{ ...part, sectors: head }, tail.length === 0 ? [] : [{ ...part, sectors: tail }]]
}

/** Head and numbers of a declaration take at most so many bytes. */
const PLACE_BYTES = 19

function sizeOfPart({ sectors }: DeclaredPart): number {
  return PLACE_BYTES + encodeCbor(bitField, bitFieldOf(sectors)).length
}

/** What a message costs that only charges what is queued. */
export function settleDraft(queued: number, hasNewMethod: boolean): TerminationDraft {
  return { declared: [], gas: gasBand(plannedGas(NO_WORK, queued, hasNewMethod)) }
}

/** Who sends a message to which miner. */
export interface Route {
  readonly from: Address
  readonly to: Address
}

/** Method 9, or method 37 where a maximum of terminations is given. */
export function terminationMessage(
  { from, to }: Route,
  declared: readonly DeclaredPart[],
  maxTermination: number | undefined,
): NamedMessage {
  const terminations = declared.map(({ deadline, partition, sectors }) => ({
    deadline: BigInt(deadline),
    partition: BigInt(partition),
    sectors: bitFieldOf(sectors),
  }))
  return maxTermination === undefined
    ? namedMessage('storageminer', 'TerminateSectors', from, to, terminations)
    : namedMessage('storageminer', 'TerminateSectors2', from, to, {
        terminations,
        maxTermination: BigInt(maxTermination),
      })
}

export function repayMessage({ from, to }: Route): NamedMessage {
  return namedMessage('storageminer', 'RepayDebt', from, to, undefined)
}

export function withdrawMessage({ from, to }: Route, amountRequested: AttoFil): NamedMessage {
  return namedMessage('storageminer', 'WithdrawBalance', from, to, { amountRequested })
}

/** A message in the form of a plan. */
export function plannedMessage({
  from,
  to,
  value,
  method,
  methodName,
  params,
}: NamedMessage): PlannedMessage {
  return {
    from: formatIdAddress(from),
    to: formatIdAddress(to),
    ...{ value, methodName },
    method: Number(method),
    params: params === null ? null : formatHex(params.data),
  }
}

/** A message of a plan in the form that a machine takes. */
export function messageOfPlan({ from, to, value, method, params }: PlannedMessage): Message {
  return {
    ...{ from: idAddress(parseActorId(from)), to: idAddress(parseActorId(to)), value, method },
    params: params === null ? null : { codec: CBOR_CODEC, data: parseHex(params) },
  }
}

export function sizeOfMessage({ params }: NamedMessage): number {
  return ENVELOPE_BYTES + (params?.data.length ?? 0)
}
