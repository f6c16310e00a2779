import { fc, test } from '@fast-check/vitest'
import { anyAddress } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  type ActorId,
  AddressProtocol,
  actorId,
  findActorId,
  formatActorId,
  formatAddress,
  idAddress,
  parseActorId,
  protocolOf,
} from './address.ts'
import { createHashes } from './hashes.ts'

const hashes = await createHashes()

const NOT_AN_ADDRESS = expect.objectContaining({ code: 'INVALID_ADDRESS' })
const U64_MAX = (1n << 64n) - 1n

describe('an actor id', () => {
  test.each([0, 1, 1000, 2 ** 53 - 1])('may be %d', (id) => {
    expect(actorId(id)).toBe(id)
    expect(findActorId(idAddress(actorId(id)))).toBe(id)
    expect(parseActorId(formatActorId(actorId(id), 't'))).toBe(id)
  })

  test.each([-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('may not be %d', (id) => {
    expect(() => actorId(id)).toThrow(NOT_AN_ADDRESS)
  })

  // 2^53 + 1 rounds to 2^53 as a number and must not pass for another actor.
  test.each([1n << 53n, (1n << 53n) + 1n, U64_MAX])(
    'of %d has an address, and is refused as a number',
    (id) => {
      const address = idAddress(id)
      expect(formatAddress(address, hashes)).toBe(`f0${id}`)
      expect(() => findActorId(address)).toThrow(NOT_AN_ADDRESS)
      expect(() => parseActorId(`f0${id}`)).toThrow(NOT_AN_ADDRESS)
    },
  )

  test.prop([fc.maxSafeNat()])('is found in its address', (id) => {
    expect(findActorId(idAddress(actorId(id)))).toBe(id)
  })

  test.prop([anyAddress.filter((address) => protocolOf(address) !== AddressProtocol.Id)])(
    'is not found in an address of another protocol',
    (address) => {
      expect(findActorId(address)).toBeUndefined()
    },
  )

  test('is written with the prefix of the network', () => {
    expect(formatActorId(1000 as ActorId)).toBe('f01000')
    expect(formatActorId(1000 as ActorId, 't')).toBe('t01000')
  })

  test.each(['f01000', 't01000', '1000', '0001000'])('is read from "%s"', (text) => {
    expect(parseActorId(text)).toBe(1000)
  })

  test.each([
    { text: '', why: 'is empty' },
    { text: 'f0', why: 'has no digits' },
    { text: 'f11000', why: 'has another protocol' },
    { text: 'x01000', why: 'has another prefix' },
    { text: 'f1000', why: 'has no protocol' },
    { text: '-1', why: 'is negative' },
    { text: '1e3', why: 'has an exponent' },
    { text: '1.0', why: 'has a decimal' },
    { text: ' 1000', why: 'has a space before' },
    { text: '1000\n', why: 'has a line break after' },
    { text: '000000000000000001000', why: 'has 21 digits' },
  ])('is not read from "$text", which $why', ({ text }) => {
    expect(() => parseActorId(text)).toThrow(NOT_AN_ADDRESS)
  })
})
