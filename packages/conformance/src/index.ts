export { type CaseResult, runConformance } from './run.ts'
export { renderSummary, type Summary, summarize } from './summary.ts'
