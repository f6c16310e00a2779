import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import {
  cidFromBytes,
  createCarReader,
  createMemoryBlockstore,
  type Link,
  linkTo,
  Multicodec,
  Multihash,
  makeCid,
  save,
} from '@plimsoll/ipld'
import {
  type ActorId,
  actorId,
  addressFromBytes,
  createHashes,
  idAddress,
  parseHex,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import {
  buildState,
  editActor,
  editAll,
  editMiner,
  editRecord,
  findingsAfter,
  OWNER_ID,
  putActor,
  SOUND_STATE,
  type StateEdit,
  testCode,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { AccountState } from '../account/state.ts'
import { MultisigState, PendingTxns } from '../multisig/state.ts'
import { MAINNET_POLICY } from '../policy.ts'
import { Claims, CronEventQueue, PowerState } from '../power/state.ts'
import { loadActorCodes } from './actor-codes.ts'
import type { ActorRecord } from './actor-record.ts'
import { checkStateInvariants } from './check-state-invariants.ts'
import { loadStateTree } from './state-tree.ts'

const hashes = await createHashes()
const store = createMemoryBlockstore(hashes)
const MINER = actorId(1000)
const absent = linkTo<never>(makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, new Uint8Array(32)))
const key = addressFromBytes(parseHex(`01${'11'.repeat(20)}`))

const record = (name: Parameters<typeof testCode>[0], head: Link<unknown> = absent): ActorRecord => ({
  code: testCode(name),
  head,
  sequence: 0n,
  balance: 0n,
  delegatedAddress: null,
})

function check(...edits: readonly StateEdit[]) {
  const tree = loadStateTree(store, [editAll(...edits)(store, buildState(store, SOUND_STATE))])
  const seen: ActorId[] = []
  const { findings, checked, unchecked } = checkStateInvariants(
    MAINNET_POLICY,
    tree,
    loadActorCodes(tree),
    SOUND_STATE.epoch - 1,
    (id) => seen.push(id),
  )
  return { findings, checked: Object.fromEntries(checked), unchecked: Object.fromEntries(unchecked), seen }
}

const editPower = (change: (state: PowerState) => Partial<PowerState>) =>
  editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state) => ({ ...state, ...change(state) }))

function putMultisig(change: Partial<MultisigState>): StateEdit {
  return (into, root) => {
    const state = {
      signers: [idAddress(OWNER_ID)],
      numApprovalsThreshold: 1,
      nextTxId: 0n,
      initialBalance: 0n,
      startEpoch: 0n,
      unlockDuration: 0n,
      pendingTxs: PendingTxns.empty(into).flush(),
      ...change,
    }
    const multisig = record('multisig', save(into, MultisigState, state))
    return putActor(idAddress(actorId(200)), multisig)(into, root)
  }
}

