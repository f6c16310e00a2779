import { type CborReader, goDown, leave, peekByte, readHead, truncated } from './reader.ts'

/**
 * Reads a head whose argument counts bytes that must follow.
 *
 * Returns the first byte's offset; the cursor then stands after the last.
 */
export function readLength(reader: CborReader, majorType: number): number {
  if (reader.isLoose && peekByte(reader) === ((majorType << 5) | CHUNKS_FOLLOW)) {
    return joinChunks(reader, majorType)
  }
  const length = readHead(reader, majorType)
  const start = reader.offset
  if (length > reader.bytes.length - start) {
    throw truncated(reader)
  }
  reader.offset = start + length
  return start
}

/** The additional information of a head that announces chunks, and the byte after the last of them. Source: RFC 8949 section 3.2.3. */
const CHUNKS_FOLLOW = 0x1f
const BREAK = 0xff

/**
 * Reads a byte string or a text in chunks, which may be in chunks themselves, and joins them where they stand.
 *
 * Source: cbor4ii 0.2.14, `src/core/dec.rs`, `decode_buf`.
 */
function joinChunks(reader: CborReader, majorType: number): number {
  const start = reader.offset
  const chunks: Uint8Array[] = []
  reader.offset++
  while (peekByte(reader) !== BREAK) {
    goDown(reader)
    const chunkStart = readLength(reader, majorType)
    chunks.push(reader.bytes.subarray(chunkStart, reader.offset))
    leave(reader)
  }
  const rest = reader.bytes.subarray(reader.offset + 1)
  const before = reader.bytes.subarray(0, start)
  reader.bytes = concat([before, ...chunks, rest])
  reader.offset = reader.bytes.length - rest.length
  return start
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
