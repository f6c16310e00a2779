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
export { type CapturedTerminal, capturedTerminal } from './captured-terminal.ts'
export {
  carBytes,
  carOfState,
  type RecordingBlockstore,
  recordingBlockstore,
} from './car-of-state.ts'
export {
  editActor,
  editAll,
  editDeadline,
  editExpirations,
  editMiner,
  editMinerInfo,
  editPartition,
  editRecord,
  editSectors,
  findingsAfter,
  type PartitionPlace,
  putActor,
  SOUND_STATE,
  type StateEdit,
} from './edit-state.ts'
export { concat, mutated } from './mutate.ts'
export { type RandomSource, randomSource } from './random.ts'
export { type SampleOptions, sampleSectors, sealedCid } from './sample-sectors.ts'
