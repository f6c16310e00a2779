import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore, decodeCbor, encodeCbor, formatCid, linkTo, parseCid } from '@plimsoll/ipld'
import { createHashes, formatHex, parseAddress, parseHex } from '@plimsoll/primitives'
import { anyAddress, anyLink } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { AddressMap, InitState } from './state.ts'

describe('the state of the init actor', async () => {
  // Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800:
  // [CID, 1480, "calibrationnet"]
  const hex =
    '83d82a5827000171a0e402208b78d61191e1e42828a6063a0ef6cb6ee315eddf5be3e9794a2ddde30aa02086' +
    '1905c86e63616c6962726174696f6e6e6574'
  const value = {
    addressMap: linkTo<never>(parseCid('bafy2bzacecfxrvqrshq6ikbiuyddudxwznxogfpn35n6h2lzjiw53yykuaqim')),
    nextId: 1480,
    networkName: 'calibrationnet',
  }

  test('is a tuple of the addresses, the next id and the name of the network', () => {
    expect(decodeCbor(InitState, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(InitState, value))).toBe(hex)
  })

  test.each([
    { defect: 'two fields', hex: `82${hex.slice(2, -30)}` },
    { defect: 'four fields', hex: `84${hex.slice(2)}40` },
  ])('is refused with $defect', ({ hex: other }) => {
    expect(() => decodeCbor(InitState, parseHex(other))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['InitState'] }),
    )
  })

  test.prop([anyLink, fc.maxSafeNat(), fc.string()])(
    'decodes to what was encoded',
    (addressMap, nextId, networkName) => {
      const state = { addressMap, nextId, networkName }
      expect(decodeCbor(InitState, encodeCbor(InitState, state))).toEqual(state)
    },
  )

  const hashes = await createHashes()
  const store = createMemoryBlockstore(hashes)

  test('has ids by the bytes of addresses', () => {
    const addresses = AddressMap.empty(store)
    addresses.set(parseAddress('f1itpqzzcx6yf52oc35dgsoxfqkoxpy6kdmygbaja', hashes), 100)
    const block = formatHex(store.find(addresses.flush().cid) ?? new Uint8Array())
    // [h'08', [[[h'0144df…', 100]]]]: the SHA-256 of the address begins with the five bits of 3.
    expect(block).toBe('824108818182550144df0ce457f60bdd385be8cd275cb053aefc79431864')
  })

  test.prop([fc.uniqueArray(anyAddress, { maxLength: 20 })])('finds every address again', (keys) => {
    const addresses = AddressMap.empty(store)
    keys.forEach((address, index) => {
      addresses.set(address, index)
    })
    const stored = AddressMap.load(store, addresses.flush())
    expect(keys.map((address) => stored.get(address))).toEqual(keys.map((_, index) => index))
  })

  test('of no addresses is the empty HAMT of every network', () => {
    expect(formatCid(AddressMap.empty(store).flush().cid)).toBe(
      'bafy2bzaceamp42wmmgr2g2ymg46euououzfyck7szknvfacqscohrvaikwfay',
    )
  })
})
