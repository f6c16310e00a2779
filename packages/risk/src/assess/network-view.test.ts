import { StateError } from '@plimsoll/actors'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import { buildState, PLAIN_QA_POWER, PLAIN_REWARD, type StatePlan } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { AssessError, type NetworkViewOptions, openNetworkView } from './network-view.ts'

const hashes = await createHashes()
/** The epoch of the next message; the one before it was executed last. */
const EPOCH = 1_000_000

function open(options?: NetworkViewOptions, plan: Partial<StatePlan> = {}) {
  const store = createMemoryBlockstore(hashes)
  const root = buildState(store, { epoch: EPOCH, miners: [], ...plan })
  return { root, view: openNetworkView(store, [root], options) }
}

function errorOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}

describe('openNetworkView', () => {
  test('is for the next message when no epoch is asked for', () => {
    const { view } = open()
    expect(view).toMatchObject({ stateEpoch: EPOCH - 1, assessedEpoch: EPOCH })
  })

  test.each([
    { name: 'the last executed epoch', epoch: EPOCH - 1 },
    { name: 'the epoch of the next message', epoch: EPOCH },
    { name: 'a later epoch', epoch: EPOCH + 86_400 },
  ])('is for $name when it is asked for', ({ epoch }) => {
    const { view } = open({ epoch })
    expect(view).toMatchObject({ stateEpoch: EPOCH - 1, assessedEpoch: epoch })
  })

  test.each([EPOCH - 2, 0, -1])('refuses the epoch %i, which is before the last executed one', (epoch) => {
    const error = errorOf(() => open({ epoch }))
    expect(error).toBeInstanceOf(AssessError)
    expect(error).toMatchObject({ code: 'EPOCH_BEFORE_STATE', data: { epoch, stateEpoch: EPOCH - 1 } })
  })

  test('has the estimates, the name and the root of the state', () => {
    const { view, root } = open({}, { networkName: 'somewhere' })
    expect(view.estimates).toEqual({ reward: PLAIN_REWARD, qaPower: PLAIN_QA_POWER })
    expect(view.network.networkName).toBe('somewhere')
    expect(view.tree.root).toBe(root)
  })

  test('takes the version from the code, and for a test network the newest or the given one', () => {
    expect(open({}, { codeVersion: '17' }).view.version).toBe(17)
    expect(open().view.version).toBe(18)
    expect(open({ actorsVersion: 16 }).view.version).toBe(16)
  })

  test('refuses a version that the code contradicts', () => {
    const error = errorOf(() => open({ actorsVersion: 18 }, { codeVersion: '17' }))
    expect(error).toBeInstanceOf(StateError)
    expect(error).toMatchObject({ code: 'ACTORS_VERSION_CONTRADICTED', data: { known: 17, given: 18 } })
  })

  test('refuses a version that is not read', () => {
    const error = errorOf(() => open({}, { codeVersion: '19' }))
    expect(error).toMatchObject({ code: 'UNSUPPORTED_ACTORS_VERSION', data: { version: 19 } })
  })
})
