/** The first line of a scenario: the chain that it is of. Amounts are decimal texts of attoFIL. */
export interface ScenarioHeader {
  readonly format: 1
  readonly family: string
  readonly name: string
  readonly description: string
  readonly network_version: number
  /** Constant for the whole scenario. */
  readonly circulating_supply: string
  /** CIDs of code by actor. */
  readonly code_cids: Readonly<Record<string, string>>
  readonly proof_types: {
    readonly window_post: readonly number[]
    readonly seal: readonly number[]
    readonly seal_ni: readonly number[]
  }
  readonly genesis_root: string
  readonly genesis_epoch: number
  /** The proposals that were switched on. `sdm` names a multiplier of quality by the length of a commitment. */
  readonly rules?: ScenarioRules
  /** ID addresses that stand for contracts. */
  readonly contracts?: readonly string[]
}

export interface ScenarioRules {
  readonly terminateSectors2: boolean
  readonly terminateSectors2Lenient: boolean
  readonly fip0006: boolean
  readonly sdm: RecordedMultiplier | null
  readonly early_termination_caps: readonly [partitions: number, sectors: number] | null
}

/** A multiplier of quality by the length of a commitment: durations in epochs, multipliers Q.20. */
export interface RecordedMultiplier {
  readonly preset: string
  readonly form: string
  readonly knots?: readonly (readonly [duration: number, multiplier: number])[]
  readonly start?: number
  readonly end?: number
  readonly from_epoch: number
  readonly min_commitment: number
  readonly max_commitment: number
  readonly max_multiplier: number
  readonly lock_target_num: number
}

/** An event: the actor that emitted it, and its entries as flags, key, codec and value in base64. */
export type RecordedEvent = readonly [
  emitter: number,
  entries: readonly (readonly [number, string, number, string])[],
]

/** A call with what came of it; what is absent is zero, nothing, or CBOR (0x51) as a codec. */
export interface RecordedCall {
  /** The id of the caller. */
  readonly f: number
  /** The callee: an ID address where it has one. */
  readonly t: string
  readonly v?: string
  readonly m: number | bigint
  readonly p?: string
  readonly pc?: number
  readonly x: number
  readonly r?: string
  readonly rc?: number
  /** Why the call did not start; `x` then only informs. */
  readonly en?: number
  readonly e?: readonly RecordedEvent[]
  readonly s?: readonly RecordedCall[]
}

/** The record of an actor after an execution. */
export interface RecordedActor {
  readonly code: string
  readonly head: string
  readonly seq: number | bigint
  readonly bal: string
  readonly del?: string | null
}

/** One message with its outcome. Byte strings are base64. */
export interface MessageStep {
  readonly t: 'msg' | 'cron' | 'reward' | 'implicit'
  readonly epoch: number
  readonly from: string
  readonly to: string
  readonly value: string
  readonly method: number | bigint
  readonly params: string | null
  readonly codec: number | null
  readonly exit: number
  /** The reference's own words. */
  readonly msg?: string
  readonly ret: string | null
  readonly ret_codec: number | null
  readonly root: string
  /** By actor id; null for an actor that was removed. */
  readonly changed: Readonly<Record<string, RecordedActor | null>>
  readonly trace: RecordedCall
}

/** Several ticks of cron in which nothing is worth recording but the root. */
export interface CronRunStep {
  readonly t: 'cron_run'
  readonly from_epoch: number
  /** One epoch for each root; without them they follow each other. */
  readonly epochs?: readonly number[]
  readonly roots: readonly string[]
}

export type Step = MessageStep | CronRunStep

/** Executions by `actor.method(number)` and exit code. */
export type RecordedCoverage = Readonly<Record<string, Readonly<Record<string, number>>>>

/** The last line. */
export interface ScenarioEnd {
  readonly t: 'end'
  /** The epoch of the next message. */
  readonly epoch: number
  readonly root: string
  readonly steps: number
  readonly executed: number
  /** The first messages of the reference's own checker. */
  readonly invariants: readonly string[]
  readonly invariants_total: number
  readonly coverage: RecordedCoverage
  readonly coverage_nested: RecordedCoverage
}
