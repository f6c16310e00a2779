import { describe, expect, test } from 'vitest'
import { parseBase32 } from '../base32.ts'
import { CALIBRATION_CODE_CIDS } from './calibration.ts'
import { ACTOR_NAMES, type CodeCidTable, isActorName } from './code-cid-table.ts'
import { findActorCode } from './find-actor-code.ts'
import { MAINNET_CODE_CIDS } from './mainnet.ts'

interface Row {
  readonly release: string
  readonly name: string
  readonly cid: string
}

function rowsOf(table: CodeCidTable): readonly Row[] {
  return Object.entries(table).flatMap(([release, codes]) =>
    Object.entries(codes).map(([name, cid]) => ({ release, name, cid })),
  )
}

const TABLES = [
  { network: 'mainnet', table: MAINNET_CODE_CIDS },
  { network: 'calibration', table: CALIBRATION_CODE_CIDS },
]
const ALL_ROWS = TABLES.flatMap(({ table }) => rowsOf(table))
const versionOf = (release: string) => Number.parseInt(release, 10)

// The placeholder actor is the same few bytes on every network and in every version.
const PLACEHOLDER = 'bafk2bzacedfvut2myeleyq67fljcrw4kkmn5pb5dpyozovj7jpoez5irnc3ro'

describe('findActorCode', () => {
  // ChainSafe/forest `build/manifest.json`; for mainnet's version 8 the release notes of Lotus 1.16.
  test.each([
    { cid: 'bafk2bzacecgnynvd3tene3bvqoknuspit56canij5bpra6wl4mrq2mxxwriyu', version: 8 },
    { cid: 'bafk2bzacedyux5hlrildwutvvjdcsvjtwsoc5xnqdjl73ouiukgklekeuyfl4', version: 9 },
    { cid: 'bafk2bzaced4h7noksockro7glnssz2jnmo2rpzd7dvnmfs4p24zx3h6gtx47s', version: 10 },
    { cid: 'bafk2bzacec24okjqrp7c7rj3hbrs5ez5apvwah2ruka6haesgfngf37mhk6us', version: 11 },
    { cid: 'bafk2bzacedo75pabe4i2l3hvhtsjmijrcytd2y76xwe573uku25fi7sugqld6', version: 12 },
    { cid: 'bafk2bzacebf4rrqyk7gcfggggul6nfpzay7f2ordnkwm7z2wcf4mq6r7i77t2', version: 13 },
    { cid: 'bafk2bzacea3f43rxzemmakjpktq2ukayngean3oo2de5cdxlg2wsyn53wmepc', version: 14 },
    { cid: 'bafk2bzacecnl2hqe3nozwo7al7kdznqgdrv2hbbbmpcbcwzh3yl4trog433hc', version: 15 },
    { cid: 'bafk2bzacectp5rumce4kekelolp6abrtfbbdjwl3ydjvurmfd6nbk3tott4ks', version: 16 },
    { cid: 'bafk2bzaceautzxqsrstcxerpxtykn4syogslbiwpsfoh562jex262vxeluc4w', version: 17 },
    { cid: 'bafk2bzacead23tnh3ywx2cwudftngssfjgptsvr3nao7xv6mcfot7gvju4bak', version: 18 },
    { cid: 'bafk2bzacea6rabflc7kpwr6y4lzcqsnuahr4zblyq3rhzrrsfceeiw2lufrb4', version: 8 },
    { cid: 'bafk2bzacedmjs2a62u5isgkewjaik6zxq3obrowalnb2vvkmipomro2rvesh2', version: 18 },
  ])('knows the storage miner of version $version', ({ cid, version }) => {
    expect(findActorCode(cid)).toEqual({ name: 'storageminer', actorsVersion: version })
  })

  test.each([
    { cid: 'bafk2bzacedudbf7fc5va57t3tmo63snmt3en4iaidv4vo3qlyacbxaa6hlx6y', name: 'account', version: 8 },
    { cid: 'bafk2bzacebb6uy2ys7tapekmtj7apnjg7oyj4ia5t7tlkvbmwtxwv74lb2pug', name: 'datacap', version: 9 },
    { cid: 'bafk2bzaceahmzdxhqsm7cu2mexusjp6frm7r4kdesvti3etv5evfqboos2j4g', name: 'evm', version: 10 },
    { cid: 'bafk2bzacebhfuz3sv7duvk653544xsxhdn4lsmy7ol7k6gdgancyctvmd7lnq', name: 'account', version: 10 },
  ])('knows the $name actor of version $version', ({ cid, name, version }) => {
    expect(findActorCode(cid)).toEqual({ name, actorsVersion: version })
  })

  test('does not tell the version of code that several versions share', () => {
    expect(findActorCode(PLACEHOLDER)).toEqual({ name: 'placeholder', actorsVersion: undefined })
  })

  // Calibration had three releases of version 12, which mostly kept their code.
  test('tells the version of code that several releases of one version share', () => {
    const cid = 'bafk2bzacechwwxdqvggkdylm37zldjsra2ivkdzwp7fee56bzxbzs544wv6u6'
    expect(rowsOf(CALIBRATION_CODE_CIDS).filter((row) => row.cid === cid)).toHaveLength(3)
    expect(findActorCode(cid)).toEqual({ name: 'account', actorsVersion: 12 })
  })

  test.each(['', 'toString', 'bafk2bzacedfvut2myeleyq67fljcrw4kkmn5pb5dpyozovj7jpoez5irnc3r'])(
    'does not know "%s"',
    (text) => {
      expect(findActorCode(text)).toBeUndefined()
    },
  )

  test('finds every code under its name, and under its version unless another version has it too', () => {
    for (const { release, name, cid } of ALL_ROWS) {
      const versions = new Set(ALL_ROWS.filter((row) => row.cid === cid).map((row) => versionOf(row.release)))
      const actorsVersion = versions.size > 1 ? undefined : versionOf(release)
      expect(findActorCode(cid)).toEqual({ name, actorsVersion })
    }
  })
})

