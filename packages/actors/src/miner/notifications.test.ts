import { bool, list } from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  AddressProtocol,
  addressFromBytes,
  createHashes,
  ExitCode,
  idAddress,
} from '@plimsoll/primitives'
import { cborBlock, exitCodeOf, MINER, pieceCommitment, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { ErrorNumber, type SendResult } from '../runtime/runtime.ts'
import { SECTOR_CONTENT_CHANGED_METHOD, SectorContentChangedParams } from './method-types.ts'
import { type ActivationNotification, notifyDataConsumers } from './notifications.ts'

const hashes = await createHashes()
const ALICE = idAddress(500 as ActorId)
const BORIS = idAddress(70_000 as ActorId)

const accepted = (...answers: readonly boolean[][]): SendResult => ({
  exitCode: ExitCode.OK,
  returnData: cborBlock(list(list(bool)), answers),
})

interface Piece {
  readonly digit: number
  readonly tell: readonly (readonly [Address, number])[]
}

/** Sector 1 lives until 100, sector 2 until 200. */
function activation(sectorNumber: 1 | 2, ...pieces: readonly Piece[]): ActivationNotification {
  return {
    sectorNumber: BigInt(sectorNumber),
    sectorExpiration: sectorNumber * 100,
    pieces: pieces.map(({ digit, tell }) => ({
      cid: pieceCommitment(digit),
      size: 2048n,
      verifiedAllocationKey: null,
      notify: tell.map(([address, payload]) => ({ address, payload: Uint8Array.of(payload) })),
    })),
  }
}

const change = (digit: number, payload: number) => ({
  data: pieceCommitment(digit),
  size: 2048n,
  payload: Uint8Array.of(payload),
})

function runtime(...expected: readonly (readonly [Address, SectorContentChangedParams, SendResult])[]) {
  const rt = new TestRuntime(hashes, MINER, 'storageminer')
  for (const [to, changes, result] of expected) {
    const params = cborBlock(SectorContentChangedParams, changes)
    rt.expectSend({ to, method: SECTOR_CONTENT_CHANGED_METHOD, params, result })
  }
  return rt
}

const inSector = (sector: 1 | 2, ...added: readonly ReturnType<typeof change>[]) => ({
  sector: BigInt(sector),
  minimumCommitmentEpoch: sector * 100,
  added,
})

const notify = (rt: TestRuntime, activations: readonly ActivationNotification[], requireSuccess = true) =>
  exitCodeOf(() => notifyDataConsumers(rt, activations, requireSuccess))

// Source of the rules: builtin-actors v18, `actors/miner/src/notifications.rs`.
describe('notifyDataConsumers', () => {
  test('calls everyone once, with all sectors and pieces that name him', () => {
    const rt = runtime(
      [
        ALICE,
        [inSector(1, change(1, 10), change(2, 12)), inSector(2, change(3, 13))],
        accepted([true, true], [true]),
      ],
      [BORIS, [inSector(1, change(1, 11))], accepted([true])],
    )
    const activations = [
      activation(2, { digit: 3, tell: [[ALICE, 13]] }),
      activation(
        1,
        {
          digit: 1,
          tell: [
            [BORIS, 11],
            [ALICE, 10],
          ],
        },
        { digit: 2, tell: [[ALICE, 12]] },
      ),
    ]
    expect(notify(rt, activations)).toBe(ExitCode.OK)
  })

  test('tells somebody twice of a piece that names him twice', () => {
    const rt = runtime([ALICE, [inSector(1, change(1, 10), change(1, 11))], accepted([true, true])])
    const twice: Piece = {
      digit: 1,
      tell: [
        [ALICE, 10],
        [ALICE, 11],
      ],
    }
    expect(notify(rt, [activation(1, twice)])).toBe(ExitCode.OK)
  })

  test('calls in the order of addresses: IDs as numbers, then keys', () => {
    const key = (protocol: number, bytes: number) => {
      const encoded = new Uint8Array(1 + bytes).fill(1)
      encoded[0] = protocol
      return addressFromBytes(encoded)
    }
    const secp = key(AddressProtocol.Secp256k1, 20)
    const bls = key(AddressProtocol.Bls, 48)
    const order = [idAddress(127 as ActorId), idAddress(128 as ActorId), ALICE, BORIS, secp, bls]
    const rt = runtime(...order.map((to) => [to, [inSector(1, change(1, 0))], accepted([true])] as const))
    const tell = order.toReversed().map((to) => [to, 0] as const)
    expect(notify(rt, [activation(1, { digit: 1, tell })])).toBe(ExitCode.OK)
  })

  test('calls nobody where nobody is named', () => {
    expect(notify(runtime(), [activation(1, { digit: 1, tell: [] })])).toBe(ExitCode.OK)
  })

  test.each<{ what: string; result: SendResult; code: number }>([
    {
      what: 'cannot be called',
      result: { errorNumber: ErrorNumber.NOT_FOUND },
      code: ExitCode.ERR_NOTIFICATION_SEND_FAILED,
    },
    {
      what: 'fails',
      result: { exitCode: ExitCode.USR_UNHANDLED_MESSAGE, returnData: null },
      code: ExitCode.ERR_NOTIFICATION_RECEIVER_ABORTED,
    },
    {
      what: 'answers nothing',
      result: { exitCode: ExitCode.OK, returnData: null },
      code: ExitCode.ERR_NOTIFICATION_RESPONSE_INVALID,
    },
    {
      what: 'answers something else',
      result: { exitCode: ExitCode.OK, returnData: cborBlock(bool, true) },
      code: ExitCode.ERR_NOTIFICATION_RESPONSE_INVALID,
    },
    {
      what: 'answers about another sector',
      result: accepted([true], []),
      code: ExitCode.ERR_NOTIFICATION_RESPONSE_INVALID,
    },
    {
      what: 'answers about another piece',
      result: accepted([true, true]),
      code: ExitCode.ERR_NOTIFICATION_RESPONSE_INVALID,
    },
    { what: 'does not accept', result: accepted([false]), code: ExitCode.ERR_NOTIFICATION_REJECTED },
    { what: 'accepts', result: accepted([true]), code: ExitCode.OK },
  ])('ends with $code where somebody $what, and does not care where it need not', ({ result, code }) => {
    const told = [activation(1, { digit: 1, tell: [[ALICE, 10]] })]
    const expected = [ALICE, [inSector(1, change(1, 10))], result] as const
    expect(notify(runtime(expected), told)).toBe(code)
    expect(notify(runtime(expected), told, false)).toBe(ExitCode.OK)
  })

  test('tells nobody any more after one has failed, where all have to accept', () => {
    const failure = { exitCode: ExitCode.USR_FORBIDDEN, returnData: null }
    const told = [
      activation(1, {
        digit: 1,
        tell: [
          [ALICE, 1],
          [BORIS, 1],
        ],
      }),
    ]
    const [alice, boris] = [ALICE, BORIS].map((to) => [to, [inSector(1, change(1, 1))], failure] as const)
    expect(alice && notify(runtime(alice), told)).toBe(ExitCode.ERR_NOTIFICATION_RECEIVER_ABORTED)
    expect(alice && boris && notify(runtime(alice, boris), told, false)).toBe(ExitCode.OK)
  })
})
