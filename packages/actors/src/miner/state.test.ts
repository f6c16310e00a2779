import { decodeCbor, EMPTY_BIT_FIELD, encodeCbor, linkTo, parseCid } from '@plimsoll/ipld'
import { actorId, formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { minerLayout } from './layout.ts'
import type { MinerInfo, MinerState } from './state.ts'

const idOf = (id: number) => idAddress(actorId(id))
const NO_TERM = { quota: 0n, usedQuota: 0n, expiration: 0 }

interface StoredInfo {
  readonly of: string
  readonly version: 8 | 9
  readonly hex: string
  readonly value: MinerInfo
}

describe('the information of a miner', () => {
  test.each<StoredInfo>([
    {
      // Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800.
      of: 'a miner that changes its worker, of v8, who has no beneficiary but the owner',
      version: 8,
      // [h'00990b', h'009c0b', [h'009c0b', h'009b0b'], [h'00990b', 16777], h'', [], 8, 34359738368, 2349,
      // -1, null]
      hex: '8b4300990b43009c0b8243009c0b43009b0b824300990b1941894080081b000000080000000019092d20f6',
      value: {
        owner: idOf(1433),
        worker: idOf(1436),
        controlAddresses: [idOf(1436), idOf(1435)],
        pendingWorkerKey: { newWorker: idOf(1433), effectiveAt: 16777 },
        peerId: new Uint8Array(),
        multiAddress: [],
        windowPostProofType: 8,
        sectorSize: 34359738368,
        windowPostPartitionSectors: 2349,
        consensusFaultElapsed: -1,
        pendingOwnerAddress: null,
        beneficiary: idOf(1433),
        beneficiaryTerm: NO_TERM,
        pendingBeneficiaryTerm: null,
      },
    },
    {
      // Source: filecoin-project/fvm-test-vectors, mainnet in network version 17.
      of: 'a miner with three control addresses, of v9',
      version: 9,
      // [h'00d0d55e', h'00ad8e32', [h'00ae8e32', h'00b08e32', h'00b28e32'], null, h'002408011220dc5d…', [],
      // 8, 34359738368, 2349, -1, null, h'00d0d55e', [h'', h'', 0], null]
      hex:
        '8e4400d0d55e4400ad8e32834400ae8e324400b08e324400b28e32f6' +
        '5826002408011220dc5d5b1db22ccc5299c649a1fd529a6577436f1cf4a0cbd3b311ec43a93b05668008' +
        '1b000000080000000019092d20f64400d0d55e83404000f6',
      value: {
        owner: idOf(1551056),
        worker: idOf(821037),
        controlAddresses: [idOf(821038), idOf(821040), idOf(821042)],
        pendingWorkerKey: null,
        peerId: parseHex('002408011220dc5d5b1db22ccc5299c649a1fd529a6577436f1cf4a0cbd3b311ec43a93b0566'),
        multiAddress: [],
        windowPostProofType: 8,
        sectorSize: 34359738368,
        windowPostPartitionSectors: 2349,
        consensusFaultElapsed: -1,
        pendingOwnerAddress: null,
        beneficiary: idOf(1551056),
        beneficiaryTerm: NO_TERM,
        pendingBeneficiaryTerm: null,
      },
    },
  ])('of $of, is as that network stores it', ({ version, hex, value }) => {
    const codec = minerLayout(version).info
    expect(decodeCbor(codec, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(codec, value))).toBe(hex)
  })
})

interface StoredState {
  readonly of: string
  readonly version: 8 | 16
  readonly hex: string
  readonly value: MinerState
}

describe('the state of a miner', () => {
  test.each<StoredState>([
    {
      // Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800.
      of: 'v8, where the vesting table is one block,',
      version: 8,
      // [CID qgsuqo, h'', h'', CID 53rwdc, h'', h'000de0b6b000000000', CID ikwfay, CID yyk5ak, CID wa7pmo,
      // CID gjngfi, 5746, 40, CID 4hd3fq, h'', true]
      hex:
        '8fd82a5827000171a0e4022055f9684f8b9f2e5ceb21f1216d0a30b8a49a8703f763a6f499e0a3a6d034a9074040' +
        'd82a5827000171a0e4022016187a5f7cc741f8d578b58af78e7d9d36892b826ecc8750d45a9bd7fddc6c3140' +
        '49000de0b6b000000000' +
        'd82a5827000171a0e4022018fe6acc61a3a36b0c373c4a3a8ea64b812bf2ca9b528050909c78d408558a0c' +
        'd82a5827000171a0e4022033739dbd0fbb270c7bfcf65f287e5b7ac1b8142a5ef917c0e6d324eb78c2ba05' +
        'd82a5827000171a0e402200d4a9dc7f68eb0d26623c59b37498c7202f9145167c7802ffb8115fc5607dec7' +
        'd82a5827000171a0e40220a2fd0cc77416af0832614b49e5263784bd31987eb80a434144191848e64b4c541916721828' +
        'd82a5827000171a0e40220f19051e8d0b7b60dee6532f811f17e2610ce56ca423c7925d29633361c38f65840f5',
      value: {
        info: linkTo(parseCid('bafy2bzacebk7s2cprops4xhlehysc3ikgc4kjguhap3whjxuthqkhjwqgsuqo')),
        preCommitDeposits: 0n,
        lockedFunds: 0n,
        vestingFunds: {
          head: null,
          tail: linkTo(parseCid('bafy2bzacealbq6s7ptdud6gvpc2yv54opwotncjlqjxmzb2q2rnjxv753rwdc')),
        },
        feeDebt: 0n,
        initialPledge: 999999984306749440n,
        preCommittedSectors: linkTo(
          parseCid('bafy2bzaceamp42wmmgr2g2ymg46euououzfyck7szknvfacqscohrvaikwfay'),
        ),
        preCommittedSectorsCleanup: linkTo(
          parseCid('bafy2bzaceazxhhn5b65sodd37t3f6kd6ln5mdoaufjppsf6a43jsj23yyk5ak'),
        ),
        allocatedSectors: linkTo(parseCid('bafy2bzaceaguvhoh62hlbutgepczwn2jrrzaf6iukft4pabp7oarl7cwa7pmo')),
        sectors: linkTo(parseCid('bafy2bzacecrp2dghoqlk6cbsmffutzjgg6cl2mmyp24auq2biqmrqshgjngfi')),
        provingPeriodStart: 5746,
        currentDeadline: 40,
        deadlines: linkTo(parseCid('bafy2bzacedyzaupi2c33mdpomuzpqeprpytbbtswzjbdy6jf2kldgnq4hd3fq')),
        earlyTerminations: EMPTY_BIT_FIELD,
        deadlineCronActive: true,
      },
    },
    {
      // Source: filecoin-project/lotus `build/genesis/butterflynet.car.zst`, with actors v17.
      of: 'v16, where the first step of the table is in the state,',
      version: 16,
      // [CID dc3x5u, h'', h'001634577e9cba88', [[4240, h'002e7e07799e20'], CID g7uk3k], h'', h'0001e0', CID
      // ikwfay, CID mvfofa, CID std7sm, CID 5dpswo, -1520, 25, CID 5erf7i, h'', true]
      hex:
        '8fd82a5827000171a0e402200182d18ad5e5762f39d4d7a639b2fc20ba30f77a9dfb75c8f8225af58316efda40' +
        '48001634577e9cba88' +
        '828219109047002e7e07799e20d82a5827000171a0e40220d30e22e4b35abc1159893e4cbd97176e01cf169e296b3d80' +
        'a66f63cc26fd15b540430001e0' +
        'd82a5827000171a0e4022018fe6acc61a3a36b0c373c4a3a8ea64b812bf2ca9b528050909c78d408558a0c' +
        'd82a5827000171a0e4022059656def87c12fe8d97cd5f24d4d5415df84c5d5525e056c4639ea3a0ca95c50' +
        'd82a5827000171a0e40220459450d8f49e45f8b63def8bd7a13dc61a874907d8dbab1ddc5ba8559298ff26' +
        'd82a5827000171a0e40220ba436a13612a2896b1a7cf27ca857c78210abf0ecaa7810a223f0ef15d1be5673905ef1819' +
        'd82a5827000171a0e40220c797b2531b5f14d15a606db4012eb6f996754a2218fa0b58638d73c29d244bf440f5',
      value: {
        info: linkTo(parseCid('bafy2bzaceaayfumk2xsxmlzz2tl2mons7qqlumhxpko7w5oi7arfv5mdc3x5u')),
        preCommitDeposits: 0n,
        lockedFunds: 6249999878634120n,
        vestingFunds: {
          head: { epoch: 4240, amount: 51118826167840n },
          tail: linkTo(parseCid('bafy2bzacedjq4ixewnnlyekzre7ezpmxc5xadtywtyuwwpmauzxwhtbg7uk3k')),
        },
        feeDebt: 0n,
        initialPledge: 480n,
        preCommittedSectors: linkTo(
          parseCid('bafy2bzaceamp42wmmgr2g2ymg46euououzfyck7szknvfacqscohrvaikwfay'),
        ),
        preCommittedSectorsCleanup: linkTo(
          parseCid('bafy2bzacebmwk3ppq7as72gzptk7etknkqk57bgf2vjf4blmiy46uoqmvfofa'),
        ),
        allocatedSectors: linkTo(parseCid('bafy2bzacebcziugy6spel6fwhxxyxv5bhxdbvb2ja7mnxky53rn2qvmstd7sm')),
        sectors: linkTo(parseCid('bafy2bzacec5eg2qtmevcrfvru7hspsufpr4cccv7b3fkpaikei7q54k5dpswo')),
        provingPeriodStart: -1520,
        currentDeadline: 25,
        deadlines: linkTo(parseCid('bafy2bzaceddzpmstdnprjuk2mbw3iajow34zm5kkeimpuc2ymogxhqu5erf7i')),
        earlyTerminations: EMPTY_BIT_FIELD,
        deadlineCronActive: true,
      },
    },
  ])('of $of is as a network stores it', ({ version, hex, value }) => {
    const codec = minerLayout(version).state
    expect(decodeCbor(codec, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(codec, value))).toBe(hex)
  })
})
