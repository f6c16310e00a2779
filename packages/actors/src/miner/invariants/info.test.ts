import { createMemoryBlockstore } from '@plimsoll/ipld'
import { actorId, addressFromBytes, createHashes, idAddress, parseHex } from '@plimsoll/primitives'
import { editMinerInfo, findingsAfter, OWNER_ID, SOUND_STATE, type StateEdit } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import type { ActorsVersion } from '../../actors-version.ts'
import { createFindings } from '../../invariants/findings.ts'
import { NO_BENEFICIARY_TERM } from '../beneficiary.ts'
import type { MinerInfo } from '../state.ts'
import { checkMinerInfo } from './info.ts'

const store = createMemoryBlockstore(await createHashes())
const MINER = actorId(1000)
/** A miner without sectors, whose power does not depend on their size. */
const EMPTY_MINER = actorId(1001)

const owner = idAddress(OWNER_ID)
const other = idAddress(actorId(101))
const key = addressFromBytes(parseHex(`01${'00'.repeat(20)}`))

interface Broken {
  readonly rule: string
  readonly kind: string
  readonly edit: StateEdit
  readonly place?: string
  readonly also?: readonly string[]
}

const edit = (change: Partial<MinerInfo>) => editMinerInfo(MINER, (info) => ({ ...info, ...change }))
const editEmpty = (change: Partial<MinerInfo>) =>
  editMinerInfo(EMPTY_MINER, (info) => ({ ...info, ...change }))

describe('who controls a miner', () => {
  test.each<Broken>([
    { rule: 'an owner is known by its id', kind: 'miner/owner-not-id', edit: edit({ owner: key }) },
    { rule: 'a worker is known by its id', kind: 'miner/worker-not-id', edit: edit({ worker: key }) },
    {
      rule: 'a control address is an id',
      kind: 'miner/control-not-id',
      edit: edit({ controlAddresses: [other, key] }),
    },
    {
      rule: 'a new worker is known by its id',
      kind: 'miner/pending-worker-not-id',
      edit: edit({ pendingWorkerKey: { newWorker: key, effectiveAt: 1 } }),
    },
    {
      rule: 'a new worker is not the present one',
      kind: 'miner/pending-worker-is-worker',
      edit: edit({ pendingWorkerKey: { newWorker: owner, effectiveAt: 1 } }),
    },
    {
      rule: 'a new owner is known by its id',
      kind: 'miner/pending-owner-not-id',
      edit: edit({ pendingOwnerAddress: key }),
    },
    {
      rule: 'a new owner is not the present one',
      kind: 'miner/pending-owner-is-owner',
      edit: edit({ pendingOwnerAddress: owner }),
    },
    {
      rule: 'a proof type is one of window PoSt',
      kind: 'miner/window-post-proof-type',
      edit: edit({ windowPostProofType: 3 }),
      // The claim has the type that the miner should have.
      also: ['tree/claim-proof-type'],
    },
    {
      rule: 'the sector size is that of the proof type',
      kind: 'miner/sector-size',
      edit: editEmpty({ sectorSize: 2 ** 36 }),
      place: 'f01001.info',
    },
    {
      rule: 'the size of partitions is that of the proof type',
      kind: 'miner/partition-sectors',
      edit: edit({ windowPostPartitionSectors: 2300 }),
    },
  ])('$rule: $kind', ({ kind, edit: change, place = 'f01000.info', also = [] }) => {
    const findings = findingsAfter(store, SOUND_STATE, change)
    expect(findings.map((finding) => finding.kind).sort()).toEqual([kind, ...also].sort())
    expect(findings).toContainEqual(expect.objectContaining({ kind, place }))
  })

  test.each([
    { rule: 'control addresses may be many', change: { controlAddresses: [owner, other, owner] } },
    {
      rule: 'a new worker may be another',
      change: { pendingWorkerKey: { newWorker: other, effectiveAt: 1 } },
    },
    { rule: 'a new owner may be another', change: { pendingOwnerAddress: other } },
    // The reference has no rule for beneficiaries.
    { rule: 'a beneficiary may be anyone', change: { beneficiary: key } },
  ])('$rule', ({ change }) => {
    expect(findingsAfter(store, SOUND_STATE, edit(change))).toEqual([])
  })
})

describe('the proof type of a miner', () => {
  const info = (
    windowPostProofType: number,
    sectorSize: number,
    windowPostPartitionSectors: number,
  ): MinerInfo => ({
    owner,
    worker: owner,
    controlAddresses: [],
    pendingWorkerKey: null,
    peerId: new Uint8Array(),
    multiAddress: [],
    windowPostProofType,
    sectorSize,
    windowPostPartitionSectors,
    consensusFaultElapsed: -1,
    pendingOwnerAddress: null,
    beneficiary: owner,
    beneficiaryTerm: NO_BENEFICIARY_TERM,
    pendingBeneficiaryTerm: null,
  })
  const kindsOf = (value: MinerInfo, version: ActorsVersion) => {
    const findings = createFindings()
    checkMinerInfo(value, version, findings)
    return findings.list.map(({ kind }) => kind)
  }

  // Source: ref-fvm `shared/src/sector/registered_proof.rs`. FIP-0061 retired 5 to 9 with v12.
  test.each([
    { size: '2 KiB', older: 5, proofType: 10, sizeBytes: 2 ** 11, sectors: 2 },
    { size: '8 MiB', older: 6, proofType: 11, sizeBytes: 2 ** 23, sectors: 2 },
    { size: '512 MiB', older: 7, proofType: 12, sizeBytes: 2 ** 29, sectors: 2 },
    { size: '32 GiB', older: 8, proofType: 13, sizeBytes: 2 ** 35, sectors: 2349 },
    { size: '64 GiB', older: 9, proofType: 14, sizeBytes: 2 ** 36, sectors: 2300 },
  ])('for $size is $proofType, and up to v11 may be $older', ({ older, proofType, sizeBytes, sectors }) => {
    expect(kindsOf(info(proofType, sizeBytes, sectors), 18)).toEqual([])
    expect(kindsOf(info(older, sizeBytes, sectors), 11)).toEqual([])
    expect(kindsOf(info(older, sizeBytes, sectors), 12)).toEqual(['miner/window-post-proof-type'])
  })

  test.each([4, 15, 0, -1])('is not %i', (proofType) => {
    expect(kindsOf(info(proofType, 2 ** 35, 2349), 8)).toEqual(['miner/window-post-proof-type'])
  })
})
