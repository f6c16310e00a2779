import { test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor, linkTo, parseCid } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { BlockHeader } from './block-header.ts'

// Source: ChainSafe/forest `test-snapshots/carv2.car.zst`, genesis of butterfly:
// [h'0000', [h'408c…'], [0, h''], [[0, h'0000…']], [], [CID], h'', 0, CID, CID, CID, null, 1738594560, null, 0,
// h'0005f5e100']
const GENESIS =
  '90420000815820408cccd4d54df377b4ccbd41f6207bfd1eb10f0d48d40b6dae6e7c951ebd3ac0820040818200' +
  '5820000000000000000000000000000000000000000000000000000000000000000080' +
  '81d82a58250001711220107d821c25dc0735200249df94a8bebc9c8e489744f86a4ca8919e81f19dcd724000' +
  'd82a5827000171a0e4022005ad39cf6f4b63980f2785a3f1f7f608f89a20d9e3f69e7b8b9eb135be5b833c' +
  'd82a5827000171a0e40220e5658b3d18cd06e1db9015b4b0ec55c123a24d5be1ea24d83938c5b8397b4f2f' +
  'd82a5827000171a0e4022098307faeabdd208c1321be4c1ec84fbb952cd8424c24db0d5a96c8032fb2ce10' +
  'f61a67a0d900f600450005f5e100'

describe('the header of a block', () => {
  test('leads to the state that its parents left', () => {
    expect(decodeCbor(BlockHeader, parseHex(GENESIS))).toMatchObject({
      parents: [parseCid('bafyreiaqpwbbyjo4a42saasj36kkrpv4tsherf2e7bvezkert2a7dhonoi')],
      height: 0,
      parentStateRoot: linkTo(parseCid('bafy2bzaceac22oopn5fwhgape6c2h4px6yeprgra3hr7nht3roplcnn6lobty')),
      parentMessageReceipts: parseCid('bafy2bzacedswlcz5ddgqnyo3sak3jmhmkxashisnlpq6ujgyhe4mlobzpnhs6'),
      messages: parseCid('bafy2bzacecmda75ovposbdateg7eyhwij65zklgyijgcjwynlklmqazpwlhba'),
    })
  })

  test('keeps the bytes of what it does not read', () => {
    expect(formatHex(encodeCbor(BlockHeader, decodeCbor(BlockHeader, parseHex(GENESIS))))).toBe(GENESIS)
  })

  test.each([
    { fields: 15, hex: `8f${GENESIS.slice(2, -12)}` },
    { fields: 17, hex: `91${GENESIS.slice(2)}00` },
  ])('has not $fields fields', ({ hex }) => {
    expect(() => decodeCbor(BlockHeader, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['BlockHeader'] }),
    )
  })

  test.prop([mutated(parseHex(GENESIS))])('that is damaged is refused as data', (damaged) => {
    let reencoded = damaged
    try {
      reencoded = encodeCbor(BlockHeader, decodeCbor(BlockHeader, damaged))
    } catch (error) {
      expect(error).toHaveProperty('path')
    }
    expect(reencoded).toEqual(damaged)
  })
})
