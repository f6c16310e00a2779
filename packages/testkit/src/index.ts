export {
  anyAddress,
  anyAmount,
  anyBytes,
  anyCid,
  anyEpoch,
  anyIpldValue,
  anyLink,
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
export {
  ALICE_ID,
  BORIS_ID,
  CARLA_ID,
  type ExpectedHook,
  GOVERNOR_ID,
  TestDatacap,
} from './test-datacap.ts'
export {
  answer,
  DEAL_COLLATERAL,
  DEAL_DURATION,
  DEAL_END,
  DEAL_PRICE,
  DEAL_START,
  PROVIDER_OWNER,
  PROVIDER_WORKER,
  type Publication,
  pieceCommitment,
  plainProposal,
  TestMarket,
} from './test-market.ts'
export {
  ANNE,
  ANNE_KEY,
  BOB,
  BOB_KEY,
  CHUCK,
  CHUCK_KEY,
  DARLENE,
  DARLENE_KEY,
  MULTISIG,
  type MultisigPlan,
  type Proposal,
  TestMultisig,
} from './test-multisig.ts'
export {
  DEADLINE_SECTORS,
  deadlineFindings,
  emptyMinerState,
  membersOf,
  PARTITION_QUANT,
  PARTITION_SECTORS,
  PARTITION_TERMS,
  partitionFindings,
  powerOfAll,
  quickSector,
  sectorsNumbered,
} from './test-partition.ts'
export { TestPower } from './test-power.ts'
export {
  cborBlock,
  type ExpectedSend,
  exitCodeOf,
  SENT,
  TestRuntime,
  type VisibleActor,
} from './test-runtime.ts'
export {
  type Arrival,
  CLIENT_ID,
  OTHER_CLIENT_ID,
  OTHER_PROVIDER_ID,
  OTHER_VERIFIER,
  PROVIDER_ID,
  pieceCid,
  plainAllocation,
  plainClaim,
  plainRequest,
  REGISTRY_ROOT,
  TestVerifreg,
  VERIFIER,
} from './test-verifreg.ts'
