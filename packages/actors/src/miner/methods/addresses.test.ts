import {
  type ActorId,
  type Address,
  AddressProtocol,
  addressFromBytes,
  createHashes,
  ExitCode,
  idAddress,
} from '@plimsoll/primitives'
import {
  MINER_CONTROL,
  MINER_EPOCH,
  MINER_OWNER,
  MINER_WORKER,
  ScriptedMiner,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'

const hashes = await createHashes()

function key(protocol: number, bytes: number, fill = 7): Address {
  const encoded = new Uint8Array(1 + bytes).fill(fill)
  encoded[0] = protocol
  return addressFromBytes(encoded)
}
const BLS_KEY = key(AddressProtocol.Bls, 48)
const SECP_KEY = key(AddressProtocol.Secp256k1, 20)
const NOBODY = key(AddressProtocol.Bls, 48, 9)

/** A miner without anything; the key of a stranger is a BLS key. */
function plain() {
  const miner = new ScriptedMiner(hashes)
  miner.rt.idAddresses.set(BLS_KEY, STRANGER)
  return miner
}

/** A worker that is named by its ID is asked for its key. */
const expectKey = (miner: ScriptedMiner, named: Address, of = STRANGER) => miner.expectKey(of, named)

const illegal = ExitCode.USR_ILLEGAL_ARGUMENT
const forbidden = ExitCode.USR_FORBIDDEN

// Source of the cases: builtin-actors v18, `actors/miner/tests/change_worker_address_test.rs`.
describe('ChangeWorkerAddress', () => {
  const params = { newWorker: STRANGER, newControlAddresses: [STRANGER, MINER_OWNER] }
  const exitCode = (miner: ScriptedMiner, change: Partial<typeof params> = {}, caller = MINER_OWNER) =>
    miner.exitCode('ChangeWorkerAddress', { ...params, ...change }, caller)

  test('changes control addresses at once, and the worker after 900 epochs', () => {
    const miner = plain()
    expectKey(miner, BLS_KEY)
    miner.call('ChangeWorkerAddress', params, MINER_OWNER)
    expect(miner.info).toMatchObject({
      worker: MINER_WORKER,
      controlAddresses: [STRANGER, MINER_OWNER],
      pendingWorkerKey: { newWorker: STRANGER, effectiveAt: MINER_EPOCH + 900 },
    })
  })

  test('takes keys, and does not ask a worker for one that it is named by', () => {
    const miner = plain()
    miner.call(
      'ChangeWorkerAddressExported',
      { newWorker: BLS_KEY, newControlAddresses: [BLS_KEY] },
      MINER_OWNER,
    )
    expect(miner.info).toMatchObject({
      controlAddresses: [STRANGER],
      pendingWorkerKey: { newWorker: STRANGER },
    })
  })

  test('of the present worker changes only control addresses', () => {
    const miner = plain()
    expectKey(miner, BLS_KEY, MINER_WORKER)
    miner.call('ChangeWorkerAddress', { newWorker: MINER_WORKER, newControlAddresses: [] }, MINER_OWNER)
    expect(miner.info).toMatchObject({ controlAddresses: [], pendingWorkerKey: null })
  })

  test('keeps a change that is pending, and its epoch', () => {
    const miner = plain()
    const pendingWorkerKey = { newWorker: MINER_CONTROL, effectiveAt: MINER_EPOCH + 1 }
    miner.changeInfo({ pendingWorkerKey })
    expectKey(miner, BLS_KEY)
    miner.call('ChangeWorkerAddress', params, MINER_OWNER)
    expect(miner.info.pendingWorkerKey).toEqual(pendingWorkerKey)
  })

  test('checks addresses before it looks at who calls', () => {
    const eleven = Array.from({ length: 11 }, () => STRANGER)
    expect(exitCode(plain(), { newControlAddresses: eleven }, STRANGER)).toBe(illegal)
    expect(exitCode(plain(), { newWorker: NOBODY }, STRANGER)).toBe(illegal)
    const contract = plain()
    contract.rt.actors.set(STRANGER, { type: 'multisig' })
    expect(exitCode(contract, {}, STRANGER)).toBe(illegal)
    const otherKey = plain()
    expectKey(otherKey, SECP_KEY)
    expect(exitCode(otherKey, {}, STRANGER)).toBe(illegal)
    const otherControl = plain()
    expectKey(otherControl, BLS_KEY)
    expect(exitCode(otherControl, { newControlAddresses: [NOBODY] }, STRANGER)).toBe(illegal)
  })

  test.each([MINER_WORKER, MINER_CONTROL, STRANGER])('is for the owner alone (%#)', (caller) => {
    const miner = plain()
    expectKey(miner, BLS_KEY)
    expect(exitCode(miner, {}, caller)).toBe(forbidden)
  })
})

// Source of the cases: builtin-actors v18, `actors/miner/tests/confirm_update_worker_key_test.rs`.
describe('ConfirmChangeWorkerAddress', () => {
  test.each([
    { effectiveAt: MINER_EPOCH + 1, worker: MINER_WORKER },
    { effectiveAt: MINER_EPOCH, worker: STRANGER },
  ])('lets a worker begin who is due at $effectiveAt', ({ effectiveAt, worker }) => {
    const miner = plain()
    miner.changeInfo({ pendingWorkerKey: { newWorker: STRANGER, effectiveAt } })
    miner.call('ConfirmChangeWorkerAddress', undefined, MINER_OWNER)
    expect(miner.info.worker).toBe(worker)
    expect(miner.info.pendingWorkerKey === null).toBe(worker === STRANGER)
  })

  test('does nothing where nothing is pending, and is for the owner alone', () => {
    const miner = plain()
    miner.call('ConfirmChangeWorkerAddress', undefined, MINER_OWNER)
    expect(miner.info.worker).toBe(MINER_WORKER)
    expect(miner.exitCode('ConfirmChangeWorkerAddress')).toBe(forbidden)
  })
})

// Source of the cases: builtin-actors v18, `actors/miner/tests/change_owner_address_test.rs`.
describe('ChangeOwnerAddress', () => {
  const change = (miner: ScriptedMiner, to: Address, caller = MINER_OWNER) =>
    miner.call('ChangeOwnerAddress', to, caller)

  test('is proposed by the owner and confirmed by the next one, who becomes the beneficiary too', () => {
    const miner = plain()
    change(miner, STRANGER)
    expect(miner.info).toMatchObject({ owner: MINER_OWNER, pendingOwnerAddress: STRANGER })
    change(miner, STRANGER, STRANGER)
    expect(miner.info).toMatchObject({ owner: STRANGER, beneficiary: STRANGER, pendingOwnerAddress: null })
  })

  test('leaves another beneficiary, and drops the proposal of one', () => {
    const miner = plain()
    miner.changeInfo({
      beneficiary: MINER_WORKER,
      pendingBeneficiaryTerm: {
        newBeneficiary: MINER_CONTROL,
        newQuota: 1n,
        newExpiration: MINER_EPOCH + 1,
        approvedByBeneficiary: false,
        approvedByNominee: false,
      },
    })
    change(miner, STRANGER)
    change(miner, STRANGER, STRANGER)
    expect(miner.info).toMatchObject({ beneficiary: MINER_WORKER, pendingBeneficiaryTerm: null })
  })

  test('is taken back by the owner who proposes himself, or another one', () => {
    const miner = plain()
    change(miner, STRANGER)
    change(miner, MINER_CONTROL)
    expect(miner.info.pendingOwnerAddress).toBe(MINER_CONTROL)
    expect(miner.exitCode('ChangeOwnerAddress', STRANGER, STRANGER)).toBe(forbidden)
    change(miner, MINER_OWNER)
    expect(miner.info.pendingOwnerAddress).toBeNull()
  })

  test('may be proposed by the present owner to himself', () => {
    const miner = plain()
    change(miner, MINER_OWNER)
    expect(miner.info).toMatchObject({ owner: MINER_OWNER, pendingOwnerAddress: null })
  })

  test('is confirmed only by its own address', () => {
    const miner = plain()
    change(miner, STRANGER)
    expect(miner.exitCode('ChangeOwnerAddress', MINER_WORKER, STRANGER)).toBe(illegal)
    expect(miner.exitCode('ChangeOwnerAddress', STRANGER, MINER_WORKER)).toBe(forbidden)
  })

  test('takes IDs alone, whoever calls, and is refused to others than the owner first', () => {
    expect(plain().exitCode('ChangeOwnerAddress', BLS_KEY, STRANGER)).toBe(illegal)
    expect(plain().exitCode('ChangeOwnerAddress', STRANGER, STRANGER)).toBe(forbidden)
    expect(plain().exitCode('ChangeOwnerAddress', STRANGER, MINER_WORKER)).toBe(forbidden)
  })

  test('need not be of anybody', () => {
    const miner = plain()
    change(miner, idAddress(999_999 as ActorId))
    expect(miner.info.pendingOwnerAddress).toBe(idAddress(999_999 as ActorId))
  })
})

// Source of the cases: builtin-actors v18, `actors/miner/tests/miner_actor_test_peer_info.rs`.
describe('where a miner is found', () => {
  test.each([MINER_OWNER, MINER_WORKER, MINER_CONTROL])(
    'is changed by those who control it (%#)',
    (caller) => {
      const miner = plain()
      miner.call('ChangePeerID', { newId: Uint8Array.of(1, 2) }, caller)
      miner.call('ChangeMultiaddrs', { newMultiaddrs: [Uint8Array.of(3), Uint8Array.of(4)] }, caller)
      expect(miner.info.peerId).toEqual(Uint8Array.of(1, 2))
      expect(miner.info.multiAddress).toEqual([Uint8Array.of(3), Uint8Array.of(4)])
    },
  )

  test.each([
    { method: 'ChangePeerID', at: { newId: new Uint8Array(128) }, beyond: { newId: new Uint8Array(129) } },
    {
      method: 'ChangeMultiaddrs',
      at: { newMultiaddrs: [new Uint8Array(1000), new Uint8Array(24)] },
      beyond: { newMultiaddrs: [new Uint8Array(1000), new Uint8Array(25)] },
    },
    { method: 'ChangeMultiaddrs', at: { newMultiaddrs: [] }, beyond: { newMultiaddrs: [new Uint8Array()] } },
  ])('has a limit in bytes, which $method checks before the caller (%#)', ({ method, at, beyond }) => {
    expect(plain().exitCode(method, at)).toBe(ExitCode.OK)
    expect(plain().exitCode(method, beyond, STRANGER)).toBe(illegal)
    expect(plain().exitCode(method, at, STRANGER)).toBe(forbidden)
  })
})
