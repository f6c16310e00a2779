import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { formatCid } from '@plimsoll/ipld'
import { parseActorId } from '@plimsoll/primitives'
import {
  assessMiner,
  type FeeBranch,
  liveTerminationFees,
  type NetworkView,
  openMiner,
  openNetworkView,
  queuedTerminationFees,
  requireMiner,
  sectorFees,
  type TerminationFees,
} from '@plimsoll/risk'
import type { Driver } from '../driver.ts'
import { allOf, attempt, expectEqual, type NamedOutcome, type Outcome } from '../outcome.ts'
import { loadCar } from '../states/open-state.ts'
import { readJson } from '../vector-file.ts'

interface StateFees {
  /** A CAR, by its path below the folder that the folder of this file is in. */
  readonly state: string
  readonly root: string
  readonly epoch: number
  readonly estimates: { readonly qa_power: FilterText; readonly reward: FilterText }
  readonly miners: readonly MinerFees[]
}

type FilterText = readonly [position: string, velocity: string]

interface MinerFees {
  readonly miner: string
  readonly live_sectors: number
  readonly queued_sectors: number
  readonly pledge_live: string
  readonly pledge_queued: string
  readonly balance: string
  readonly initial_pledge: string
  readonly locked_funds: string
  readonly pre_commit_deposits: string
  readonly fee_debt: string
  readonly live_qa_power: string
  readonly faulty_qa_power: string
  readonly sector_size: number
  readonly daily_fees_stored: string
  readonly fault_fee_per_day_all_sectors: { readonly by_deadline: string }
  readonly termination_fees: readonly EpochFees[]
}

interface EpochFees {
  readonly epoch: number
  readonly live: string
  readonly queued: string
  readonly by_branch_live: BranchCounts
  readonly by_branch_queued: BranchCounts
}

type BranchCounts = Readonly<Record<'age' | 'cap' | 'floor_fault' | 'floor_pledge', number>>

const BRANCHES: readonly (readonly [keyof BranchCounts, FeeBranch])[] = [
  ['age', 'age'],
  ['cap', 'cap'],
  ['floor_fault', 'floorFault'],
  ['floor_pledge', 'floorPledge'],
]

/** Whole miners: positions, and the fees of all their sectors at several epochs. */
export const liquidationFees: Driver = {
  family: 'liquidation fees',
  handles: ({ name }) => name === 'fees.json',
  *run({ path }, { hashes }): Generator<NamedOutcome> {
    for (const fees of readJson<readonly StateFees[]>(path)) {
      const state = resolve(dirname(path), '..', fees.state)
      if (!existsSync(state)) {
        yield [fees.state, { status: 'skipped', reason: 'its state is not beside the file' }]
        continue
      }
      const { store, roots } = loadCar(state, hashes)
      const view = openNetworkView(store, roots, { epoch: fees.epoch })
      yield [`${fees.state} root`, expectEqual(fees.root, formatCid(view.tree.root))]
      yield [`${fees.state} estimates`, compareEstimates(view, fees)]
      for (const miner of fees.miners) {
        yield [`${fees.state} ${miner.miner}`, attempt(() => allOf(compareMiner(view, miner)))]
      }
    }
  },
}

function compareEstimates({ estimates }: NetworkView, fees: StateFees): Outcome {
  const { reward, qaPower } = estimates
  const filters = [reward.position, reward.velocity, qaPower.position, qaPower.velocity]
  return expectEqual([...fees.estimates.reward, ...fees.estimates.qa_power], filters)
}

function* compareMiner(view: NetworkView, expected: MinerFees): Generator<Outcome> {
  const { id, record } = requireMiner(view, parseActorId(expected.miner))
  const opened = openMiner(view, id, record)
  const terms = { outstanding: 0n, buffer: { days: 1 } }
  const { sheet, counts, slashing, livePower, faultyPower, byRules } = assessMiner(
    view,
    opened,
    ['fip0098'],
    terms,
  )
  yield named('live sectors', expected.live_sectors, counts.liveSectors)
  yield named('queued sectors', expected.queued_sectors, counts.queuedSectors)
  yield named('sector size', expected.sector_size, opened.book.sectorSizeBytes)
  yield named('balance', expected.balance, sheet.actorBalance)
  yield named('initial pledge', expected.initial_pledge, sheet.initialPledge)
  yield named('locked funds', expected.locked_funds, sheet.lockedFunds)
  yield named('deposits', expected.pre_commit_deposits, sheet.preCommitDeposit)
  yield named('fee debt', expected.fee_debt, sheet.feeDebt)
  yield named('live power', expected.live_qa_power, livePower.qa)
  yield named('faulty power', expected.faulty_qa_power, faultyPower.qa)
  const dailyFees = opened.book.deadlines.reduce((sum, { dailyFee }) => sum + dailyFee, 0n)
  yield named('daily fees', expected.daily_fees_stored, dailyFees)
  yield named('fault fees of a day', expected.fault_fee_per_day_all_sectors.by_deadline, slashing.faultFees)
  const fees = sectorFees(view, opened, 'fip0098')
  for (const at of expected.termination_fees) {
    yield* compareFees(
      at.epoch,
      'live',
      at.live,
      at.by_branch_live,
      liveTerminationFees(opened.book, fees, at.epoch),
    )
    yield* compareFees(
      at.epoch,
      'queued',
      at.queued,
      at.by_branch_queued,
      queuedTerminationFees(opened.book, fees),
    )
  }
  // The position is arithmetic on figures that were compared above.
  const [first] = expected.termination_fees
  const debt = BigInt(expected.fee_debt) + BigInt(first?.live ?? 0) + BigInt(first?.queued ?? 0)
  const liquidationValue = BigInt(expected.balance) - BigInt(expected.pre_commit_deposits) - debt
  yield named('liquidation value', liquidationValue, byRules[0].position.liquidationValue)
}

function* compareFees(
  epoch: number,
  name: string,
  expected: string,
  branches: BranchCounts,
  actual: TerminationFees,
): Generator<Outcome> {
  yield named(`${name} fee at ${epoch}`, expected, actual.fee)
  for (const [theirs, ours] of BRANCHES) {
    yield named(`${name} ${ours} at ${epoch}`, branches[theirs], actual.byBranch.get(ours)?.sectors ?? 0)
  }
}

function named(name: string, expected: unknown, actual: unknown): Outcome {
  return expectEqual(`${name}: ${expected}`, `${name}: ${actual}`)
}
