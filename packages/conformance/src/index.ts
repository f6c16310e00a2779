export type { FieldChange } from './describe/diff-described.ts'
export { VECTORS_DIR } from './locations.ts'
export { measureBlake2b } from './measure-blake2b.ts'
export { type CaseResult, runConformance } from './run.ts'
export { formatChange, renderFailure, shortened } from './scenario/render-failure.ts'
export type { Replay, ReplayedStep } from './scenario/replay.ts'
export { type ReplayOptions, type ReplayResult, runReplay, type StepFinding } from './scenario/run-replay.ts'
export { openScenario, ScenarioError, type ScenarioFile, statePathOf } from './scenario/scenario-file.ts'
export type { ScenarioHeader } from './scenario/scenario-types.ts'
export type { StepFailure } from './scenario/step-failure.ts'
export {
  type ActorView,
  type CallView,
  type EventView,
  type StepView,
  viewStep,
} from './scenario/step-view.ts'
export { renderSummary, type Summary, summarize } from './summary.ts'
