import { fc, test } from '@fast-check/vitest'
import { anyAddress, anyBytes, anyU64, concat, mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  AddressProtocol,
  addressBytes,
  addressFromBytes,
  formatAddress,
  idAddress,
  MAX_ADDRESS_BYTES,
  parseAddress,
  protocolOf,
} from './address.ts'
import { formatBase32 } from './base32.ts'
import { createHashes } from './hashes.ts'
import { formatHex, parseHex } from './hex.ts'
import { encodeVarint } from './varint.ts'

const hashes = await createHashes()

const NOT_AN_ADDRESS = expect.objectContaining({ code: 'INVALID_ADDRESS' })

const anyDelegated = fc
  .tuple(anyU64, fc.uint8Array({ maxLength: 54 }))
  .map(([manager, part]) =>
    addressFromBytes(concat(Uint8Array.of(AddressProtocol.Delegated), encodeVarint(manager), part)),
  )

const anyIdAddress = anyU64.map(idAddress)

/** Writes an address by hand: protocol bytes and payload, then what stands before the payload in text. */
function textOf(head: string, checked: Uint8Array, payload: Uint8Array): string {
  return head + formatBase32(concat(payload, hashes.blake2b32(checked)))
}

describe('an address', () => {
  // ref-fvm `shared/tests/address_test.rs`: the texts, and from cbor_encoding the bytes.
  test.each([
    { text: 'f00', hex: '0000' },
    { text: 'f01', hex: '0001' },
    { text: 'f010', hex: '000a' },
    { text: 'f0150', hex: '009601' },
    { text: 'f0499', hex: '00f303' },
    { text: 'f01024', hex: '008008' },
    { text: 'f01729', hex: '00c10d' },
    { text: 'f0999999', hex: '00bf843d' },
    { text: 'f018446744073709551615', hex: '00ffffffffffffffffff01' },
    { text: 'f15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq', hex: '01ea0f0ea039b291a0f08fd179e0556a8c3277c0d3' },
    { text: 'f12fiakbhe2gwd5cnmrenekasyn6v5tnaxaqizq6a', hex: '01d1500504e4d1ac3e89ac891a4502586fabd9b417' },
    { text: 'f1wbxhu3ypkuo6eyp6hjx6davuelxaxrvwb2kuwva', hex: '01b06e7a6f0f551de261fe3a6fe182b422ee0bc6b6' },
    { text: 'f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i', hex: '02e54dea4f9bc5b47d261819826d5e1fbf8bc5503b' },
    { text: 'f25nml2cfbljvn4goqtclhifepvfnicv6g7mfmmvq', hex: '02eb58bd08a15a6ade19d0989674148fa95a8157c6' },
    {
      text: 'f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a',
      hex: '03ad58df696e2d4e91ea86c881e938ba4ea81b395e12797b84b9cf314b9546705e839c7a99d606b247ddb4f9ac7a3414dd',
    },
    { text: 'f432f77777777x32lpna', hex: '0420ffffffffff' },
    { text: 'f418446744073709551615ftnkyfaq', hex: '04ffffffffffffffffff01' },
    {
      text: `f418446744073709551615f${'a'.repeat(86)}fbbuagu`,
      hex: `04ffffffffffffffffff01${'00'.repeat(54)}`,
    },
  ])('$text has the bytes $hex', ({ text, hex }) => {
    const address = parseAddress(text, hashes)
    expect(formatHex(addressBytes(address))).toBe(hex)
    expect(addressFromBytes(parseHex(hex))).toBe(address)
    expect(formatAddress(address, hashes)).toBe(text)
    expect(protocolOf(address)).toBe(Number(text[1]))
  })

  // ref-fvm `shared/tests/address_test.rs`, actor_address: the payload is the hash of what names the actor.
  test('of an actor has the blake2b-160 of its name for a payload', () => {
    const payload = [
      118, 18, 129, 144, 205, 240, 104, 209, 65, 128, 68, 172, 192, 62, 11, 103, 129, 151, 13, 96,
    ]
    expect(hashes.blake2b160(Uint8Array.from(payload))).toEqual(
      addressBytes(parseAddress('f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i', hashes)).subarray(1),
    )
  })

  test('has at most a protocol byte, a varint of ten bytes and 54 bytes', () => {
    expect(MAX_ADDRESS_BYTES).toBe(1 + 10 + 54)
  })

  test.prop([fc.oneof(anyAddress, anyDelegated, anyIdAddress), fc.constantFrom('f' as const, 't' as const)])(
    'reads back from its text, with the prefix of either network',
    (address, prefix) => {
      const text = formatAddress(address, hashes, prefix)
      expect(text[0]).toBe(prefix)
      expect(parseAddress(text, hashes)).toBe(address)
    },
  )

  test.prop([fc.oneof(anyAddress, anyDelegated, anyIdAddress)])('reads back from its bytes', (address) => {
    expect(addressFromBytes(addressBytes(address))).toBe(address)
  })
})

