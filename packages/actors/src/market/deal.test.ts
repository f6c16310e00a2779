import { test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor, Multicodec, Multihash, makeCid } from '@plimsoll/ipld'
import { createHashes, formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { anyBytes, pieceCommitment, plainProposal } from '@plimsoll/testkit'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import {
  ClientDealProposal,
  clientBalanceRequirement,
  DealProposal,
  DealState,
  dealCid,
  dealDuration,
  isPieceCid,
  label,
  labelSizeBytes,
  totalStorageFee,
} from './deal.ts'

const hashes = await createHashes()

describe('a label', () => {
  // Text is major type 3, bytes are 2. Source: actors/market/tests/market_actor_test.rs, label_cbor.
  test.each([
    { hex: '60', value: '', size: 0 },
    { hex: '6469346d65', value: 'i4me', size: 4 },
    { hex: '62c3bc', value: 'ü', size: 2 },
    { hex: '40', value: parseHex(''), size: 0 },
    { hex: '44deadbeef', value: parseHex('deadbeef'), size: 4 },
    { hex: '41ff', value: parseHex('ff'), size: 1 },
  ])('is $hex in CBOR and of $size bytes', ({ hex, value, size }) => {
    expect(decodeCbor(label, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(label, value))).toBe(hex)
    expect(labelSizeBytes(value)).toBe(size)
  })

  // Source: the same file, label_from_cbor and label_non_utf8.
  test.each([
    { defect: 'text that is not UTF-8', hex: '61ff' },
    { defect: 'a list', hex: '820102' },
    { defect: 'a map', hex: 'a0' },
    { defect: 'a number', hex: '01' },
    { defect: 'null', hex: 'f6' },
    { defect: 'nothing', hex: '' },
  ])('is never $defect', ({ hex }) => {
    expect(() => decodeCbor(label, parseHex(hex))).toThrow()
  })

  test.prop([fc.oneof(fc.string({ unit: 'grapheme' }), anyBytes)])('decodes to what was encoded', (value) => {
    expect(decodeCbor(label, encodeCbor(label, value))).toEqual(value)
  })
})

describe('a proposal', () => {
  // [piece, 2048, false, f0301, f0401, "x", 5, −1 (as any i64 can be), 0, 10, 256]
  const piece = `d82a5828000181e203922020${'01'.repeat(32)}`
  const hex = `8b${piece}190800f44300ad0243009103617805204042000a43000100`
  const value = plainProposal({
    label: 'x',
    startEpoch: 5n,
    endEpoch: -1n,
    storagePricePerEpoch: 0n,
    providerCollateral: 10n,
    clientCollateral: 256n,
  })

  test('is a tuple of eleven fields', () => {
    expect(formatHex(encodeCbor(DealProposal, value))).toBe(hex)
    expect(decodeCbor(DealProposal, parseHex(hex))).toEqual(value)
  })

  test('that is signed is a tuple of it and of the signature with its type', () => {
    const signed = { proposal: value, clientSignature: { type: 2, bytes: parseHex('0708') } } as const
    const encoded = `82${hex}43020708`
    expect(formatHex(encodeCbor(ClientDealProposal, signed))).toBe(encoded)
    expect(decodeCbor(ClientDealProposal, parseHex(encoded))).toEqual(signed)
  })

  test.each([
    { defect: 'ten fields', hex: `8a${hex.slice(2, -8)}` },
    { defect: 'a size below zero', hex: hex.replace('190800f4', '20f4') },
    { defect: 'an epoch of 64 bits', hex: hex.replace('617805', '61781bffffffffffffffff') },
    { defect: 'bytes after it', hex: `${hex}00` },
  ])('is refused with $defect', ({ hex: damaged }) => {
    expect(() => decodeCbor(DealProposal, parseHex(damaged))).toThrow()
  })

  // (end − start) · price, and the collateral of the client on top of it.
  test('costs its price in every epoch', () => {
    const deal = plainProposal({
      startEpoch: 3n,
      endEpoch: 10n,
      storagePricePerEpoch: 5n,
      clientCollateral: 4n,
    })
    expect(dealDuration(deal)).toBe(7n)
    expect(totalStorageFee(deal)).toBe(35n)
    expect(clientBalanceRequirement(deal)).toBe(39n)
  })

  test('is known by the hash of its block', () => {
    const hasher = { hashBlake2b: (data: Uint8Array) => hashes.blake2b256(data) }
    const digest = hashes.blake2b256(parseHex(hex))
    expect(dealCid(hasher, value)).toBe(makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, digest))
    expect(dealCid(hasher, { ...value, client: idAddress(9n) })).not.toBe(dealCid(hasher, value))
  })
})

describe('the state of a deal', () => {
  test('is a tuple of four fields', () => {
    const value = { sectorNumber: 7n, sectorStartEpoch: 100, lastUpdatedEpoch: -1, slashEpoch: -1 }
    expect(formatHex(encodeCbor(DealState, value))).toBe('840718642020')
    expect(decodeCbor(DealState, parseHex('840718642020'))).toEqual(value)
  })

  // Before v13 there was no sector number.
  test.each(['83186420', '8318642020', '85071864202000'])('is not %s', (hex) => {
    expect(() => decodeCbor(DealState, parseHex(hex))).toThrow()
  })
})

describe('the CID of a piece', () => {
  const { FIL_COMMITMENT_UNSEALED, FIL_COMMITMENT_SEALED } = Multicodec
  const { SHA2_256_TRUNC254_PADDED, SHA2_256 } = Multihash
  test.each([
    { of: 'unsealed data', cid: pieceCommitment(1), is: true },
    {
      of: 'a sealed sector',
      cid: makeCid(FIL_COMMITMENT_SEALED, SHA2_256_TRUNC254_PADDED, new Uint8Array(32)),
      is: false,
    },
    { of: 'another hash', cid: makeCid(FIL_COMMITMENT_UNSEALED, SHA2_256, new Uint8Array(32)), is: false },
    {
      of: 'a hash of 31 bytes',
      cid: makeCid(FIL_COMMITMENT_UNSEALED, SHA2_256_TRUNC254_PADDED, new Uint8Array(31)),
      is: false,
    },
  ])('is that of $of: $is', ({ cid, is }) => {
    expect(isPieceCid(cid)).toBe(is)
  })
})
