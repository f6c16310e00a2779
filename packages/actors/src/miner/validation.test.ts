import { address } from '@plimsoll/ipld'
import {
  type Address,
  AddressProtocol,
  actorId,
  addressFromBytes,
  createHashes,
  EPOCHS_IN_DAY,
  ExitCode,
  idAddress,
} from '@plimsoll/primitives'
import { cborBlock, exitCodeOf, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { PUBKEY_ADDRESS_METHOD } from '../account/types.ts'
import { MAINNET_POLICY } from '../policy.ts'
import {
  checkControlAddresses,
  checkPeerInfo,
  checkValidPoStProofType,
  resolveControlAddress,
  resolveWorkerAddress,
  validateExpiration,
} from './validation.ts'

const hashes = await createHashes()
const policy = MAINNET_POLICY
const bytes = (length: number) => new Uint8Array(length)

// Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`.
describe('checkControlAddresses', () => {
  test.each([
    { count: 0, exitCode: ExitCode.OK },
    { count: 10, exitCode: ExitCode.OK },
    { count: 11, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('of $count addresses ends with $exitCode', ({ count, exitCode }) => {
    const addresses = Array.from({ length: count }, (_, i) => idAddress(actorId(100 + i)))
    expect(exitCodeOf(() => checkControlAddresses(policy, addresses))).toBe(exitCode)
  })
})

describe('checkPeerInfo', () => {
  test.each([
    { what: 'nothing', peerId: 0, multiaddrs: [], exitCode: ExitCode.OK },
    { what: 'the longest peer ID', peerId: 128, multiaddrs: [], exitCode: ExitCode.OK },
    { what: 'a longer one', peerId: 129, multiaddrs: [], exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'the longest addresses', peerId: 1, multiaddrs: [1000, 24], exitCode: ExitCode.OK },
    { what: 'longer ones', peerId: 1, multiaddrs: [1000, 25], exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'an empty address', peerId: 1, multiaddrs: [5, 0], exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('of $what ends with $exitCode', ({ peerId, multiaddrs, exitCode }) => {
    expect(exitCodeOf(() => checkPeerInfo(policy, bytes(peerId), multiaddrs.map(bytes)))).toBe(exitCode)
  })
})

describe('checkValidPoStProofType', () => {
  test.each([
    { proofType: 13n, exitCode: ExitCode.OK },
    { proofType: 14n, exitCode: ExitCode.OK },
    // The retired construction of 32 GiB, the size of test networks, and no proof at all.
    { proofType: 8n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { proofType: 10n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { proofType: -1n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { proofType: 2n ** 62n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('of type $proofType on mainnet ends with $exitCode', ({ proofType, exitCode }) => {
    expect(exitCodeOf(() => checkValidPoStProofType(policy, proofType))).toBe(exitCode)
  })
})

const ACCOUNT = idAddress(actorId(101))

/** The address of a key. */
function keyAddress(protocol: number, length: number): Address {
  return addressFromBytes(Uint8Array.of(protocol, ...bytes(length).fill(7)))
}
const BLS_KEY = keyAddress(AddressProtocol.Bls, 48)
const SECP_KEY = keyAddress(AddressProtocol.Secp256k1, 20)

function runtimeWith(type: 'account' | 'multisig') {
  const rt = new TestRuntime(hashes, idAddress(actorId(1000)), 'storageminer')
  rt.actors.set(ACCOUNT, { type })
  rt.idAddresses.set(BLS_KEY, ACCOUNT)
  rt.idAddresses.set(SECP_KEY, ACCOUNT)
  return rt
}

/** The worker that an address stands for, where the account is asked for its key and answers so. */
function workerOf(raw: Address, key: Address | undefined, type: 'account' | 'multisig' = 'account') {
  const rt = runtimeWith(type)
  if (key !== undefined) {
    rt.expectSend({
      to: ACCOUNT,
      method: PUBKEY_ADDRESS_METHOD,
      result: { exitCode: ExitCode.OK, returnData: cborBlock(address, key) },
    })
  }
  return resolveWorkerAddress(rt, raw)
}

describe('resolveControlAddress', () => {
  test('gives the ID address, of any actor', () => {
    const rt = runtimeWith('multisig')
    expect(resolveControlAddress(rt, BLS_KEY)).toBe(ACCOUNT)
    expect(resolveControlAddress(rt, ACCOUNT)).toBe(ACCOUNT)
  })

  test('fails for an address of nobody', () => {
    const nobody = keyAddress(AddressProtocol.Actor, 20)
    expect(exitCodeOf(() => resolveControlAddress(runtimeWith('account'), nobody))).toBe(
      ExitCode.USR_ILLEGAL_ARGUMENT,
    )
  })
})

describe('resolveWorkerAddress', () => {
  test('of a BLS key asks for no more', () => {
    expect(workerOf(BLS_KEY, undefined)).toBe(ACCOUNT)
  })

  test('of an ID address asks the account for its key, which has to be one of BLS', () => {
    expect(workerOf(ACCOUNT, BLS_KEY)).toBe(ACCOUNT)
    expect(exitCodeOf(() => workerOf(ACCOUNT, SECP_KEY))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test.each([
    { what: 'another key', raw: SECP_KEY, key: SECP_KEY, type: 'account' },
    { what: 'an actor that is no account', raw: BLS_KEY, key: undefined, type: 'multisig' },
    { what: 'an actor that there is not', raw: idAddress(actorId(999)), key: undefined, type: 'account' },
    {
      what: 'an address of nobody',
      raw: keyAddress(AddressProtocol.Actor, 20),
      key: undefined,
      type: 'account',
    },
  ] as const)('fails for $what', ({ raw, key, type }) => {
    expect(exitCodeOf(() => workerOf(raw, key, type))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('validateExpiration', () => {
  const DAY = BigInt(EPOCHS_IN_DAY)
  const bad = ExitCode.USR_ILLEGAL_ARGUMENT
  const NOW = 10_000_000

  function exitOf(activation: number, expiration: bigint, sealProof = 8) {
    return exitCodeOf(() => validateExpiration(policy, NOW, activation, expiration, sealProof))
  }

  // A sector lives for 180 days at least, ends within 1,278 days from now, and after 5 years at the latest.
  test.each([
    { what: 'as long as its activation', activation: NOW, days: 0n, more: 0n, exitCode: bad },
    { what: 'an epoch less than 180 days', activation: NOW, days: 180n, more: -1n, exitCode: bad },
    { what: '180 days', activation: NOW, days: 180n, more: 0n, exitCode: ExitCode.OK },
    { what: '1,278 days', activation: NOW, days: 1278n, more: 0n, exitCode: ExitCode.OK },
    { what: 'an epoch more', activation: NOW, days: 1278n, more: 1n, exitCode: bad },
    // An old sector: 5,259,485 epochs are five years of 31,556,925 seconds.
    {
      what: 'for five years',
      activation: NOW + 1278 * 2880 - 5_259_485,
      days: 1278n,
      more: 0n,
      exitCode: ExitCode.OK,
    },
    { what: 'for longer', activation: NOW + 1278 * 2880 - 5_259_486, days: 1278n, more: 0n, exitCode: bad },
    { what: 'before it began', activation: NOW, days: -1n, more: 0n, exitCode: bad },
  ])('lets a sector live $what: $exitCode', ({ activation, days, more, exitCode }) => {
    expect(exitOf(activation, BigInt(NOW) + days * DAY + more)).toBe(exitCode)
  })

  test('takes any integer that a message can say', () => {
    expect(exitOf(NOW, 2n ** 63n - 1n)).toBe(bad)
    expect(exitOf(NOW, -(2n ** 63n))).toBe(bad)
  })

  test('fails for a seal proof that there is not', () => {
    expect(exitOf(NOW, BigInt(NOW) + 180n * DAY, 20)).toBe(bad)
  })

  test('gives the expiration as an epoch', () => {
    const expiration = NOW + 200 * 2880
    expect(validateExpiration(policy, NOW, NOW, BigInt(expiration), 8)).toBe(expiration)
  })
})