describe('parseAddress', () => {
  test.each([
    // ref-fvm `shared/tests/address_test.rs`, invalid_string_addresses and invalid_strings_tests.
    { text: 'Q2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y', why: 'names no network' },
    { text: 'f5gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y', why: 'has an unknown protocol' },
    { text: 'f2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr24y', why: 'has a wrong checksum' },
    { text: 'f0banananananannnnnnnnn', why: 'has 21 letters for an id' },
    { text: 'f0banananananannnnnnnn', why: 'has letters for an id' },
    { text: 'f2gfvuyh7v2sx3patm1k23wdzmhyhtmqctasbr24y', why: 'has the digit 1 in its payload' },
    { text: 'f2gfvuyh7v2sx3paTm1k23wdzmhyhtmqctasbr24y', why: 'has a capital letter in its payload' },
    { text: 'f2', why: 'has no payload' },
    { text: 'f1mzxqu', why: 'is too short for a checksum' },
    { text: 'f\u00F6mk3zcefvlgpay4f32c5vmruk5gqig6dumc7pz6q', why: 'has a letter for a protocol' },
    { text: '\u00F6', why: 'is one letter' },
    { text: '', why: 'is empty' },
    { text: 'f', why: 'is a prefix alone' },
    { text: 'F01000', why: 'has a capital prefix' },
    { text: ' f01000', why: 'has a space before' },
    { text: 'f01000 ', why: 'has a space after' },
    { text: 'f0', why: 'has no id' },
    { text: 'f0-1', why: 'has a negative id' },
    { text: 'f01.5', why: 'has a fraction for an id' },
    { text: 'f01e3', why: 'has an exponent in its id' },
    { text: 'f00x10', why: 'has a hexadecimal id' },
    { text: 'f018446744073709551616', why: 'has the id 2^64' },
    { text: 'f0100000000000000000000', why: 'has an id of 21 digits' },
    { text: '01000', why: 'has no prefix' },
    { text: 'f432', why: 'has no subaddress' },
    { text: 'f4f77777777x32lpna', why: 'has no namespace' },
    { text: 'f4xf77777777x32lpna', why: 'has a namespace that is no number' },
    { text: 'f418446744073709551616f77777777x32lpna', why: 'has the namespace 2^64' },
    { text: 'f433f77777777x32lpna', why: 'has another namespace than its checksum' },
    { text: 'f432f77777777', why: 'has a subaddress without a checksum' },
    { text: 'f432f', why: 'has an empty subaddress without a checksum' },
  ])('refuses "$text", which $why', ({ text }) => {
    expect(() => parseAddress(text, hashes)).toThrow(NOT_AN_ADDRESS)
  })

  test.each([
    { protocol: 1, size: 19 },
    { protocol: 1, size: 21 },
    { protocol: 2, size: 19 },
    { protocol: 2, size: 21 },
    { protocol: 3, size: 47 },
    { protocol: 3, size: 49 },
  ])(
    'refuses a payload of $size bytes for protocol $protocol though its checksum is right',
    ({ protocol, size }) => {
      const payload = new Uint8Array(size)
      const text = textOf(`f${protocol}`, concat(Uint8Array.of(protocol), payload), payload)
      expect(() => parseAddress(text, hashes)).toThrow(NOT_AN_ADDRESS)
    },
  )

  test('takes a subaddress of 54 bytes and refuses one of 55, though the checksum is right', () => {
    const text = (size: number) => {
      const part = new Uint8Array(size).fill(7)
      return textOf('f410f', concat(Uint8Array.of(4, 10), part), part)
    }
    expect(formatAddress(parseAddress(text(54), hashes), hashes)).toBe(text(54))
    expect(() => parseAddress(text(55), hashes)).toThrow(NOT_AN_ADDRESS)
  })

  test('refuses a text of any length without reading it', () => {
    expect(() => parseAddress(`f1${'a'.repeat(1 << 20)}`, hashes)).toThrow(NOT_AN_ADDRESS)
  })

  test('takes the zeros before an id for nothing, as the reference does', () => {
    expect(parseAddress('f000042', hashes)).toBe(idAddress(42n))
  })

  test('says which text it was', () => {
    expect(() => parseAddress('f2', hashes)).toThrow(expect.objectContaining({ data: { found: 'f2' } }))
  })

  // A checksum has 32 bits: one wrong letter cannot meet it but once in four thousand million times.
  test.prop([
    anyAddress.filter((address) => protocolOf(address) !== AddressProtocol.Id),
    fc.nat(200),
    fc.integer({ min: 1, max: 31 }),
  ])('refuses an address with one letter of its payload changed', (address, place, shift) => {
    const text = formatAddress(address, hashes)
    const start = protocolOf(address) === AddressProtocol.Delegated ? text.indexOf('f', 1) + 1 : 2
    const at = start + (place % (text.length - start))
    const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
    const other = alphabet[(alphabet.indexOf(text[at] ?? '') + shift) % 32]
    expect(() => parseAddress(text.slice(0, at) + other + text.slice(at + 1), hashes)).toThrow(NOT_AN_ADDRESS)
  })

  test.prop([fc.oneof(fc.string(), fc.stringMatching(/^[ft][0-5][a-z0-9]{0,60}$/))])(
    'takes any text for an address or refuses it with that code',
    (text) => {
      try {
        expect(protocolOf(parseAddress(text, hashes))).toBe(Number(text[1]))
      } catch (error) {
        expect(error).toEqual(NOT_AN_ADDRESS)
      }
    },
  )
})

