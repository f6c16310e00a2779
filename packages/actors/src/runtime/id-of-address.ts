import { type Address, addressBytes, decodeVarint } from '@plimsoll/primitives'

/**
 * The number in an ID address, over the whole range that it has on the wire.
 *
 * Source: ref-fvm `shared/src/address/mod.rs`, `Address::id`.
 */
export function idOfAddress(address: Address): bigint {
  return decodeVarint(addressBytes(address), 1).value
}
