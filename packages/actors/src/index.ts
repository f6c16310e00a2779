export { AccountState } from './account/state.ts'
export { AUTHENTICATE_MESSAGE_METHOD, AuthenticateMessageParams } from './account/types.ts'
export {
  type ActorsVersion,
  NEWEST_ACTORS_VERSION,
  OLDEST_ACTORS_VERSION,
  requireActorsVersion,
} from './actors-version.ts'
export { BUILTIN_ACTORS } from './builtin-actors.ts'
export { CronState } from './cron/state.ts'
export { EPOCH_TICK_METHOD } from './cron/types.ts'
export { DatacapState, tokenMaps } from './datacap/state.ts'
export {
  BALANCE_METHOD,
  BalanceReturn,
  BURN_METHOD,
  BurnParams,
  FRC46_TOKEN_TYPE,
  Frc46TokenReceived,
  MINT_METHOD,
  MintParams,
  TOKEN_PRECISION,
  TRANSFER_FROM_METHOD,
  TRANSFER_METHOD,
  TransferFromParams,
  TransferFromReturn,
  TransferParams,
} from './datacap/types.ts'
export { StateError } from './errors.ts'
export { AddressMap, InitState } from './init/state.ts'
export { ExecParams, ExecReturn } from './init/types.ts'
export { createFindings, type Finding } from './invariants/findings.ts'
export { balanceOf } from './market/balance-table.ts'
export {
  ClientDealProposal,
  DealProposal,
  DealState,
  dealCid,
  type Label,
  totalStorageFee,
} from './market/deal.ts'
export {
  CONTROL_ADDRESSES_METHOD as MINER_CONTROL_ADDRESSES_METHOD,
  IS_CONTROLLING_ADDRESS_METHOD,
} from './market/ext.ts'
export { dealPaymentRemaining } from './market/state/payments.ts'
export {
  BalanceTable,
  DealOpsByEpoch,
  DealProposals,
  DealStates,
  emptyMarketState,
  MarketState,
  PendingDealAllocations,
  PendingProposals,
  ProviderSectors,
} from './market/state.ts'
export {
  BatchActivateDealsParams,
  BatchActivateDealsResult,
  EX_DEAL_EXPIRED,
  EX_DEAL_NOT_ACTIVATED,
  MARKET_NOTIFY_DEAL_METHOD,
  MarketNotifyDealParams,
  PublishStorageDealsParams,
  PublishStorageDealsReturn,
  SettleDealPaymentsReturn,
} from './market/types.ts'
export { type AmountColumn, amountAt, createAmountColumn, setAmount } from './miner/amount-column.ts'
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
export { isDeadlineMutable } from './miner/deadlines.ts'
export { ExpirationSet, PartitionExpirations } from './miner/expiration-queue.ts'
export {
  createFigureColumns,
  FIGURE_COLUMN_BYTES,
  type FigureColumns,
  setFigures,
} from './miner/figure-columns.ts'
export { checkMinerInvariants } from './miner/invariants/check-state-invariants.ts'
export { checkDeadline } from './miner/invariants/deadline.ts'
export { checkPartition } from './miner/invariants/partition.ts'
export { sectorSet } from './miner/invariants/sector-set.ts'
export { type MinerLayout, minerLayout } from './miner/layout.ts'
export {
  loadDeadlines,
  loadInfo,
  loadMiner,
  loadSectorsByNumber,
  loadVesting,
  type Miner,
} from './miner/load-miner.ts'
export {
  DeclareFaultsParams,
  DeclareFaultsRecoveredParams,
  ExpirationExtension2,
  ExtendSectorExpiration2Params,
  GetControlAddressesReturn,
  PieceActivationManifest,
  PreCommitSectorBatchParams2,
  ProveCommitSectors3Params,
  ProveCommitSectorsNIParams,
  ProveReplicaUpdates3Params,
  ReportConsensusFaultParams,
  type SectorDeclaration,
  SectorNIActivationInfo,
  SectorUpdateManifest,
  SubmitWindowedPoStParams,
  TerminateSectorsParams,
  WithdrawBalanceParams as MinerWithdrawBalanceParams,
} from './miner/method-types.ts'
export {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  consensusFaultPenalty,
  expectedRewardForPower,
  initialPledgeForPower,
  LOCK_TARGET_FACTOR_NUM,
  lockedRewardFromReward,
  type NetworkEstimates,
  type PledgeInputs,
  pledgePenaltyForContinuedFault,
  pledgePenaltyForTermination,
  preCommitDepositForPower,
  type RewardProjection,
  rewardForConsensusSlashReport,
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
  dailyProofFee,
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
export { createRecordMemory, type RecordMemory, turnToBlock } from './miner/record-memory.ts'
export { depositPower, type PowerTerms, powerOfSectors, qaPowerOfTerm } from './miner/sector-power.ts'
export {
  type SectorRecordReader,
  sectorRecordReader,
  UNUSUAL_RECORD,
} from './miner/sector-record.ts'
export { countQueuedTerminations } from './miner/state/early-terminations.ts'
export {
  currentDeadlineInfo,
  currentProvingPeriodStart,
  getInfo,
  isConsensusFaultActive,
} from './miner/state/info.ts'
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
export { MultisigState, PendingTxns } from './multisig/state.ts'
export {
  ConstructorParams as MultisigConstructorParams,
  ProposeParams,
  ProposeReturn,
} from './multisig/types.ts'
export { MAINNET_POLICY, type Policy, policyOf } from './policy.ts'
export { CONSENSUS_MINER_MIN_MINERS } from './power/claims.ts'
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
export {
  CreateMinerParams,
  CreateMinerReturn,
  CURRENT_TOTAL_POWER_METHOD,
  CurrentTotalPowerReturn,
  UpdateClaimedPowerParams,
} from './power/types.ts'
export { expneg } from './reward/expneg.ts'
export { baselinePowerFromPrev, computeReward } from './reward/logic.ts'
export {
  BASELINE_TOTAL,
  baselineSupplyOf,
  SIMPLE_TOTAL,
  updateSmoothedEstimates,
  updateToNextEpoch,
  updateToNextEpochAfter,
  updateToNextEpochWithReward,
} from './reward/minting.ts'
export { EXPECTED_LEADERS_PER_EPOCH } from './reward/policy.ts'
export { RewardState } from './reward/state.ts'
export {
  AWARD_BLOCK_REWARD_METHOD,
  AwardBlockRewardParams,
  THIS_EPOCH_REWARD_METHOD,
  ThisEpochRewardReturn,
} from './reward/types.ts'
export { SWITCHES, type SwitchDescription } from './rules/catalogue.ts'
export {
  type Curve,
  type DurationMultiplier,
  isFalling,
  type Knot,
  MULTIPLIER_ONE,
  multipliedQuality,
  multiplierOf,
} from './rules/duration-multiplier.ts'
export { RulesError } from './rules/errors.ts'
export {
  parseRuleSet,
  RULE_VERSIONS,
  type RuleSet,
  requireExecutable,
} from './rules/parse-rule-set.ts'
export { policyUnder } from './rules/policy-under.ts'
export { RULES_OF_TODAY, type Rules } from './rules/rules.ts'
export { ActorError, requireInvariant, requireState } from './runtime/actor-error.ts'
export { BatchReturn } from './runtime/batch-return.ts'
export { type ActorCode, invokeMethod, type Method, method } from './runtime/dispatch.ts'
export { type Draft, draftOf, valueOfDraft } from './runtime/draft.ts'
export type { ActorEvent, EventEntry } from './runtime/events.ts'
export { CBOR_CODEC, type IpldBlock } from './runtime/ipld-block.ts'
export { BLOCK_GAS_LIMIT, OutOfGas } from './runtime/out-of-gas.ts'
export {
  type AggregateSealVerifyInfo,
  type ConsensusFault,
  DomainSeparationTag,
  type PieceInfo,
  type Primitives,
  type ReplicaUpdateInfo,
  type SealVerifyInfo,
  type WindowPoStVerifyInfo,
} from './runtime/primitives.ts'
export {
  ErrorNumber,
  FIRST_EXPORTED_METHOD_NUMBER,
  METHOD_CONSTRUCTOR,
  METHOD_SEND,
  type MessageInfo,
  type MethodNum,
  type Runtime,
  type SendFlags,
  type SendResult,
} from './runtime/runtime.ts'
export { serialize } from './runtime/send.ts'
export { SignatureType } from './runtime/signature.ts'
export { UNIVERSAL_RECEIVER_HOOK_METHOD, UniversalReceiverParams } from './runtime/universal-receiver.ts'
export { estimate, FilterEstimate, filterEstimate, nextEstimate } from './smooth/alpha-beta-filter.ts'
export { extrapolatedCumSumOfRatio } from './smooth/smooth-func.ts'
export { type ActorCodes, loadActorCodes } from './state-tree/actor-codes.ts'
export { ActorRecord, ActorRecordV4, Actors, ActorsV4, loadActorState } from './state-tree/actor-record.ts'
export { BlockHeader } from './state-tree/block-header.ts'
export { checkStateInvariants, type StateCheck } from './state-tree/check-state-invariants.ts'
export { loadNetworkState, type NetworkState } from './state-tree/network-state.ts'
export { StateRoot } from './state-tree/state-root.ts'
export { loadStateTree, requireActor, type StateTree } from './state-tree/state-tree.ts'
export { BuiltinActors, SystemState } from './system/state.ts'
export {
  Allocation,
  Allocations as VerifregAllocations,
  Claim as VerifregClaim,
  type DataCap,
  RemoveDataCapProposalIds,
  Verifiers,
  VerifregClaims,
  VerifregState,
} from './verifreg/state.ts'
export {
  AllocationRequest,
  AllocationRequests,
  AllocationsResponse,
  ClaimExtensionRequest,
  VerifierParams,
} from './verifreg/types.ts'
