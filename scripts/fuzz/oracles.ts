import {
  type ActorCodes,
  type ActorRecord,
  Actors,
  checkStateInvariants,
  type Finding,
  MinerState,
  NEWEST_ACTORS_VERSION,
  StateError,
} from '@plimsoll/actors'
import { bitField, formatCid, isEmptyBitField, load } from '@plimsoll/ipld'
import {
  type Address,
  CRON_ACTOR_ADDR,
  ExitCode,
  formatExitCode,
  formatIdAddress,
  idAddress,
  parseActorId,
} from '@plimsoll/primitives'
import type { CallTrace, Receipt, Vm } from '@plimsoll/vm'
import { balanceFlows } from './balance-flows.ts'
import type { Step } from './step.ts'

/** What must never be: a rule that was broken, by a name that stays the same while a case is shrunk, and how. */
export interface Violation {
  readonly rule: string
  readonly details: string
}

/**
 * Rules of the reference's that messages may break in the reference as well.
 *
 * Source of why: builtin-actors v18, in this order `state/src/check.rs`, `check_verifreg_against_miners`, and
 * `actors/miner/src/lib.rs`, `extend_simple_qap_sector`; `state/src/check.rs`, `check_market_against_verifreg`, and
 * `actors/verifreg/src/lib.rs`, `remove_expired_allocations`, and the same once more; `actors/multisig/src/lib.rs`,
 * `change_num_approvals_threshold`; FRC-0046, `increase_allowance`; `actors/reward/src/lib.rs`, `update_network_kpi`.
 */
const NOT_KEPT = [
  // The weight of claims counts from an extension on, and not from the claim's start any more.
  'tree/claimed-weight',
  // Who waits too long to put a deal into a sector loses its allocation, and the deal still names it.
  'tree/deal-without-allocation',
  // DataCap of allocations that have expired goes back to whoever has become a verifier since.
  'tree/verifier-with-datacap',
  // A lower threshold is enough for what waits already, but executes nothing.
  'multisig/approved-and-pending',
  // Nobody keeps an owner of DataCap from an allowance of his own.
  'datacap/allowance-self',
  // The reward actor's epoch follows at the end of an epoch only.
  'reward/epoch',
]
/** Rules that need every miner in sight. */
const NOT_OF_A_STEP = [...NOT_KEPT, 'tree/claim-without-miner', 'tree/deal-without-miner']

/** Checks what a step has done to a machine, but for the states of actors. */
export function violationOf(step: Step, receipt: Receipt): Violation | undefined {
  return moneyViolation(receipt) ?? failureViolation(step, receipt) ?? cronViolation(step, receipt)
}

/** FIL moves and neither comes nor goes: every actor has what it had, was sent, and did not send. */
function moneyViolation({ changes, trace }: Receipt): Violation | undefined {
  const surplus = balanceFlows(trace)
  for (const { actor, before, after } of changes) {
    surplus.set(actor, (surplus.get(actor) ?? 0n) - after.balance + (before?.balance ?? 0n))
  }
  const found = [...surplus].find(([, amount]) => amount !== 0n)
  return (
    found && {
      rule: 'conservation of FIL',
      details: `${-found[1]} attoFIL too many in ${formatIdAddress(found[0])}`,
    }
  )
}

/** A message that fails leaves nothing but its sender's sequence. */
function failureViolation(step: Step, { exitCode, changes, events }: Receipt): Violation | undefined {
  if (exitCode === ExitCode.OK) {
    return undefined
  }
  const left = changes.filter(
    ({ before, after }) =>
      before === undefined || before.head !== after.head || before.balance !== after.balance,
  )
  if (left.length === 0 && changes.length <= 1 && events.length === 0) {
    return undefined
  }
  const actors = left.map(({ actor }) => formatIdAddress(actor)).join(' ')
  return { rule: 'a failure leaves nothing', details: `${step.kind}: ${actors}, ${events.length} events` }
}