describe('a whole state', () => {
  test('breaks no rule, and every actor of it is heard of and counted', () => {
    const { findings, checked, unchecked, seen } = check()
    expect(findings).toEqual([])
    expect(checked).toEqual({
      account: 1,
      cron: 1,
      init: 1,
      reward: 1,
      storageminer: 2,
      storagepower: 1,
      system: 1,
    })
    expect(unchecked).toEqual({})
    expect(seen.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, OWNER_ID, 1000, 1001])
  })

  test.each([
    {
      rule: 'has actors under ID addresses',
      kind: 'tree/key-not-id',
      place: '',
      edit: putActor(key, record('account')),
    },
    {
      rule: 'has a claim for every miner',
      kind: 'tree/miner-without-claim',
      place: 'f01001',
      edit: editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state, blocks) => {
        const claims = Claims.load(blocks, state.claims)
        claims.delete(idAddress(actorId(1001)))
        return { ...state, claims: claims.flush() }
      }),
    },
    {
      rule: 'has claims of the power of the miners',
      kind: 'tree/claim-power',
      place: 'f01000',
      edit: editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state, blocks) => {
        const claims = Claims.load(blocks, state.claims)
        // What one miner claims less, the other claims more, so that the sums stay.
        for (const [id, difference] of [
          [actorId(1000), -1n],
          [actorId(5000), 1n],
        ] as const) {
          const claim = claims.get(idAddress(id))
          const { rawBytePower = 0n, qualityAdjPower = 0n } = claim ?? {}
          claims.set(idAddress(id), {
            windowPostProofType: 13,
            rawBytePower: rawBytePower + difference,
            qualityAdjPower: qualityAdjPower + difference,
          })
        }
        return { ...state, claims: claims.flush() }
      }),
    },
    {
      rule: 'has events for miners whose cron is on',
      kind: 'tree/active-cron-without-events',
      place: 'f01000',
      edit: editPower(() => ({ cronEventQueue: CronEventQueue.empty(store).flush() })),
    },
    {
      rule: 'has miners that keep their own rules',
      kind: 'miner/fee-debt-negative',
      place: 'f01000',
      edit: editMiner(MINER, (state) => ({ ...state, feeDebt: -1n })),
    },
    {
      rule: 'has accounts of keys',
      kind: 'account/key-address',
      place: 'f0100',
      edit: editActor(OWNER_ID, AccountState, () => ({ address: idAddress(OWNER_ID) })),
    },
    {
      rule: 'has multisigs that lock nothing for no time',
      kind: 'multisig/locked-balance',
      place: 'f0200',
      edit: putMultisig({ initialBalance: 7n }),
    },
  ])('$rule: $kind', ({ kind, place, edit }) => {
    expect(findingsAfter(store, SOUND_STATE, edit)).toEqual([{ kind, place, message: expect.any(String) }])
  })

  test('has a reward actor of the epoch after the last one', () => {
    const tree = loadStateTree(store, [buildState(store, SOUND_STATE)])
    const { findings } = checkStateInvariants(MAINNET_POLICY, tree, loadActorCodes(tree), SOUND_STATE.epoch)
    expect(findings).toEqual([{ kind: 'reward/epoch', place: 'f02', message: expect.any(String) }])
  })

  test('is checked as far as there are rules; the other actors are counted', () => {
    const { findings, checked, unchecked } = check(
      putActor(idAddress(actorId(10)), record('eam')),
      putActor(idAddress(actorId(201)), record('paymentchannel')),
      putActor(idAddress(actorId(202)), record('paymentchannel')),
      putActor(idAddress(actorId(203)), record('evm')),
      putActor(idAddress(actorId(204)), record('placeholder')),
      putActor(idAddress(actorId(205)), record('ethaccount')),
    )
    expect(findings).toEqual([])
    expect(checked).toMatchObject({ eam: 1, evm: 1, placeholder: 1, ethaccount: 1, system: 1 })
    expect(unchecked).toEqual({ paymentchannel: 2 })
  })

  test('is checked without its power actor, but not the miners against it', () => {
    const withoutPower = editRecord(STORAGE_POWER_ACTOR_ID, (power) => ({
      ...power,
      code: testCode('paymentchannel'),
    }))
    const { findings, unchecked } = check(withoutPower)
    expect(findings).toEqual([])
    expect(unchecked).toEqual({ paymentchannel: 1 })
  })

  test('has actors of known code', () => {
    const code = makeCid(Multicodec.RAW, Multihash.BLAKE2B_256, new Uint8Array(32))
    expect(() => check(editRecord(MINER, (miner) => ({ ...miner, code })))).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_ACTOR_CODE' }),
    )
  })

  test.each([
    { of: 'the power actor', id: STORAGE_POWER_ACTOR_ID, place: 'f04' },
    { of: 'a miner', id: MINER, place: 'f01000' },
    { of: 'an account', id: OWNER_ID, place: 'f0100' },
  ])('names $of when its state is missing', ({ id, place }) => {
    expect(() => check(editRecord(id, (actor) => ({ ...actor, head: absent })))).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK', path: [place] }),
    )
  })
})

/** Recorded scenarios of the reference; see fixtures/README.md. The last line of each is its end. */
const FIXTURES = new URL('../../../../fixtures/reference-v18/', import.meta.url)

function readFixture(name: string): Uint8Array {
  return gunzipSync(readFileSync(new URL(name, FIXTURES)))
}

function endOf(scenario: string) {
  const lines = new TextDecoder()
    .decode(readFixture(`${scenario}/tiny.jsonl.gz`))
    .trimEnd()
    .split('\n')
  return JSON.parse(lines.at(-1) ?? '') as { readonly epoch: number; readonly invariants: readonly string[] }
}

describe('the last state of a scenario of the reference', () => {
  test.each([
    { scenario: 'errors', kinds: [], messages: [] },
    {
      scenario: 'multisig-account-init',
      kinds: ['reward/epoch', 'miner/cron-inactive-with-funds'],
      messages: [
        'reward state epoch 6100011 does not match prior_epoch+1 6100012',
        'DeadlineCronActive == false when IP+PCD+LF > 0',
      ],
    },
    {
      scenario: 'power-reward',
      kinds: ['reward/allocation', 'miner/cron-inactive-with-funds'],
      messages: [
        expect.stringContaining('< storage mining allocation 1100000000.0'),
        'DeadlineCronActive == false when IP+PCD+LF > 0',
      ],
    },
  ])(
    '$scenario breaks the rules that the reference found broken: $kinds',
    ({ scenario, kinds, messages }) => {
      const { epoch, invariants } = endOf(scenario)
      expect(invariants).toEqual(messages)
      const blocks = createMemoryBlockstore(hashes)
      const reader = createCarReader(hashes, (bytes, start, end, block) => {
        blocks.put(cidFromBytes(bytes.slice(start, end)), block.slice())
      })
      reader.push(readFixture(`${scenario}/tiny.final.car.gz`))
      const tree = loadStateTree(blocks, reader.finish())
      const { findings } = checkStateInvariants(MAINNET_POLICY, tree, loadActorCodes(tree), epoch - 1)
      expect(findings.map(({ kind }) => kind).sort()).toEqual(kinds.toSorted())
    },
  )
})