describe('addressFromBytes', () => {
  test.each([
    { hex: '', why: 'there are none' },
    // ref-fvm `shared/tests/address_test.rs`, invalid_byte_addresses.
    { hex: '050404', why: 'the protocol is 5' },
    { hex: '00', why: 'there is no id' },
    { hex: `01${'00'.repeat(21)}`, why: 'an f1 payload has 21 bytes' },
    { hex: `01${'00'.repeat(19)}`, why: 'an f1 payload has 19 bytes' },
    { hex: `02${'00'.repeat(21)}`, why: 'an f2 payload has 21 bytes' },
    { hex: `02${'00'.repeat(19)}`, why: 'an f2 payload has 19 bytes' },
    { hex: `03${'00'.repeat(49)}`, why: 'an f3 payload has 49 bytes' },
    { hex: `03${'00'.repeat(47)}`, why: 'an f3 payload has 47 bytes' },
    { hex: `0400${'ff'.repeat(55)}`, why: 'a subaddress has 55 bytes' },
    { hex: '04ff', why: 'a namespace is cut short' },
    { hex: '04', why: 'there is no namespace' },
    { hex: '0080', why: 'an id is cut short' },
    { hex: '008000', why: 'an id is not minimal' },
    { hex: '000000', why: 'a byte stands after the id' },
    { hex: '00ffffffffffffffffff02', why: 'an id has 65 bits' },
    { hex: '048000', why: 'a namespace is not minimal' },
    { hex: 'ff', why: 'the protocol is 255' },
  ])('refuses bytes when $why', ({ hex }) => {
    expect(() => addressFromBytes(parseHex(hex))).toThrow(NOT_AN_ADDRESS)
  })

  test('takes a subaddress of 54 bytes', () => {
    const bytes = parseHex(`0400${'ff'.repeat(54)}`)
    expect(addressBytes(addressFromBytes(bytes))).toEqual(bytes)
  })

  test.prop([
    fc.oneof(
      anyBytes,
      anyAddress.chain((address) => mutated(addressBytes(address))),
    ),
  ])('takes any bytes for the address that they are or refuses them with that code', (bytes) => {
    try {
      expect(addressBytes(addressFromBytes(bytes))).toEqual(bytes)
    } catch (error) {
      expect(error).toEqual(NOT_AN_ADDRESS)
    }
  })
})
