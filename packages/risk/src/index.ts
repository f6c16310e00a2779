export {
  assessMiner,
  type BufferChoice,
  type MinerAssessment,
  type MinerTerms,
  NO_TERMS,
  type OpenMiner,
  openMiner,
  type RuleAssessment,
  type SectorCounts,
  sectorFees,
} from './assess/assess-miner.ts'
export { findMiners, type MinerEntry, requireMiner } from './assess/find-miners.ts'
export {
  AssessError,
  type NetworkView,
  type NetworkViewOptions,
  openNetworkView,
} from './assess/network-view.ts'
export { compareAmounts, compareWorstFirst } from './assess/order.ts'
export { loadSectorColumns } from './book/load-sector-columns.ts'
export { loadRewardColumns, REWARD_COLUMN_BYTES, type RewardColumns } from './book/reward-columns.ts'
export {
  type DeadlineBook,
  loadSectorBook,
  type QueuedTermination,
  type SectorBook,
} from './book/sector-book.ts'
export {
  type AmountColumn,
  amountAt,
  createSectorColumns,
  findRow,
  SECTOR_COLUMN_BYTES,
  type SectorColumns,
  SectorStatus,
} from './book/sector-columns.ts'
export { explainMiner } from './explain/explain-miner.ts'
export { explainSector } from './explain/explain-sector.ts'
export type { Term, TermUnit } from './explain/term.ts'
export { type FeeRules, feeRulesOf } from './fees/fee-rules.ts'
export {
  type FeeBranch,
  fip0098Fees,
  preFip0098Fees,
  type SectorFee,
  type SectorFees,
} from './fees/sector-fees.ts'
export {
  type FeeSum,
  liveTerminationFees,
  queuedTerminationFees,
  type TerminationFees,
} from './fees/termination-fees.ts'
export { type Portfolio, PortfolioError, PortfolioFile, parsePortfolio } from './portfolio/portfolio.ts'
export { type BalanceSheet, loadBalanceSheet } from './position/balance-sheet.ts'
export { bufferV1, type DailySlashing, dailySlashing } from './position/buffer.ts'
export { type Claims, type Position, positionOf } from './position/position.ts'
export {
  type AssessReport,
  assessReport,
  type ReportHead,
  reportHead,
  type StateHead,
  stateHead,
  type Totals,
} from './report/assess-report.ts'
export { type MinerFigures, minerFigures, type RuleFigures } from './report/miner-figures.ts'
export { type FeeBreakdown, type MinerReport, minerReport, type QueueEntry } from './report/miner-report.ts'
