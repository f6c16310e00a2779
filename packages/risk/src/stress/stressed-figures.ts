import { type NetworkEstimates, takeVested } from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, divCeil, maxBigInt } from '@plimsoll/primitives'
import { unlockedOf } from '../plan/predict-money.ts'
import { liveSectorsOf, type PredictedMiner } from '../plan/predict-state.ts'
import { feesAt, queueFee } from '../plan/predicted-subject.ts'
import { type Position, positionOf } from '../position/position.ts'
import type { Ratio } from '../power-table/ratio.ts'
import type { StressSubject } from './stressed-miner.ts'

/** What a miner is worth after a shock, by the fees of the epoch after its last; attoFIL. */
export interface StressedFigures extends Position {
  readonly feeDebt: AttoFil
  readonly terminationFee: AttoFil
  /** Of what is outstanding, at the price of a pFIL, what a liquidation would not bring back. */
  readonly loss: AttoFil
}

/** The figures of a miner for the next epoch. */
export function stressedFigures(
  miner: PredictedMiner,
  { terms, buffer }: StressSubject,
  epoch: ChainEpoch,
  estimates: NetworkEstimates,
  price: Ratio,
): StressedFigures {
  const feeAt = feesAt(estimates)
  const terminationFee = liveSectorsOf(miner).reduce((sum, sector) => sum + feeAt(sector, epoch), 0n)
  const unlockedBalance = unlockedOf(miner)
  const sheet = {
    actorBalance: miner.balance,
    preCommitDeposit: miner.preCommitDeposits,
    initialPledge: miner.initialPledge,
    lockedFunds: miner.lockedFunds,
    feeDebt: miner.feeDebt,
    unlockedBalance,
    availableBalance: unlockedBalance - miner.feeDebt,
    vestedFunds: takeVested(miner.vesting, epoch).vested,
    vestingTable: miner.vesting,
  }
  const { outstanding } = terms
  const queuedTerminationFee = queueFee(miner, feeAt)
  const position = positionOf(sheet, { terminationFee, queuedTerminationFee, outstanding, buffer })
  const owed = divCeil(outstanding * price.num, price.denom)
  const recovered = maxBigInt(position.liquidationValue ?? 0n, 0n)
  return { ...position, feeDebt: miner.feeDebt, terminationFee, loss: maxBigInt(owed - recovered, 0n) }
}
