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
export { createAccount, give } from './network/accounts.ts'
export { advanceBy, advanceTo, type Passage, tick } from './network/advance.ts'
export { applyReward, type BlockPlan, repayDebt, withdraw } from './network/balance.ts'
export { createMiner, type MinerTerms, type TestMiner } from './network/create-miner.ts'
export {
  type AllocationPlan,
  addVerifiedClient,
  addVerifier,
  allocate,
  allocateCall,
} from './network/datacap.ts'
export { addEscrow, type DealPlan, proposalOf, publishDeals, publishDealsCall } from './network/deals.ts'
export {
  declareFaults,
  declareFaultsCall,
  declareRecoveries,
  declareRecoveriesCall,
} from './network/declare.ts'
export { type Economy, type EconomyNetwork, openEconomy } from './network/economy.ts'
export { type ExtensionPlan, extend, extendCall } from './network/extend.ts'
export {
  bySectorPlace,
  deadlineInPeriod,
  deadlinesOf,
  infoOf,
  liveSectorsOf,
  minerState,
  openDeadline,
  partitionsOf,
  placesOf,
  type SectorPlace,
  sectorsOf,
} from './network/miner-view.ts'
export {
  buildMixedMiner,
  type MixedMiner,
  type MixedMinerPlan,
  type SectorKind,
} from './network/mixed-miner.ts'
export { createMultisig, type MultisigTerms, proposeAndApply } from './network/multisig.ts'
export { type NetworkOptions, openNetwork } from './network/network.ts'
export { networkFindings } from './network/network-findings.ts'
export { newPiece, type Piece, sealedSector, unsealedSector } from './network/pieces.ts'
export {
  type PreCommitPlan,
  preCommit,
  preCommitCall,
  SEAL_PROOF_32_GIB,
  sealingEpochs,
} from './network/pre-commit.ts'
export {
  type PieceOfSector,
  type ProvenSector,
  proveCommit,
  proveCommitCall,
} from './network/prove-commit.ts'
export {
  NI_SEAL_PROOF_64_GIB,
  type NonInteractivePlan,
  proveCommitNI,
  proveCommitNICall,
} from './network/prove-commit-ni.ts'
export { replicaUpdate, replicaUpdateCall } from './network/replica-update.ts'
export {
  type Call,
  execute,
  executeFor,
  messageOf,
  methodNumber,
  requireOk,
  returnOf,
} from './network/send.ts'
export { terminate, terminateCall } from './network/terminate.ts'
export type { TestAccount, TestNetwork } from './network/test-network.ts'
export { type PoStPlan, partitionsDue, proveOpenDeadline, windowPoStCall } from './network/window-post.ts'
export { openState } from './open-state.ts'
export { type RandomSource, randomSource } from './random.ts'
export { type SampleOptions, sampleSectors, sealedCid } from './sample-sectors.ts'
export {
  PROVABLE_EPOCHS,
  promisedSector,
  promiseSectors,
  SECTOR_DEPOSIT,
  TRUSTING,
} from './scripted-commitments.ts'
export {
  EPOCH_REWARD,
  expectedReward,
  MINER,
  MINER_CONTROL,
  MINER_EPOCH,
  MINER_OWNER,
  MINER_WORKER,
  NETWORK_ESTIMATES,
  NETWORK_POWER,
  NETWORK_SUPPLY,
  ScriptedMiner,
  type ScriptedMinerPlan,
  STRANGER,
} from './scripted-miner.ts'
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
  leavingByEpoch,
  membersOf,
  membersTogether,
  minerFindings,
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
