/** Files whose mutants are tested together, and the tests that have to kill them: globs from the root. */
export interface MutationGroup {
  readonly name: string
  readonly files: readonly string[]
  readonly tests: readonly string[]
  /** Packages that import nothing of the mutated one. */
  readonly bundled: readonly string[]
}

const BELOW_ACTORS = ['@plimsoll/primitives', '@plimsoll/ipld']
const BELOW_RISK = [...BELOW_ACTORS, '@plimsoll/actors', '@plimsoll/vm', '@plimsoll/testkit']

const PLAN = 'packages/risk/src/plan'

/** The files that decide about money. Those that hold types alone have no mutants. */
export const MUTATION_GROUPS: readonly MutationGroup[] = [
  {
    name: 'position',
    files: ['packages/risk/src/position/*.ts'],
    tests: ['packages/risk/src/position/*.test.ts'],
    bundled: BELOW_RISK,
  },
  {
    name: 'ledger',
    files: ['packages/risk/src/ledger/*.ts', '!packages/risk/src/ledger/ledger-file.ts'],
    tests: ['packages/risk/src/ledger/*.test.ts'],
    bundled: BELOW_RISK,
  },
  // A schema is made while its file is loaded, and so needs all tests of its group for every mutant.
  {
    name: 'ledger-file',
    files: ['packages/risk/src/ledger/ledger-file.ts'],
    tests: ['packages/risk/src/ledger/ledger-file.test.ts'],
    bundled: BELOW_RISK,
  },
  {
    name: 'fees',
    files: ['packages/risk/src/fees/*.ts'],
    tests: ['packages/risk/src/fees/*.test.ts'],
    bundled: BELOW_RISK,
  },
  {
    name: 'fast-fees',
    files: ['packages/risk/src/fees/fast/*.ts'],
    tests: ['packages/risk/src/fees/fast/*.test.ts'],
    bundled: BELOW_RISK,
  },
  {
    name: 'monies',
    files: ['packages/actors/src/miner/monies*.ts'],
    tests: ['packages/actors/src/miner/monies*.test.ts'],
    bundled: BELOW_ACTORS,
  },
  // Which sectors are enough.
  {
    name: 'plan-choice',
    files: [`${PLAN}/choose-sectors.ts`, `${PLAN}/safe-target.ts`],
    tests: [`${PLAN}/choose-sectors.test.ts`, `${PLAN}/safe-target.test.ts`],
    bundled: BELOW_RISK,
  },
  // What each message and each tick will come to.
  {
    name: 'plan-prediction',
    files: [
      `${PLAN}/declare-parts.ts`,
      `${PLAN}/predict-deadline.ts`,
      `${PLAN}/predict-money.ts`,
      `${PLAN}/predict-state.ts`,
      `${PLAN}/predict-terminations.ts`,
      `${PLAN}/predict-tick.ts`,
    ],
    tests: [`${PLAN}/predict-*.test.ts`],
    bundled: BELOW_RISK,
  },
  // What is sent, what stands in its way, and the text that is hashed.
  {
    name: 'plan-messages',
    files: [
      `${PLAN}/plan-blockers.ts`,
      `${PLAN}/plan-body.ts`,
      `${PLAN}/plan-hash.ts`,
      `${PLAN}/plan-log.ts`,
      `${PLAN}/plan-messages.ts`,
      `${PLAN}/planned-gas.ts`,
    ],
    tests: [
      `${PLAN}/plan-blockers.test.ts`,
      `${PLAN}/plan-body.test.ts`,
      `${PLAN}/plan-hash.test.ts`,
      `${PLAN}/plan-log.test.ts`,
      `${PLAN}/plan-messages.test.ts`,
      `${PLAN}/planned-gas.test.ts`,
    ],
    bundled: BELOW_RISK,
  },
  // The estimates that fees will be read from.
  {
    name: 'plan-network',
    files: [`${PLAN}/frozen-network.ts`, `${PLAN}/network-path.ts`, `${PLAN}/network-totals.ts`],
    tests: [
      `${PLAN}/frozen-network.test.ts`,
      `${PLAN}/network-path.test.ts`,
      `${PLAN}/network-totals.test.ts`,
    ],
    bundled: BELOW_RISK,
  },
  // The plan itself.
  {
    name: 'plan',
    files: [
      `${PLAN}/carry-out.ts`,
      `${PLAN}/load-predicted-miner.ts`,
      `${PLAN}/plan-liquidation.ts`,
      `${PLAN}/predicted-subject.ts`,
    ],
    tests: [
      `${PLAN}/plan-liquidation.test.ts`,
      `${PLAN}/plan-targets.test.ts`,
      `${PLAN}/carry-out.test.ts`,
      `${PLAN}/load-predicted-miner.test.ts`,
      `${PLAN}/predicted-subject.test.ts`,
    ],
    bundled: BELOW_RISK,
  },
]