/** Cron and everybody whom it calls succeed, whatever messages have done. */
function cronViolation(step: Step, { trace }: Receipt): Violation | undefined {
  if (step.kind !== 'tick') {
    return undefined
  }
  const called = [trace, ...trace.calls, ...trace.calls.flatMap(({ calls }) => calls)]
  const failed = called.find(({ exitCode }) => exitCode !== ExitCode.OK)
  return failed === undefined ? undefined : { rule: 'cron succeeds', details: describeCall(failed) }
}

function describeCall({ to, method, exitCode, calls }: CallTrace): string {
  const deeper = calls.find((call) => call.exitCode !== ExitCode.OK)
  const here = `${to === CRON_ACTOR_ADDR ? 'cron' : formatIdAddress(to)}.${method} ended with ${formatExitCode(exitCode)}`
  return deeper === undefined ? here : `${here}; ${describeCall(deeper)}`
}

/** Actors with another state than before, by their ID addresses. */
export type Touched = Map<Address, ActorRecord>

/** Takes down which actors have another state now. */
export function touch(touched: Touched, { changes }: Receipt): void {
  for (const { actor, before, after } of changes) {
    if (before?.head !== after.head) {
      touched.set(actor, after)
    }
  }
}

/** The reference's rules over actors that were touched, and over those against each other. */
export function touchedViolation(vm: Vm, touched: Touched): Violation | undefined {
  const [first] = touched.values()
  if (first === undefined) {
    return undefined
  }
  const actors = Actors.empty(vm.store)
  for (const [actor, record] of touched) {
    // Its balance may have changed since.
    actors.set(actor, vm.findActor(actor) ?? record)
  }
  // The root is not looked at, and to ask for the real one would hash the whole state.
  const tree = { store: vm.store, root: first.code, actors, wrapper: null }
  const { findings } = checkStateInvariants(vm.host.policy, tree, codesOf(vm), vm.epoch)
  return firstOf(vm, findings, NOT_OF_A_STEP)
}

/** The reference's rules over all actors, and the sum of all balances. */
export function wholeViolation(vm: Vm, totalBalance: bigint): Violation | undefined {
  const balance = totalBalanceOf(vm)
  if (balance !== totalBalance) {
    return { rule: 'conservation of FIL', details: `${balance} attoFIL instead of ${totalBalance}` }
  }
  const { findings } = checkStateInvariants(vm.host.policy, vm.stateTree(), codesOf(vm), vm.epoch)
  return firstOf(vm, findings, NOT_KEPT)
}

export function totalBalanceOf(vm: Vm): bigint {
  return [...vm.stateTree().actors.entries()].reduce((sum, [, { balance }]) => sum + balance, 0n)
}

function firstOf(vm: Vm, findings: readonly Finding[], expected: readonly string[]): Violation | undefined {
  const found = findings.find((finding) => !expected.includes(finding.kind) && !isOfNewMiner(vm, finding))
  return found && { rule: `finding ${found.kind}`, details: `${found.place}: ${found.message}` }
}

/** The deposit of a new miner is locked before cron is ever asked to come, which the reference's rule does not know. */
function isOfNewMiner(vm: Vm, { kind, place }: Finding): boolean {
  if (kind !== 'miner/cron-inactive-with-funds') {
    return false
  }
  const state = vm.stateOf(idAddress(parseActorId(place)), MinerState)
  return (
    state.initialPledge === 0n && state.preCommitDeposits === 0n && isEmptyBitField(allocatedOf(vm, state))
  )
}

function allocatedOf(vm: Vm, { allocatedSectors }: MinerState) {
  return load(vm.store, bitField, allocatedSectors)
}

function codesOf(vm: Vm): ActorCodes {
  return {
    version: NEWEST_ACTORS_VERSION,
    nameOf: (code) => {
      const name = vm.host.codes.nameOf(code)
      if (name === undefined) {
        throw new StateError('UNKNOWN_ACTOR_CODE', `no built-in actor has the code ${formatCid(code)}`)
      }
      return name
    },
  }
}
