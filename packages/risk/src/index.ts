export {
  assessMiner,
  type BufferChoice,
  type BufferVersion,
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
export { type BacktestInputs, backtest } from './backtest/backtest.ts'
export { BacktestError } from './backtest/backtest-error.ts'
export {
  type BacktestReport,
  backtestReport,
  type ComparedFigures,
  type MinerBacktestFigures,
} from './backtest/backtest-report.ts'
export {
  type TerminationBlocker,
  terminationBlockers,
} from './blockers/termination-blockers.ts'
export { loadSectorColumns } from './book/load-sector-columns.ts'
export { loadRewardColumns, REWARD_COLUMN_BYTES, type RewardColumns } from './book/reward-columns.ts'
export {
  type DeadlineBook,
  loadSectorBook,
  type QueuedTermination,
  type SectorBook,
} from './book/sector-book.ts'
export {
  createSectorColumns,
  findRow,
  SECTOR_COLUMN_BYTES,
  type SectorColumns,
  SectorStatus,
} from './book/sector-columns.ts'
export { updateSectorBook } from './book/update-sector-book.ts'
export {
  type CompareReport,
  compareReport,
  type MinerDay,
  type RuledReport,
} from './compare/compare-report.ts'
export { type CompareInputs, type Comparison, compareRules } from './compare/compare-rules.ts'
export { type Curve, type CurvePoint, type CurveRange, countPoints, openCurve } from './curve/curve.ts'
export { CurveError } from './curve/curve-error.ts'
export {
  type CurveFigures,
  type CurveReport,
  curveFigures,
  curveReport,
} from './curve/curve-report.ts'
export { type CurveEstimates, ESTIMATE_PATHS, estimatesOn } from './curve/estimate-path.ts'
export { EXPLAINED_FIGURES, type ExplainedFigure } from './explain/explain-figure.ts'
export { type Explanation, explanationOf, parseExplanation } from './explain/explanation.ts'
export { ExplanationError } from './explain/explanation-error.ts'
export type { Term, TermUnit } from './explain/term.ts'
export {
  type ExplanationDifference,
  type Verification,
  verifyExplanation,
} from './explain/verify-explanation.ts'
export { type FeeIndex, feeIndex, regimesAt } from './fees/fast/fee-index.ts'
export { type FeeBook, type FeeLanes, feeLanes } from './fees/fast/fee-lanes.ts'
export { type FeeInterval, indexInterval, indexTotal, sectorsOnRamp } from './fees/fast/index-total.ts'
export { laneTotal } from './fees/fast/lane-total.ts'
export {
  type OverlayIndex,
  overlayIndex,
  overlayInterval,
  overlayTotal,
  updateOverlay,
} from './fees/fast/overlay-index.ts'
export { RunningIntervals } from './fees/fast/running-intervals.ts'
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
export { closedFormOf } from './forecast/closed-form/closed-form.ts'
export type { Crossing, CrossingKind, Outlook, Thresholds } from './forecast/crossings.ts'
export { type Forecast, type ForecastInputs, forecast } from './forecast/forecast.ts'
export {
  type ClosedFormFigures,
  type DifferingDayFigures,
  type ForecastReport,
  forecastReport,
  type LabelledForecast,
  type MinerForecast,
} from './forecast/forecast-report.ts'
export { type Remedy, remedyOf } from './forecast/remedy.ts'
export { balanceOf } from './ledger/accounts.ts'
export { applyEntry, replayEntries } from './ledger/apply-entry.ts'
export { type Auction, type AuctionTerms, auctionEnd, isFillable } from './ledger/auction.ts'
export { askOf } from './ledger/auction-entries.ts'
export {
  type Agreement,
  type Books,
  openBooks,
  outstandingOf,
  requireAgreement,
  supplyOf,
  surplusOf,
} from './ledger/books.ts'
export { checkBooks } from './ledger/check-books.ts'
export type { AgreementTerms, LedgerEntry, LedgerTerms } from './ledger/ledger-entry.ts'
export { LedgerError } from './ledger/ledger-error.ts'
export { type Ledger, LedgerFile, parseLedgerFile, replayLedger } from './ledger/ledger-file.ts'
export {
  type Appraisal,
  bindingTerm,
  eligibleAssetOf,
  type MintRule,
  mintCapacity,
  type PledgeStep,
} from './ledger/mint-capacity.ts'
export {
  type PassiveMintTerms,
  passiveMint,
  passiveMintMultiplier,
  REPL_PASSIVE_MINT,
} from './ledger/passive-mint.ts'
export {
  assessPacks,
  NO_PACK_PARAMETERS,
  type PackParameters,
} from './packs/assess-packs.ts'
export type { CustomRules } from './packs/custom.ts'
export type { Figure, NamedFigure } from './packs/figure.ts'
export {
  PackParametersError,
  PackParametersFile,
  parsePackParameters,
} from './packs/pack-parameters.ts'
export { packSubject } from './packs/pack-subject.ts'
export {
  type FigureJson,
  type PackJson,
  type PacksReport,
  packsReport,
} from './packs/packs-report.ts'
export type {
  Compared,
  Limit,
  LimitUse,
  PackFigures,
  PackName,
  PackSubject,
  Standing,
} from './packs/rule-pack.ts'
export { loadPredictedMiner, PlanError } from './plan/load-predicted-miner.ts'
export { parsePlanFile } from './plan/plan-file.ts'
export { canonicalText, hashOf } from './plan/plan-hash.ts'
export {
  type PlanInputs,
  type PlanTarget,
  planLiquidation,
  type SafePlanTarget,
} from './plan/plan-liquidation.ts'
export { messageOfPlan } from './plan/plan-messages.ts'
export type {
  CashFlow,
  LiquidationPlan,
  PlanBlocker,
  PlannedMessage,
  PlannedTick,
  PlanStep,
  TerminationLevel,
} from './plan/plan-types.ts'
export type { PredictedPayment } from './plan/predict-money.ts'
export {
  type EstimatesAt,
  liveSectorsOf,
  type MoneyMoment,
  moneyOf,
  type PredictedMiner,
} from './plan/predict-state.ts'
export type { PredictedTermination, SettledFee } from './plan/predict-terminations.ts'
export { hasCharged, type PredictedTick } from './plan/predict-tick.ts'
export { type PredictedWindUp, predictWindUp, type WindUpStep } from './plan/predict-wind-up.ts'
export {
  type PlanDifference,
  type Rehearsal,
  type RehearsalInputs,
  rehearsePlan,
  requireFits,
} from './plan/rehearse-plan.ts'
export type { SafeVerdict } from './plan/safe-target.ts'
export { type Portfolio, PortfolioError, PortfolioFile, parsePortfolio } from './portfolio/portfolio.ts'
export { type BalanceSheet, loadBalanceSheet } from './position/balance-sheet.ts'
export { bufferV1, type DailySlashing, dailySlashing } from './position/buffer.ts'
export { type Claims, type Position, positionOf } from './position/position.ts'
export { PowerTable } from './power-table/incremental.ts'
export { loadMinerPowers, type MinerPower } from './power-table/load-miner-powers.ts'
export {
  type PowerFigures,
  type PowerQuestion,
  type PowerReport,
  type PowerTotals,
  powerReport,
  RATIO_DECIMALS,
} from './power-table/power-report.ts'
export {
  type Ineligibility,
  type PowerMeasure,
  type PowerRow,
  type PowerRows,
  type RowTerms,
  type ShareComparison,
  spec2019Rows,
  todaysRows,
} from './power-table/power-rows.ts'
export { type Ratio, scaleFloor } from './power-table/ratio.ts'
export {
  SPEC2019_DEFAULTS,
  type Spec2019Claim,
  type Spec2019Parameters,
  type Spec2019Table,
  spec2019Table,
} from './power-table/spec2019.ts'
export { type TodaysTable, todaysTable } from './power-table/today.ts'
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
export { addBurnt } from './run/observe.ts'
export { type Run, RunError } from './run/open-run.ts'
export { type OperatorState, operate, operatorState } from './run/operator.ts'
export {
  parseScenarioFile,
  ScenarioFile,
  ScenarioFileError,
  scenarioSchema,
} from './scenario/scenario-file.ts'
export { parsePercent } from './schema/parse-percent.ts'
export { createNormal } from './stress/draws/normal.ts'
export { countDraws, runStress } from './stress/stress.ts'
export { parseStressFile, StressFileError } from './stress/stress-file.ts'
export { type StressReport, stressReport } from './stress/stress-report.ts'
export { stressSubject } from './stress/stressed-miner.ts'
export { parseSectorSet, type SectorSet } from './what-if/sector-set.ts'
export { type WhatIfInputs, whatIf } from './what-if/what-if.ts'
export { WhatIfError } from './what-if/what-if-error.ts'
export {
  type MessageFigures,
  type SituationFigures,
  type WhatIfReport,
  whatIfReport,
} from './what-if/what-if-report.ts'
