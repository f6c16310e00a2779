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
    files: ['packages/risk/src/ledger/*.ts'],
    tests: ['packages/risk/src/ledger/*.test.ts'],
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
  {
    name: 'plan',
    files: ['packages/risk/src/plan/*.ts'],
    tests: ['packages/risk/src/plan/*.test.ts'],
    bundled: BELOW_RISK,
  },
]
