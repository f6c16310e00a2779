export { AccountState } from './account/state.ts'
export {
  type ActorsVersion,
  NEWEST_ACTORS_VERSION,
  OLDEST_ACTORS_VERSION,
  requireActorsVersion,
} from './actors-version.ts'
export { CronState } from './cron/state.ts'
export { StateError } from './errors.ts'
export { AddressMap, InitState } from './init/state.ts'
export type { Finding } from './invariants/findings.ts'
export { BeneficiaryTerm, PendingBeneficiaryChange } from './miner/beneficiary.ts'
export { type DeadlineInfo, deadlineInfo, lastEpoch } from './miner/deadline-info.ts'
export {
  type AnyDeadline,
  Deadline,
  DeadlineExpirations,
  Deadlines,
  DeadlineV8,
  OptimisticPoStSubmissions,
  Partitions,
  WindowedPoSt,
} from './miner/deadline-state.ts'
export { ExpirationSet } from './miner/expiration-queue.ts'
export { type MinerLayout, minerLayout } from './miner/layout.ts'
export { loadDeadlines, loadInfo, loadMiner, loadVesting, type Miner } from './miner/load-miner.ts'
export { ProveCommitSectorsNIParams, SectorNIActivationInfo } from './miner/method-types.ts'
export {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  expectedRewardForPower,
  initialPledgeForPower,
  type NetworkEstimates,
  type PledgeInputs,
  pledgePenaltyForContinuedFault,
  pledgePenaltyForTermination,
  preCommitDepositForPower,
  type RewardProjection,
  rewardForPower,
  rewardProjection,
  TERM_FEE_MAX_FAULT_FEE_MULTIPLE_DENOM,
  TERM_FEE_MAX_FAULT_FEE_MULTIPLE_NUM,
  TERM_FEE_MIN_PLEDGE_MULTIPLE_DENOM,
  TERM_FEE_MIN_PLEDGE_MULTIPLE_NUM,
  TERM_FEE_PLEDGE_MULTIPLE_DENOM,
  TERM_FEE_PLEDGE_MULTIPLE_NUM,
  TERMINATION_LIFETIME_CAP,
  type TerminationFeeBranch,
  type TerminationFeeTerms,
  terminationFeeTerms,
} from './miner/monies.ts'
export {
  pledgePenaltyForTerminationV15,
  type RecordedRewards,
  TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD,
} from './miner/monies-v15.ts'
export {
  activePower,
  activeSectors,
  EarlyTerminated,
  liveSectors,
  Partition,
} from './miner/partition-state.ts'
export {
  dailyProofFeePayable,
  powerForSectors,
  qaPowerForSector,
  qaPowerForWeight,
  qualityForWeight,
  REWARD_VESTING_SPEC,
  type VestSpec,
} from './miner/policy.ts'
export { addPower, PowerPair, ZERO_POWER } from './miner/power-pair.ts'
export { type QuantSpec, quantizeDown, quantizeUp } from './miner/quantize.ts'
export { MinerInfo, MinerState, PreCommitCleanup, SECTORS_AMT_BIT_WIDTH } from './miner/state.ts'
export {
  type AnyPreCommit,
  CRON_EVENT_PROCESS_EARLY_TERMINATIONS,
  CRON_EVENT_PROVING_DEADLINE,
  CronEventPayload,
  SectorOnChainInfo,
  SectorPreCommitOnChainInfo,
  SIMPLE_QA_POWER,
} from './miner/types.ts'
export {
  addLockedFunds,
  sumOfFunds,
  takeVested,
  type Unlocked,
  unlockVestedAndUnvestedFunds,
  VestingFund,
  type VestingTable,
} from './miner/vesting-state.ts'
export { MAINNET_POLICY, type Policy, policyOf } from './policy.ts'
export {
  type AnyPowerState,
  Claim,
  Claims,
  CronEvent,
  CronEventQueue,
  CronEvents,
  PowerState,
  powerStateCodec,
} from './power/state.ts'
export { CurrentTotalPowerReturn } from './power/types.ts'
export { RewardState } from './reward/state.ts'
export { estimate, FilterEstimate, filterEstimate, nextEstimate } from './smooth/alpha-beta-filter.ts'
export { extrapolatedCumSumOfRatio } from './smooth/smooth-func.ts'
export { type ActorCodes, loadActorCodes } from './state-tree/actor-codes.ts'
export { ActorRecord, ActorRecordV4, Actors, ActorsV4 } from './state-tree/actor-record.ts'
export { BlockHeader } from './state-tree/block-header.ts'
export { checkStateInvariants, type StateCheck } from './state-tree/check-state-invariants.ts'
export { loadNetworkState, type NetworkState } from './state-tree/network-state.ts'
export { StateRoot } from './state-tree/state-root.ts'
export { loadStateTree, requireActor, type StateTree } from './state-tree/state-tree.ts'
export { BuiltinActors, SystemState } from './system/state.ts'
