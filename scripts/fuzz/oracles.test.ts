import {
  type CRON_ACTOR_ADDR,
  createHashes,
  ExitCode,
  REWARD_ACTOR_ADDR,
  requireActorId,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { buildMixedMiner, editMiner, networkFindings, openNetwork } from '@plimsoll/testkit'
import { openVm, type Receipt } from '@plimsoll/vm'
import { describe, expect, test } from 'vitest'
import {
  type Touched,
  totalBalanceOf,
  touch,
  touchedViolation,
  violationOf,
  wholeViolation,
} from './oracles.ts'

const hashes = await createHashes()
const TICK = { kind: 'tick', epoch: 3000 } as const

/** A receipt of a tick on a young network, and the network. */
function tickReceipt() {
  const network = openNetwork(hashes)
  return { network, receipt: network.vm.tick() }
}

describe('what must never be', () => {
  test('is not what a tick does', () => {
    const { network, receipt } = tickReceipt()
    expect(violationOf(TICK, receipt)).toBeUndefined()
    expect(wholeViolation(network.vm, totalBalanceOf(network.vm))).toBeUndefined()
  })

  test('is FIL that comes from nowhere', () => {
    const { network, receipt } = tickReceipt()
    const reward = network.vm.findActor(REWARD_ACTOR_ADDR)
    const changes = receipt.changes.map((change) =>
      change.actor === REWARD_ACTOR_ADDR && reward !== undefined
        ? { ...change, after: { ...reward, balance: reward.balance + 3n } }
        : change,
    )
    expect(violationOf(TICK, { ...receipt, changes })).toEqual({
      rule: 'conservation of FIL',
      details: '3 attoFIL too many in f02',
    })
    expect(wholeViolation(network.vm, totalBalanceOf(network.vm) + 1n)?.rule).toBe('conservation of FIL')
  })

  test('is a failure that leaves another state behind', () => {
    const { receipt } = tickReceipt()
    const failed: Receipt = { ...receipt, exitCode: ExitCode.USR_FORBIDDEN }
    expect(violationOf(TICK, failed)?.rule).toBe('a failure leaves nothing')
  })

  test('is a callback of cron that fails', () => {
    const { receipt } = tickReceipt()
    const failing = (to: typeof CRON_ACTOR_ADDR) =>
      receipt.trace.calls.map((call) =>
        call.to === to ? { ...call, exitCode: ExitCode.USR_ILLEGAL_STATE } : call,
      )
    const trace = { ...receipt.trace, calls: failing(STORAGE_POWER_ACTOR_ADDR) }
    expect(violationOf(TICK, { ...receipt, trace })).toEqual({
      rule: 'cron succeeds',
      details: 'f04.5 ended with USR_ILLEGAL_STATE',
    })
  })

  test('is a state that breaks a rule of the reference', () => {
    const network = openNetwork(hashes)
    const { id } = buildMixedMiner(network, { committedCapacity: 1 })
    expect(networkFindings(network)).toEqual([])
    const edit = editMiner(requireActorId(id), (state) => ({
      ...state,
      initialPledge: state.initialPledge + 1n,
    }))
    const { vm } = network
    const broken = openVm(vm.store, edit(vm.store, vm.root()), vm.host, vm.epoch)
    expect(wholeViolation(broken, totalBalanceOf(broken))?.rule).toMatch(/^finding miner\//)

    const touched: Touched = new Map()
    const [before, after] = [vm.findActor(id), broken.findActor(id)]
    if (before !== undefined && after !== undefined) {
      touch(touched, { ...tickReceipt().receipt, changes: [{ actor: id, before, after }] })
    }
    expect(touchedViolation(broken, touched)?.rule).toMatch(/^finding miner\//)
    expect(touchedViolation(broken, new Map())).toBeUndefined()
  })
})
