import type { SectorOnChainInfo, VestingTable } from '@plimsoll/actors'
import { type Cid, type IpldValue, type Link, linkTo, Multicodec, Multihash, makeCid } from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  AddressProtocol,
  addressFromBytes,
  type ChainEpoch,
  idAddress,
} from '@plimsoll/primitives'
import fc from 'fast-check'
import { concat } from './mutate.ts'
import { sealedCid } from './sample-sectors.ts'

/** Bytes of any kind. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 200 })

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** CIDs of state, of commitments and of code. */
export const anyCid: fc.Arbitrary<Cid> = fc.oneof(
  digest.map((bytes) => makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, bytes)),
  digest.map((bytes) => makeCid(Multicodec.RAW, Multihash.SHA2_256, bytes)),
  digest.map(sealedCid),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => makeCid(Multicodec.RAW, Multihash.IDENTITY, bytes)),
)

/** Links to anything: `never` is of every type. */
export const anyLink: fc.Arbitrary<Link<never>> = anyCid.map((cid) => linkTo(cid))

/** Unsigned integers of 64 bits, with the edges of the CBOR heads among them. */
export const anyU64: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(0n, 23n, 24n, 255n, 256n, 65535n, 65536n, (1n << 32n) - 1n, 1n << 32n, (1n << 64n) - 1n),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
)

/** Integers of any size and sign that money and power have. */
export const anyAmount: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 255n, 256n, -256n, (1n << 64n) - 1n, 1n << 64n),
  fc.bigInt({ min: -(10n ** 28n), max: 10n ** 28n }),
)

/** Amounts that are not negative: mostly of one sector, some beyond 64 bits. */
export const anyPositiveAmount: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 18n }),
  fc.bigInt({ min: (1n << 64n) - 3n, max: (1n << 64n) + 3n }),
  fc.bigInt({ min: 0n, max: 10n ** 24n }),
)

/** Epochs of the first twenty years. */
export const anyEpoch: fc.Arbitrary<ChainEpoch> = fc.nat(20 * 365 * 2880)

/** Members of a set: runs near each other, single ones far apart, and the largest that there is. */
export const anyMembers: fc.Arbitrary<readonly (number | bigint)[]> = fc
  .array(
    fc.oneof(
      fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 40 })),
      fc.tuple(fc.nat(1_000_000), fc.constant(1)),
      fc.tuple(fc.constantFrom(2 ** 32, 2 ** 40), fc.integer({ min: 1, max: 5 })),
    ),
    { maxLength: 12 },
  )
  .map((runs) => runs.flatMap(([start, length]) => Array.from({ length }, (_, i) => start + i)))

/** Addresses of every protocol: ids, hashes of keys and of actors, BLS keys, delegated ones. */
export const anyAddress: fc.Arbitrary<Address> = fc.oneof(
  fc.nat(2 ** 31 - 1).map((id) => idAddress(id as ActorId)),
  fc
    .tuple(fc.constantFrom(AddressProtocol.Secp256k1, AddressProtocol.Actor), fc.uint8Array(sized(20)))
    .map(([protocol, hash]) => addressFromBytes(concat(Uint8Array.of(protocol), hash))),
  fc.uint8Array(sized(48)).map((key) => addressFromBytes(concat(Uint8Array.of(AddressProtocol.Bls), key))),
  fc
    .tuple(fc.nat(0x7f), fc.uint8Array({ maxLength: 54 }))
    .map(([manager, part]) =>
      addressFromBytes(concat(Uint8Array.of(AddressProtocol.Delegated, manager), part)),
    ),
)

function sized(length: number) {
  return { minLength: length, maxLength: length }
}

/** A sector with any values that a stored one may have. */
export const anySector: fc.Arbitrary<SectorOnChainInfo> = fc
  .record({
    sectorNumber: fc.oneof(fc.nat(1000), fc.nat(2 ** 31 - 1), fc.maxSafeNat()),
    sealProof: fc.constantFrom(3, 4, 8, 9, 13, 14),
    sealedCid: fc.oneof(digest.map(sealedCid), anyCid),
    deprecatedDealIds: fc.oneof(fc.constant([]), fc.array(anyU64, { maxLength: 40 })),
    activation: anyEpoch,
    expiration: anyEpoch,
    dealWeight: anyPositiveAmount,
    verifiedDealWeight: anyPositiveAmount,
    initialPledge: anyPositiveAmount,
    rewards: fc.option(fc.tuple(anyPositiveAmount, anyPositiveAmount, anyPositiveAmount)),
    powerBaseEpoch: anyEpoch,
    sectorKeyCid: fc.option(digest.map(sealedCid)),
    flags: fc.constantFrom(0, 1),
    dailyFee: anyPositiveAmount,
  })
  .map(({ rewards, ...sector }) => ({
    ...sector,
    expectedDayReward: rewards?.[0] ?? null,
    expectedStoragePledge: rewards?.[1] ?? null,
    replacedDayReward: rewards?.[2] ?? null,
  }))

/** A vesting table: ascending epochs, positive amounts. */
export const anyVestingTable: fc.Arbitrary<VestingTable> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.bigInt({ min: 1n, max: 10n ** 20n })), {
    maxLength: 20,
  })
  .map((steps) => {
    let epoch = 0
    return steps.map(([delta, amount]) => {
      epoch += delta
      return { epoch, amount }
    })
  })

/** Any text that UTF-8 has; fast-check's own arbitrary of it takes seconds to make, in every process that imports this. */
const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff })))
  .map((codePoints) => String.fromCodePoint(...codePoints))

/** Any value of DAG-CBOR, up to some depth. */
export const anyIpldValue: fc.Arbitrary<IpldValue> = fc.letrec<{ value: IpldValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<IpldValue>(null, true, false),
    fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }),
    anyText,
    anyBytes,
    anyCid.map((link) => ({ link })),
    fc.array(tie('value'), { maxLength: 6 }),
    fc
      .dictionary(fc.string({ unit: 'grapheme-ascii' }), tie('value'), { maxKeys: 6 })
      .map((entries) => new Map(Object.entries(entries))),
  ),
})).value
