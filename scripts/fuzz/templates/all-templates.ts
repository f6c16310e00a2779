import * as market from './market.ts'
import * as affairs from './miner-affairs.ts'
import * as others from './others.ts'
import * as sectors from './sectors.ts'
import type { Template } from './template.ts'
import * as verified from './verified-data.ts'

/** Every template with how often it is taken. */
const WEIGHTED: readonly (readonly [Template, number])[] = [
  [sectors.preCommitSectors, 4],
  [sectors.proveCommitSectors, 8],
  [sectors.proveCommitNonInteractively, 2],
  [sectors.proveDeadline, 3],
  [sectors.declareFaultySectors, 3],
  [sectors.recoverSectors, 5],
  [sectors.terminateSomeSectors, 2],
  [sectors.extendSectors, 4],
  [sectors.updateReplicas, 4],
  [affairs.withdrawFromMiner, 2],
  [affairs.fundMiner, 3],
  [affairs.repayMinerDebt, 2],
  [affairs.changeWorker, 1],
  [affairs.changeOwner, 1],
  [affairs.changeBeneficiary, 2],
  [affairs.changePeer, 1],
  [affairs.compact, 3],
  [affairs.dispute, 3],
  [affairs.reportFault, 1],
  [affairs.askMiner, 4],
  [market.addEscrow, 4],
  [market.withdrawEscrow, 2],
  [market.publish, 4],
  [market.settle, 4],
  [market.askMarket, 2],
  [verified.changeVerifier, 3],
  [verified.addClient, 3],
  [verified.allocateData, 4],
  [verified.payForExtension, 2],
  [verified.extendClaims, 2],
  [verified.removeExpired, 3],
  [verified.removeDataCap, 2],
  [verified.useTokens, 5],
  [others.createMiner, 1],
  [others.askPower, 1],
  [others.trespass, 1],
  [others.execute, 1],
  [others.propose, 4],
  [others.decide, 4],
  [others.askAccount, 1],
  [others.send, 4],
]

/** Each template as often as it is to be taken. */
export const TEMPLATES: readonly Template[] = WEIGHTED.flatMap(([template, weight]) =>
  Array.from({ length: weight }, () => template),
)
