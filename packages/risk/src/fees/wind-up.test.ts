import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { NetworkEstimates } from '@plimsoll/actors'
import { createCarReader, SlabBlockstore } from '@plimsoll/ipld'
import { createHashes, parseActorId } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { assessMiner, openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import { openNetworkView } from '../assess/network-view.ts'
import { findRow } from '../book/sector-columns.ts'
import { fip0098Fees } from './sector-fees.ts'

/** One miner wound up by the reference, and what it says of every fee. */
const FOLDER = new URL('../../../../fixtures/liquidation/', import.meta.url)
const hashes = await createHashes()

type Filter = readonly [position: string, velocity: string]

/** The parts of `tiny.summary.json` that are compared; amounts in attoFIL. */
interface Summary {
  readonly miner: string
  readonly start: Readonly<Record<'balance' | 'initial_pledge' | 'locked_funds' | 'fee_debt', string>> & {
    readonly epoch: number
    readonly pre_commit_deposits: string
    readonly live_sectors: number
    readonly faulty_sectors: number
    readonly estimates: { readonly reward: Filter; readonly qa_power: Filter }
    readonly termination_fee_of_all_live_sectors_at_start: string
  }
  readonly termination_messages: readonly {
    readonly estimates: { readonly reward: Filter; readonly qa_power: Filter }
    readonly fee_charged: string
    /** Epoch of the termination, fee, and the sectors that have it. */
    readonly fees: readonly (readonly [epoch: number, fee: string, sectors: string])[]
  }[]
  readonly ticks_with_charges: readonly { readonly deadline: number; readonly daily_fee: string }[]
  readonly totals: Readonly<Record<'cash_withdrawn' | 'daily_fees' | 'termination_fees', string>>
}

const summary: Summary = JSON.parse(readFileSync(new URL('tiny.summary.json', FOLDER), 'utf8'))
const { start } = summary

function openStart() {
  const store = new SlabBlockstore(hashes)
  const reader = createCarReader(hashes, (bytes, cidStart, cidEnd, block) =>
    store.putAt(bytes, cidStart, cidEnd, block),
  )
  reader.push(gunzipSync(readFileSync(new URL('tiny.genesis.car.gz', FOLDER))))
  const view = openNetworkView(store, reader.finish())
  const { id, record } = requireMiner(view, parseActorId(summary.miner))
  return { view, opened: openMiner(view, id, record) }
}

function estimatesOf({ reward, qa_power: qaPower }: Summary['start']['estimates']): NetworkEstimates {
  const filter = ([position, velocity]: Filter) => ({
    position: BigInt(position),
    velocity: BigInt(velocity),
  })
  return { reward: filter(reward), qaPower: filter(qaPower) }
}

/** Reads a list such as `5-7,16`. */
function membersOf(ranges: string): readonly number[] {
  return ranges.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

const { view, opened } = openStart()
const { byRules, sheet, counts } = assessMiner(view, opened, ['fip0098'])
const [{ live, queued, position }] = byRules

describe('the miner that the reference wound up', () => {
  test('has at the start the estimates and the epoch that the reference says', () => {
    expect(view.assessedEpoch).toBe(start.epoch)
    expect(view.estimates).toEqual(estimatesOf(start.estimates))
  })

  test('has at the start the balance sheet that the reference says', () => {
    expect(sheet).toMatchObject({
      actorBalance: BigInt(start.balance),
      initialPledge: BigInt(start.initial_pledge),
      preCommitDeposit: BigInt(start.pre_commit_deposits),
      lockedFunds: BigInt(start.locked_funds),
      feeDebt: BigInt(start.fee_debt),
      unlockedBalance:
        BigInt(start.balance) -
        BigInt(start.initial_pledge) -
        BigInt(start.pre_commit_deposits) -
        BigInt(start.locked_funds),
    })
    expect(counts).toMatchObject({
      liveSectors: start.live_sectors,
      faultySectors: start.faulty_sectors,
      queuedSectors: 0,
    })
  })

  test('would at the start be charged what the reference says for all its sectors', () => {
    expect(live.fee).toBe(BigInt(start.termination_fee_of_all_live_sectors_at_start))
    expect(queued.fee).toBe(0n)
  })

  test('is charged for every sector the fee that the reference gives for it', () => {
    const { columns } = opened.book
    const charged = new Map<number, bigint>()
    const expected = new Map<number, bigint>()
    for (const { estimates, fees } of summary.termination_messages) {
      const feeOf = fip0098Fees(opened.book, estimatesOf(estimates))
      for (const [epoch, fee, sectors] of fees) {
        for (const sector of membersOf(sectors)) {
          expected.set(sector, BigInt(fee))
          charged.set(sector, feeOf(findRow(columns, sector), epoch)?.fee ?? -1n)
        }
      }
    }
    expect(expected.size).toBe(start.live_sectors)
    expect(charged).toEqual(expected)
  })

  test.each(summary.termination_messages)(
    'is charged $fee_charged attoFIL by one message, the sum of its sectors’ fees',
    ({ estimates, fee_charged: feeCharged, fees }) => {
      const feeOf = fip0098Fees(opened.book, estimatesOf(estimates))
      const charged = fees.flatMap(([epoch, , sectors]) =>
        membersOf(sectors).map((sector) => feeOf(findRow(opened.book.columns, sector), epoch)?.fee ?? -1n),
      )
      expect(charged.reduce((sum, fee) => sum + fee, 0n)).toBe(BigInt(feeCharged))
    },
  )

  test('owes at the end of a deadline the daily fees that the reference charged there', () => {
    const [{ deadline, daily_fee: dailyFee } = { deadline: -1, daily_fee: '' }] = summary.ticks_with_charges
    expect(opened.book.deadlines[deadline]?.dailyFee).toBe(BigInt(dailyFee))
  })

  // Between the assessment and the wind-up the estimates moved and one daily fee fell due; nothing else.
  test('is worth at the start what was withdrawn at the end', () => {
    const { cash_withdrawn: cash, daily_fees: dailyFees, termination_fees: fees } = summary.totals
    const drift = BigInt(fees) - BigInt(start.termination_fee_of_all_live_sectors_at_start)
    expect(position.liquidationValue).toBe(BigInt(cash) + BigInt(dailyFees) + drift)
    expect(position.recoverableNow).toBe(position.liquidationValue)
    expect(position.recoverableLater).toBe(0n)
  })
})
