import type { AttoFil } from '@plimsoll/primitives'
import { passiveMint, REPL_PASSIVE_MINT } from '../ledger/passive-mint.ts'
import type { Ratio } from '../power-table/ratio.ts'
import { leftOut } from './difference.ts'
import { derive, feeFigure, known, type NamedFigure, parameter } from './figure.ts'
import { type Compared, limitOf, type PackFigures, type PackSubject, standingOf } from './rule-pack.ts'

/** What Repl does not publish. */
export interface ReplParameters {
  /** EligibleAsset below which the provider is warned in public. */
  readonly warningThreshold?: AttoFil | undefined
  /** EligibleAsset below which sectors are terminated. */
  readonly terminationThreshold?: AttoFil | undefined
  /** FIL for one pFIL, as the formula of the passive mint has it. */
  readonly filPerPfil?: Ratio | undefined
  /** Whole days since the agreement's start. */
  readonly agreementDay?: number | undefined
}

const SAFE_PLEDGE = 'Repl documentation, Safe Pledge'
const PASSIVE_MINT = 'Repl documentation, passive mint'

/** Repl: pFIL is minted against a miner, up to its Safe Pledge. */
export function assessRepl(subject: PackSubject, parameters: ReplParameters): PackFigures {
  const { sheet, outstanding } = subject
  const terminationFee = feeFigure(subject.terminationFee)
  const assets = sheet.actorBalance - sheet.preCommitDeposit
  const value: NamedFigure<AttoFil> = {
    name: 'assetsAfterTermination',
    value: derive([terminationFee], (fee) => assets - fee),
    formula: 'actorBalance − preCommitDeposit − terminationFee',
    source: SAFE_PLEDGE,
  }
  const compared = comparedOf(assets - outstanding, parameters)
  return {
    pack: 'repl',
    title: 'Repl (pFIL)',
    value,
    difference: [
      leftOut('feeDebt', known(sheet.feeDebt), SAFE_PLEDGE),
      leftOut('queuedTerminationFee', feeFigure(subject.queuedTerminationFee), SAFE_PLEDGE),
    ],
    compared,
    standing: standingOf(compared),
    limits: [limitOf('takenOut', 'Safe Pledge', [safePledge(subject), safePledgeBeforeBuffer(subject)])],
    terms: [safePledgeStrict(subject), passiveMintToday(outstanding, parameters)],
  }
}

function comparedOf(eligibleAsset: AttoFil, parameters: ReplParameters): Compared {
  return {
    unit: 'attoFIL',
    actsWhen: 'below',
    name: 'eligibleAsset',
    value: known(eligibleAsset),
    formula: 'actorBalance − preCommitDeposit − outstanding',
    source: SAFE_PLEDGE,
    warning: {
      name: 'public warning',
      threshold: parameter('repl.warningThreshold', parameters.warningThreshold),
      source: `${SAFE_PLEDGE}; the threshold is not published`,
    },
    termination: {
      name: 'forced termination',
      threshold: parameter('repl.terminationThreshold', parameters.terminationThreshold),
      source: `${SAFE_PLEDGE}; the threshold is not published`,
    },
  }
}

function safePledge({ sheet, terminationFee, outstanding, buffer }: PackSubject): NamedFigure<AttoFil> {
  const eligibleAsset = sheet.actorBalance - sheet.preCommitDeposit - outstanding
  return {
    name: 'safePledge',
    value: derive(
      [feeFigure(terminationFee), parameter('buffer', buffer ?? undefined)],
      (fee, reserve) => eligibleAsset - fee - reserve,
    ),
    formula: 'eligibleAsset − terminationFee − buffer',
    source: SAFE_PLEDGE,
  }
}

/** What Safe Pledge cannot exceed, whatever the buffer is. */
function safePledgeBeforeBuffer({ sheet, terminationFee, outstanding }: PackSubject): NamedFigure<AttoFil> {
  const eligibleAsset = sheet.actorBalance - sheet.preCommitDeposit - outstanding
  return {
    name: 'safePledgeBeforeBuffer',
    value: derive([feeFigure(terminationFee)], (fee) => eligibleAsset - fee),
    formula: 'eligibleAsset − terminationFee',
    source: SAFE_PLEDGE,
  }
}

function safePledgeStrict(subject: PackSubject): NamedFigure<AttoFil> {
  return {
    name: 'safePledgeStrict',
    value: derive(
      [safePledge(subject).value, feeFigure(subject.queuedTerminationFee)],
      (pledge, queued) => pledge - subject.sheet.feeDebt - queued,
    ),
    formula: 'safePledge − feeDebt − queuedTerminationFee',
    source: 'ours: the protocol takes both before anybody else gets anything',
  }
}

function passiveMintToday(
  outstanding: AttoFil,
  { filPerPfil, agreementDay }: ReplParameters,
): NamedFigure<AttoFil> {
  return {
    name: 'passiveMintToday',
    value: derive(
      [parameter('repl.filPerPfil', filPerPfil), parameter('repl.agreementDay', agreementDay)],
      (ratio, day) => passiveMint(REPL_PASSIVE_MINT, outstanding, day, ratio),
    ),
    formula: 'multiplier · outstanding · (FIL/pFIL − 1) / 360; it lowers Safe Pledge without any slashing',
    source: PASSIVE_MINT,
  }
}
