export {
  anyAddress,
  anyAmount,
  anyBytes,
  anyCid,
  anyEpoch,
  anyIpldValue,
  anyMembers,
  anyPositiveAmount,
  anySector,
  anyU64,
  anyVestingTable,
} from './arbitraries.ts'
export {
  type BuiltMiner,
  buildMiner,
  type MinerPlan,
  OWNER_ID,
  plannedSector,
  SECTOR_BYTES,
  type SectorCondition,
  type SectorPlan,
} from './build-miner.ts'
export { buildState, PLAIN_QA_POWER, PLAIN_REWARD, type StatePlan, testCode } from './build-state.ts'
export { concat, mutated } from './mutate.ts'
export { type RandomSource, randomSource } from './random.ts'
export { type SampleOptions, sampleSectors, sealedCid } from './sample-sectors.ts'
