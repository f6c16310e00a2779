import { fc, test } from '@fast-check/vitest'
import { byteString, formatHex, parseHex } from '@plimsoll/primitives'
import { anyBytes, anyU64, concat, randomSource } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { MajorType } from './reader.ts'
import {
  type CborWriter,
  cborWriter,
  reserve,
  withWriter,
  writeByte,
  writeByteStringValue,
  writeBytes,
  writeHead,
  writeHead64,
  writeRaw,
  writtenBytes,
} from './writer.ts'

function written(write: (writer: CborWriter) => void): Uint8Array {
  const writer = cborWriter()
  write(writer)
  return writtenBytes(writer)
}

describe('writeHead', () => {
  // RFC 8949, appendix A: integers, byte strings and arrays of these sizes.
  test.each([
    { majorType: MajorType.UINT, argument: 10, hex: '0a' },
    { majorType: MajorType.UINT, argument: 23, hex: '17' },
    { majorType: MajorType.UINT, argument: 24, hex: '1818' },
    { majorType: MajorType.UINT, argument: 100, hex: '1864' },
    { majorType: MajorType.UINT, argument: 1000, hex: '1903e8' },
    { majorType: MajorType.UINT, argument: 1_000_000, hex: '1a000f4240' },
    { majorType: MajorType.UINT, argument: 1_000_000_000_000, hex: '1b000000e8d4a51000' },
    { majorType: MajorType.NEGATIVE, argument: 99, hex: '3863' },
    { majorType: MajorType.ARRAY, argument: 25, hex: '9819' },
    { majorType: MajorType.TAG, argument: 32, hex: 'd820' },
  ])('writes $argument under major type $majorType as $hex', ({ majorType, argument, hex }) => {
    expect(formatHex(written((writer) => writeHead(writer, majorType, argument)))).toBe(hex)
    expect(formatHex(written((writer) => writeHead64(writer, majorType, BigInt(argument))))).toBe(hex)
  })
})

describe('writeHead64', () => {
  test.prop([anyU64.filter((argument) => argument >= 1n << 32n)])(
    'writes from 2^32 on a byte and the argument in eight bytes',
    (argument) => {
      const bytes = written((writer) => writeHead64(writer, MajorType.MAP, argument))
      expect(formatHex(bytes)).toBe(`bb${argument.toString(16).padStart(16, '0')}`)
    },
  )
})

describe('a writer', () => {
  const part = fc.oneof(
    anyBytes.map((bytes) => ({ bytes, write: (writer: CborWriter) => writeRaw(writer, bytes) })),
    fc.nat(255).map((byte) => ({
      bytes: Uint8Array.of(byte),
      write: (writer: CborWriter) => writeByte(writer, byte),
    })),
    fc.uint8Array({ maxLength: 23 }).map((bytes) => ({
      bytes: concat(Uint8Array.of(0x40 | bytes.length), bytes),
      write: (writer: CborWriter) => writeBytes(writer, bytes),
    })),
    fc.uint8Array({ maxLength: 23 }).map((bytes) => ({
      bytes: concat(Uint8Array.of(0x40 | bytes.length), bytes),
      write: (writer: CborWriter) => writeByteStringValue(writer, byteString(bytes)),
    })),
  )

  test.prop([fc.array(part, { maxLength: 40 })])('holds what was written, one after another', (parts) => {
    const bytes = written((writer) => {
      for (const { write } of parts) {
        write(writer)
      }
    })
    expect(bytes).toEqual(concat(...parts.map((one) => one.bytes)))
  })

  // It begins with room for 256 bytes.
  test.each([255, 256, 257, 512, 513, 100_000])('takes %i bytes at once', (length) => {
    const bytes = randomSource(length).bytes(length)
    const result = written((writer) => {
      writeByte(writer, 0xf6)
      writeRaw(writer, bytes)
      writeHead64(writer, MajorType.UINT, 2n ** 64n - 1n)
    })
    expect(result).toEqual(concat(Uint8Array.of(0xf6), bytes, parseHex('1bffffffffffffffff')))
  })

  test('makes room without writing', () => {
    const writer = cborWriter()
    writeByte(writer, 7)
    reserve(writer, 10_000)
    expect(writer.buffer.length).toBeGreaterThanOrEqual(10_001)
    expect(writtenBytes(writer)).toEqual(Uint8Array.of(7))
  })

  test('gives out bytes that later writing does not change', () => {
    const writer = cborWriter()
    writeByte(writer, 1)
    const first = writtenBytes(writer)
    writer.length = 0
    writeByte(writer, 2)
    expect(first).toEqual(Uint8Array.of(1))
  })
})

describe('withWriter', () => {
  const oneByte = (byte: number, inner?: () => void) =>
    withWriter((writer) => {
      inner?.()
      writeByte(writer, byte)
      return writtenBytes(writer)
    })

  test('gives an empty writer, whatever was written before, and one of its own to what is written meanwhile', () => {
    oneByte(1)
    let inner: Uint8Array | undefined
    const outer = oneByte(2, () => {
      inner = oneByte(3)
    })
    expect(inner).toEqual(Uint8Array.of(3))
    expect(outer).toEqual(Uint8Array.of(2))
  })

  test('gives an empty writer after a use that failed', () => {
    const failing = () =>
      withWriter((writer) => {
        writeByte(writer, 9)
        throw new Error('no more')
      })
    expect(failing).toThrow('no more')
    expect(oneByte(4)).toEqual(Uint8Array.of(4))
  })
})
