import { quantizeDown, quantizeUp } from '@plimsoll/actors'
import { bitFieldOf, bitsOf, decodeRlePlus, encodeRlePlus } from '@plimsoll/ipld'
import {
  addressBytes,
  addressFromBytes,
  formatAddress,
  formatHex,
  parseAddress,
  parseHex,
} from '@plimsoll/primitives'
import type { Driver } from '../driver.ts'
import { allOf, attempt, expectEqual, expectRefusal, type NamedOutcome } from '../outcome.ts'
import { readJson } from '../vector-file.ts'

interface RleGolden {
  readonly base64: string
  readonly reference: { readonly encodedHex: string; readonly bits: readonly number[] }
}

/** A large bitfield, and a small one bit by bit. */
export const goBitfield: Driver = {
  family: 'go-bitfield',
  handles: ({ name }) => name === 'rleplus_golden.json',
  *run({ path }): Generator<NamedOutcome> {
    const { base64, reference } = readJson<RleGolden>(path)
    const golden = new Uint8Array(Buffer.from(base64, 'base64'))
    yield [
      'golden',
      attempt(() => expectEqual(formatHex(golden), formatHex(encodeRlePlus(decodeRlePlus(golden))))),
    ]
    const { encodedHex, bits } = reference
    yield ['decode', attempt(() => expectEqual(bits, [...bitsOf(decodeRlePlus(parseHex(encodedHex)))]))]
    yield ['encode', attempt(() => expectEqual(encodedHex, formatHex(encodeRlePlus(bitFieldOf(bits)))))]
  },
}

/**
 * Strings of the vectors that the origin's own tests expect to be refused.
 *
 * Source: filecoin-project/go-address `address_test.go`, `TestInvalidStringAddresses` and the test of base32
 * digits with bits left over.
 */
const INVALID_ADDRESSES: ReadonlySet<string> = new Set([
  't2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr24y',
  't0banananananannnnnnnnn',
  't0banananananannnnnnn',
  't2gfvuyh7v2sx3patm1k23wdzmhyhtmqctasbr24y',
  'f1xpbyy4tkdx5si2bgo37dubc2xwv6fum5tk57mid',
])

/** Addresses in text, to bytes and back; with the other network's letter they are the same address. */
export const goAddress: Driver = {
  family: 'go-address',
  handles: ({ name }) => name === 'addresses.json',
  *run({ path }, { hashes }): Generator<NamedOutcome> {
    for (const text of readJson<{ readonly addresses: readonly string[] }>(path).addresses) {
      if (INVALID_ADDRESSES.has(text)) {
        yield [text, expectRefusal('INVALID_ADDRESS', () => parseAddress(text, hashes))]
        continue
      }
      yield [
        text,
        attempt(() => {
          const address = addressFromBytes(addressBytes(parseAddress(text, hashes)))
          const other = text.replace(/^./, (letter) => (letter === 'f' ? 't' : 'f'))
          const prefix = text.startsWith('f') ? 'f' : 't'
          return allOf([
            expectEqual(text, formatAddress(address, hashes, prefix)),
            expectEqual(
              formatHex(addressBytes(address)),
              formatHex(addressBytes(parseAddress(other, hashes))),
            ),
          ])
        }),
      ]
    }
  },
}

interface Quantizations {
  readonly up: readonly (readonly [number, number, number, number])[]
  readonly down: readonly (readonly [number, number, number, number])[]
}

/** Epochs on grids: epoch, unit, offset, result. */
export const quantize: Driver = {
  family: 'specs-actors',
  handles: ({ name }) => name === 'quantize.json',
  *run({ path }): Generator<NamedOutcome> {
    const { up, down } = readJson<Quantizations>(path)
    for (const [epoch, unit, offset, expected] of up) {
      yield [`up ${epoch} ${unit} ${offset}`, expectEqual(expected, quantizeUp({ unit, offset }, epoch))]
    }
    for (const [epoch, unit, offset, expected] of down) {
      yield [`down ${epoch} ${unit} ${offset}`, expectEqual(expected, quantizeDown({ unit, offset }, epoch))]
    }
  },
}
