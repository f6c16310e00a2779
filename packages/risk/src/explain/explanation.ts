import { formatCid } from '@plimsoll/ipld'
import { type ActorId, type AttoFil, assert, formatActorId, parseActorId } from '@plimsoll/primitives'
import { z } from 'zod'
import { assessMiner, type BufferChoice, openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import { AssessError, type NetworkView } from '../assess/network-view.ts'
import type { FeeRules } from '../fees/fee-rules.ts'
import { type ReportHead, reportHead } from '../report/assess-report.ts'
import { parsedText } from '../schema/parsed-text.ts'
import { EXPLAINED_FIGURES, explainFigure } from './explain-figure.ts'
import { explainSector } from './explain-sector.ts'
import { ExplanationError } from './explanation-error.ts'
import type { Term } from './term.ts'

const attoFil = z
  .string()
  .regex(/^\d{1,40}$/, 'needs whole attoFIL, such as "12000"')
  .transform(BigInt)

/** Of what an explanation is: a figure of the miner, or the termination fee of one of its sectors. */
const Subject = z.union([
  z.strictObject({ figure: z.enum(EXPLAINED_FIGURES) }),
  z.strictObject({ sector: z.int().nonnegative() }),
])

/** What is asked, beside the state: everything that a tree depends on. */
const Question = {
  miner: parsedText(parseActorId, 'a miner\'s address such as "f01234"'),
  subject: Subject,
  feeRules: z.enum(['fip0098', 'pre-fip0098']),
  /** Minted against the miner and not burned. */
  outstanding: attoFil,
  buffer: z
    .union([
      z.strictObject({ days: z.int().nonnegative(), version: z.literal([1, 2]).optional() }),
      z.strictObject({ amount: attoFil }),
    ])
    .nullable(),
}

/** A saved explanation, version 1; the tree is compared and not trusted, so nothing is asked of its form. */
const ExplanationFile = z.strictObject({
  format: z.literal(1),
  stateRoot: z.string(),
  network: z.string(),
  stateEpoch: z.int(),
  actorsVersion: z.int(),
  assessedEpoch: z.int(),
  actorCode: z.string(),
  ...Question,
  term: z.unknown(),
})
export type ExplanationFile = z.infer<typeof ExplanationFile>

/** What is explained, and what is given beside the state. */
export interface ExplanationQuestion {
  readonly miner: ActorId
  readonly subject: z.infer<typeof Subject>
  readonly feeRules: FeeRules
  readonly outstanding: AttoFil
  readonly buffer: BufferChoice
}

/** A tree of terms with all that it takes to work it out again. */
export interface Explanation extends ReportHead {
  readonly miner: string
  /** The code of the miner actor. */
  readonly actorCode: string
  readonly subject: ExplanationQuestion['subject']
  readonly outstanding: AttoFil
  readonly buffer: NonNullable<BufferChoice> | null
  readonly term: Term
}

/**
 * Explains a figure of a miner, or the fee of one of its sectors.
 *
 * @throws {AssessError} `NO_RECORDED_REWARDS` where the fee rules need what the state does not have; as
 * `requireMiner` and `explainSector` do.
 */
export function explanationOf(view: NetworkView, question: ExplanationQuestion): Explanation {
  const { subject, feeRules, outstanding, buffer } = question
  const { id, record } = requireMiner(view, question.miner)
  const opened = openMiner(view, id, record)
  const assessment = assessMiner(view, opened, [feeRules], { outstanding, buffer })
  const [rule] = assessment.byRules
  const term =
    'sector' in subject
      ? explainSector(view, opened, subject.sector, feeRules)
      : explainFigure(view, opened, assessment, rule, subject.figure)
  if (term === undefined) {
    throw new AssessError(
      'NO_RECORDED_REWARDS',
      `${formatActorId(id)} has ${rule.live.unknown + rule.queued.unknown} sectors without the rewards that ${feeRules} rules need`,
      { miner: id },
    )
  }
  return {
    ...reportHead(view, feeRules),
    miner: formatActorId(id),
    actorCode: formatCid(record.code),
    subject,
    outstanding,
    buffer: buffer ?? null,
    term,
  }
}

/**
 * Reads a saved explanation from parsed JSON.
 *
 * @throws {ExplanationError} `INVALID_EXPLANATION` with the place of the first defect.
 */
export function parseExplanation(json: unknown): ExplanationFile {
  const result = ExplanationFile.safeParse(json)
  if (!result.success) {
    const [issue] = result.error.issues
    assert(issue !== undefined, 'a refusal has a reason')
    const place = issue.path.length === 0 ? 'the file' : issue.path.join('.')
    throw new ExplanationError('INVALID_EXPLANATION', `${place}: ${issue.message}`, { place })
  }
  return result.data
}
