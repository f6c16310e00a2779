import { encodeCbor, fixedList, u64 } from '@plimsoll/ipld'
import { addressBytes, createHashes, formatHex, idAddress, parseAddress } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { fixturePath } from '../testing/edited-scenario.ts'
import { recordedHost } from './recorded-host.ts'
import { openScenario } from './scenario-file.ts'

const hashes = await createHashes()
const { header } = openScenario(fixturePath('power-reward/tiny'))
const host = recordedHost(header, hashes)
const primitives = host.primitivesAt(0)
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const KEY = 'f1itpqzzcx6yf52oc35dgsoxfqkoxpy6kdmygbaja'
const nothing = new Uint8Array()
const signer = idAddress(100n)

describe('the recorded machine', () => {
  test('is of the network that the header says', () => {
    expect(host.networkVersion).toBe(28)
    expect(host.circulatingSupply(5000)).toBe(2_100_000_000n * 10n ** 18n)
    expect(host.policy.validPreCommitProofTypes).toEqual([8, 9, 13, 14])
    expect(host.codes.nameOf(host.codes.codeOf('storageminer'))).toBe('storageminer')
  })

  test('lets anybody send, and counts the messages of the system', () => {
    expect(host.customs.maySend('cron')).toBe(true)
    expect(host.customs).toMatchObject({
      implicitMessagesAdvanceSequence: true,
      emptyParamsAreABlock: true,
      placeholdersAcceptAllMethods: false,
    })
  })

  test('names new actors after the bytes of the sender as it was written', () => {
    const key = parseAddress(KEY, hashes)
    expect(host.customs.senderBytes(key)).toEqual(addressBytes(key))
  })

  test('has one randomness for everything', () => {
    const randomness = '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'
    expect(formatHex(primitives.getRandomnessFromTickets(1, -1, nothing))).toBe(randomness)
    expect(formatHex(primitives.getRandomnessFromBeacon(6, 1e9, bytes('x')))).toBe(randomness)
  })
})

describe('what the recorded machine believes', () => {
  test('a signature that is the message itself', () => {
    expect(primitives.verifySignature(bytes('abc'), signer, bytes('abc'))).toBe(true)
    expect(primitives.verifySignature(bytes('abd'), signer, bytes('abc'))).toBe(false)
    expect(primitives.verifySignature(bytes('ab'), signer, bytes('abc'))).toBe(false)
  })

  test('every window PoSt but one that says that it is invalid', () => {
    const post = (...texts: string[]) => ({
      randomness: nothing,
      challengedSectors: [],
      prover: 1000 as never,
      proofs: texts.map((text) => ({ postProof: 13, proofBytes: bytes(text) })),
    })
    expect(primitives.verifyPost(post('good'))).toBe(true)
    expect(primitives.verifyPost(post('good', 'i_am_invalid_post'))).toBe(false)
    expect(primitives.verifyPost(post('i_am_invalid_seal'))).toBe(true)
  })

  test('every seal but those that say so, one by one', () => {
    const batch = ['good', 'i_am_invalid_seal', ''].map((text) => ({ proof: bytes(text) }))
    expect(primitives.batchVerifySeals(batch as never)).toEqual([true, false, true])
    expect(primitives.verifyAggregateSeals({ proof: bytes('i_am_invalid_seal') } as never)).toBe(false)
    expect(primitives.verifyAggregateSeals({ proof: bytes('good') } as never)).toBe(true)
  })

  test('every replica update but those that say so', () => {
    expect(primitives.verifyReplicaUpdate({ proof: bytes('i_am_invalid_update') } as never)).toBe(false)
    expect(primitives.verifyReplicaUpdate({ proof: bytes('good') } as never)).toBe(true)
  })
})

describe('a consensus fault', () => {
  const fault = (...fields: bigint[]) =>
    new Uint8Array([...bytes('FAULT'), ...encodeCbor(fixedList(u64, fields.length), fields)])

  test.each([
    { what: 'no prefix', header1: bytes('anything'), expected: 'none' },
    { what: 'nothing', header1: nothing, expected: 'none' },
    { what: 'an error', header1: bytes('ERROR'), expected: 'invalid' },
    { what: 'more than an error', header1: bytes('ERRORS'), expected: 'none' },
    { what: 'no CBOR', header1: bytes('FAULT\xff'), expected: 'none' },
    { what: 'a type beyond 3', header1: fault(1000n, 5n, 4n), expected: 'none' },
    { what: 'type 0', header1: fault(1000n, 5n, 0n), expected: 'none' },
    { what: 'two fields', header1: fault(1000n, 5n), expected: 'none' },
  ])('is none, or an error, where the header is $what', ({ header1, expected }) => {
    expect(primitives.verifyConsensusFault(header1, nothing, nothing)).toBe(expected)
  })

  test.each([1, 2, 3])('of type %i stands behind the prefix', (faultType) => {
    const header1 = fault(1000n, 5n, BigInt(faultType))
    expect(primitives.verifyConsensusFault(header1, bytes('ignored'), bytes('ignored'))).toEqual({
      target: idAddress(1000n),
      epoch: 5,
      faultType,
    })
  })
})