describe('the tables of code CIDs', () => {
  // CID version 1, raw bytes, blake2b-256, 32 bytes of digest.
  test('hold CIDs of raw blocks under blake2b-256', () => {
    for (const { cid } of ALL_ROWS) {
      expect(cid[0]).toBe('b')
      const bytes = parseBase32(cid.slice(1))
      expect(bytes).toHaveLength(6 + 32)
      expect([...bytes.subarray(0, 6)]).toEqual([0x01, 0x55, 0xa0, 0xe4, 0x02, 0x20])
    }
  })

  test('never hold one CID under two names', () => {
    for (const [cid, rows] of Map.groupBy(ALL_ROWS, (row) => row.cid)) {
      expect({ cid, names: new Set(rows.map(({ name }) => name)).size }).toEqual({ cid, names: 1 })
    }
  })

  test('share nothing but the placeholder between versions', () => {
    for (const [cid, rows] of Map.groupBy(ALL_ROWS, (row) => row.cid)) {
      if (new Set(rows.map(({ release }) => versionOf(release))).size > 1) {
        expect(cid).toBe(PLACEHOLDER)
      }
    }
  })

  // Datacap came with version 9, the Ethereum actors and the placeholder with version 10.
  test.each(TABLES)('of $network name all actors that there were in each release', ({ table }) => {
    for (const [release, codes] of Object.entries(table)) {
      const since = { datacap: 9, eam: 10, ethaccount: 10, evm: 10, placeholder: 10 }
      const expected = ACTOR_NAMES.filter(
        (name) => versionOf(release) >= (Object.entries(since).find(([later]) => later === name)?.[1] ?? 8),
      )
      expect(Object.keys(codes).sort()).toEqual(expected)
    }
  })
})

describe('isActorName', () => {
  test('knows the sixteen built-in actors and nothing else', () => {
    expect(ACTOR_NAMES).toHaveLength(16)
    expect(ACTOR_NAMES.every(isActorName)).toBe(true)
    expect(['', 'StorageMiner', 'miner', 'toString', 'length'].some(isActorName)).toBe(false)
  })
})
