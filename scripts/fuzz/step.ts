import type { AwardBlockRewardParams, MethodNum } from '@plimsoll/actors'
import { type Address, formatAddress, type Hashes, parseAddress } from '@plimsoll/primitives'
import type { Message, Receipt, Vm } from '@plimsoll/vm'

/** What is done to a network, one after another. */
export type Step =
  | { readonly kind: 'message'; readonly message: Message }
  /** A message of an actor that cannot send any; made on a fork, of which nothing stays. */
  | { readonly kind: 'impersonation'; readonly message: Message }
  | { readonly kind: 'reward'; readonly params: AwardBlockRewardParams }
  /** Ends an epoch; those before it, from the present one on, are null rounds. */
  | { readonly kind: 'tick'; readonly epoch: number }

/** Does a step; what is made on a fork leaves the machine as it was. */
export function applyStep(vm: Vm, step: Step): Receipt {
  switch (step.kind) {
    case 'message':
      return vm.applyMessage(step.message)
    case 'impersonation':
      return vm.fork(anybodyMaySend(vm)).applyMessage(step.message)
    case 'reward':
      return vm.awardBlockReward(step.params)
    case 'tick': {
      // A step before may have been left out, but time does not run back.
      const receipt = vm.tick(Math.max(vm.epoch, step.epoch))
      vm.epoch++
      return receipt
    }
    default:
      return step satisfies never
  }
}

function anybodyMaySend({ host }: Vm): Vm['host'] {
  return { ...host, customs: { ...host.customs, maySend: () => true } }
}

/** A step as JSON has it: addresses as text, bytes in base64, amounts as decimals. */
export type StepJson =
  | {
      readonly kind: 'message' | 'impersonation'
      readonly from: string
      readonly to: string
      readonly value: string
      /** A decimal, since it may be any of 64 bits. */
      readonly method: string
      readonly codec?: number
      readonly params: string | null
    }
  | {
      readonly kind: 'reward'
      readonly miner: string
      readonly penalty: string
      readonly gasReward: string
      readonly winCount: string
    }
  | { readonly kind: 'tick'; readonly epoch: number }

export function stepToJson(step: Step, hashes: Hashes): StepJson {
  const text = (address: Address) => formatAddress(address, hashes)
  switch (step.kind) {
    case 'tick':
      return step
    case 'reward': {
      const { miner, penalty, gasReward, winCount } = step.params
      return {
        kind: 'reward',
        miner: text(miner),
        penalty: String(penalty),
        gasReward: String(gasReward),
        winCount: String(winCount),
      }
    }
    default: {
      const { from, to, value, method, params } = step.message
      return {
        kind: step.kind,
        from: text(from),
        to: text(to),
        value: String(value),
        method: String(method),
        ...(params !== null && { codec: params.codec }),
        params: params === null ? null : Buffer.from(params.data).toString('base64'),
      }
    }
  }
}

export function stepFromJson(json: StepJson, hashes: Hashes): Step {
  switch (json.kind) {
    case 'tick':
      return json
    case 'reward': {
      const { miner, penalty, gasReward, winCount } = json
      return {
        kind: 'reward',
        params: {
          miner: parseAddress(miner, hashes),
          penalty: BigInt(penalty),
          gasReward: BigInt(gasReward),
          winCount: BigInt(winCount),
        },
      }
    }
    default: {
      const { kind, from, to, value, method, codec = 0, params } = json
      return {
        kind,
        message: {
          from: parseAddress(from, hashes),
          to: parseAddress(to, hashes),
          value: BigInt(value),
          method: methodNumOf(method),
          params: params === null ? null : { codec, data: new Uint8Array(Buffer.from(params, 'base64')) },
        },
      }
    }
  }
}

function methodNumOf(decimal: string): MethodNum {
  const number = Number(decimal)
  return Number.isSafeInteger(number) ? number : BigInt(decimal)
}
