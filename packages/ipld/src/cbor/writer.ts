import { type ByteString, writeByteString } from '@plimsoll/primitives'
import { MajorType } from './reader.ts'

/**
 * A growing buffer that CBOR is written into, in the one form that DAG-CBOR allows.
 */
export interface CborWriter {
  buffer: Uint8Array
  length: number
}

const INITIAL_BYTES = 256

export function cborWriter(): CborWriter {
  return { buffer: new Uint8Array(INITIAL_BYTES), length: 0 }
}

/**
 * Gives `use` a writer that is empty. Its buffer is used again by the next call, since making one takes longer than
 * writing most values; what is written while another value is being written has one of its own.
 */
export function withWriter<T>(use: (writer: CborWriter) => T): T {
  const writer = spareWriters.pop() ?? cborWriter()
  writer.length = 0
  try {
    return use(writer)
  } finally {
    if (writer.buffer.length <= LARGEST_SPARE_BYTES) {
      spareWriters.push(writer)
    }
  }
}

const spareWriters: CborWriter[] = []
const LARGEST_SPARE_BYTES = 1 << 16

/** The bytes written so far, copied out of the buffer. */
export function writtenBytes(writer: CborWriter): Uint8Array {
  return writer.buffer.slice(0, writer.length)
}

/** Writes a head with a non-negative argument below 2^53. */
export function writeHead(writer: CborWriter, majorType: number, argument: number): void {
  reserve(writer, 9)
  const { buffer, length } = writer
  const type = majorType << 5
  if (argument < 24) {
    buffer[length] = type | argument
    writer.length = length + 1
  } else if (argument < 0x100) {
    buffer[length] = type | 24
    buffer[length + 1] = argument
    writer.length = length + 2
  } else if (argument < 0x1_0000) {
    buffer[length] = type | 25
    writeBigEndian(buffer, length + 1, argument, 2)
    writer.length = length + 3
  } else if (argument < 0x1_0000_0000) {
    buffer[length] = type | 26
    writeBigEndian(buffer, length + 1, argument, 4)
    writer.length = length + 5
  } else {
    buffer[length] = type | 27
    writeBigEndian(buffer, length + 1, argument, 8)
    writer.length = length + 9
  }
}

/** Writes a head with any 64-bit argument. */
export function writeHead64(writer: CborWriter, majorType: number, argument: bigint): void {
  if (argument <= BigInt(Number.MAX_SAFE_INTEGER)) {
    writeHead(writer, majorType, Number(argument))
    return
  }
  reserve(writer, 9)
  writer.buffer[writer.length] = (majorType << 5) | 27
  writeBigEndian(writer.buffer, writer.length + 1, Number(argument >> 32n), 4)
  writeBigEndian(writer.buffer, writer.length + 5, Number(argument & 0xffff_ffffn), 4)
  writer.length += 9
}

export function writeByte(writer: CborWriter, byte: number): void {
  reserve(writer, 1)
  writer.buffer[writer.length++] = byte
}

/** Writes bytes as they are, without a head. */
export function writeRaw(writer: CborWriter, bytes: Uint8Array): void {
  reserve(writer, bytes.length)
  writer.buffer.set(bytes, writer.length)
  writer.length += bytes.length
}

/** Writes `bytes[start, end)` as they are: few bytes, for which a view would cost more than the copy. */
export function writeSlice(writer: CborWriter, bytes: Uint8Array, start: number, end: number): void {
  reserve(writer, end - start)
  const { buffer, length } = writer
  for (let i = start; i < end; i++) {
    buffer[length + i - start] = bytes[i] as number
  }
  writer.length = length + end - start
}

/** Writes a CBOR byte string. */
export function writeBytes(writer: CborWriter, bytes: Uint8Array): void {
  writeHead(writer, MajorType.BYTES, bytes.length)
  writeRaw(writer, bytes)
}

/** Writes the bytes of a byte string as a CBOR byte string. */
export function writeByteStringValue(writer: CborWriter, value: ByteString): void {
  writeHead(writer, MajorType.BYTES, value.length)
  writeCharacters(writer, value)
}

/** Writes the bytes of a byte string as they are, without a head. */
export function writeCharacters(writer: CborWriter, value: ByteString): void {
  reserve(writer, value.length)
  writeByteString(value, writer.buffer, writer.length)
  writer.length += value.length
}

/** Makes room for `size` more bytes. */
export function reserve(writer: CborWriter, size: number): void {
  const needed = writer.length + size
  if (needed > writer.buffer.length) {
    const grown = new Uint8Array(Math.max(needed, writer.buffer.length * 2))
    grown.set(writer.buffer.subarray(0, writer.length))
    writer.buffer = grown
  }
}

function writeBigEndian(buffer: Uint8Array, offset: number, value: number, size: number): void {
  let rest = value
  for (let i = size - 1; i >= 0; i--) {
    buffer[offset + i] = rest % 0x100
    rest = Math.floor(rest / 0x100)
  }
}
