import { type Codec, CodecError, decodeLooseCbor, encodeCbor } from '@plimsoll/ipld'
import { type Address, type AttoFil, ExitCode } from '@plimsoll/primitives'
import { ActorError } from './actor-error.ts'
import { CBOR_CODEC, DAG_CBOR_CODEC, type IpldBlock } from './ipld-block.ts'
import { ErrorNumber, METHOD_SEND, type MethodNum, type Runtime, type SendResult } from './runtime.ts'

/** Parameters or a return value of that type as CBOR. @throws {ActorError} `USR_SERIALIZATION`. Source: builtin-actors v18, `runtime/src/util/cbor.rs`, `serialize`. */
export function serialize<T>(codec: Codec<T>, value: T): IpldBlock {
  return { codec: CBOR_CODEC, data: asSerialization(() => encodeCbor(codec, value)) }
}

/**
 * Reads parameters or a return value.
 *
 * Source: builtin-actors v18, `runtime/src/util/cbor.rs`, `deserialize_block`; ref-fvm
 * `ipld/encoding/src/ipld_block.rs`, `deserialize`.
 *
 * @throws {ActorError} `USR_SERIALIZATION`, also where there is nothing to read.
 */
export function deserialize<T>(codec: Codec<T>, block: IpldBlock | null): T {
  if (block === null || (block.codec !== CBOR_CODEC && block.codec !== DAG_CBOR_CODEC)) {
    throw new ActorError(ExitCode.USR_SERIALIZATION, `${codec.name}: no CBOR to read`)
  }
  return asSerialization(() => decodeLooseCbor(codec, block.data))
}

/**
 * Bytes that hold parameters; no bytes hold none.
 *
 * Source: ref-fvm `ipld/encoding/src/raw.rs`, `From<RawBytes> for Option<IpldBlock>`.
 */
export function blockOfRawBytes(data: Uint8Array): IpldBlock | null {
  return data.length === 0 ? null : { codec: CBOR_CODEC, data }
}

/** Calls an actor and returns its answer. @throws {ActorError} as {@link extractSendResult} does. */
export function sendAndReturn(
  rt: Runtime,
  to: Address,
  method: MethodNum,
  params: IpldBlock | null,
  value: AttoFil = 0n,
): IpldBlock | null {
  return extractSendResult(rt.send(to, method, params, value))
}

/** Sends attoFIL without calling anything. @throws {ActorError} as {@link extractSendResult} does. */
export function sendFunds(rt: Runtime, to: Address, value: AttoFil): void {
  sendAndReturn(rt, to, METHOD_SEND, null, value)
}

/**
 * The answer of a call that went well. A callee's code is passed on, unless it is one of the machine's, which no
 * actor may end with.
 *
 * Source: builtin-actors v18, `runtime/src/builtin/shared.rs`, `extract_send_result` and `From<SendError>`;
 * `runtime/src/actor_error.rs`, `ActorError::checked`.
 *
 * @throws {ActorError} with the callee's code, or one for why the call did not start.
 */
export function extractSendResult(result: SendResult): IpldBlock | null {
  if ('errorNumber' in result) {
    throw new ActorError(
      exitCodeOfSendError(result.errorNumber),
      `send failed with error ${result.errorNumber}`,
    )
  }
  if (result.exitCode !== ExitCode.OK) {
    const exitCode = checkedExitCode(result.exitCode)
    throw new ActorError(exitCode, `send aborted with code ${result.exitCode}`, result.returnData)
  }
  return result.returnData
}

function exitCodeOfSendError(errorNumber: ErrorNumber): number {
  switch (errorNumber) {
    case ErrorNumber.NOT_FOUND:
      return ExitCode.USR_UNSPECIFIED
    case ErrorNumber.INSUFFICIENT_FUNDS:
      return ExitCode.USR_INSUFFICIENT_FUNDS
    case ErrorNumber.READ_ONLY:
      return ExitCode.USR_READ_ONLY
    default:
      return ExitCode.USR_ASSERTION_FAILED
  }
}

/** The first code that belongs to actors; those below are the machine's. Source: ref-fvm `shared/src/error/mod.rs`, `FIRST_USER_EXIT_CODE`. */
const FIRST_USER_EXIT_CODE = 16

function checkedExitCode(exitCode: number): number {
  switch (exitCode) {
    case ExitCode.SYS_MISSING_RETURN:
    case ExitCode.SYS_ILLEGAL_INSTRUCTION:
    case ExitCode.SYS_ILLEGAL_EXIT_CODE:
      return ExitCode.USR_UNSPECIFIED
    default:
      return exitCode < FIRST_USER_EXIT_CODE ? ExitCode.USR_ASSERTION_FAILED : exitCode
  }
}

function asSerialization<T>(body: () => T): T {
  try {
    return body()
  } catch (error) {
    throw error instanceof CodecError ? new ActorError(ExitCode.USR_SERIALIZATION, error.message) : error
  }
}
