import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The shortest first: most mutants are killed by a test of a few milliseconds, and the rest is left out then. */
class ShortestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const durationOf = (file: TestSpecification) =>
      this.ctx.cache.getTestSpecificationResult(file)?.duration ?? 0
    return files.toSorted((a, b) => durationOf(a) - durationOf(b))
  }
}

/** The tests of one group, which `scripts/mutation.ts` names. */
export default defineConfig({
  test: {
    include: listIn('MUTATION_TESTS'),
    setupFiles: ['scripts/mutation/fixed-seed.ts'],
    sequence: { sequencer: ShortestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Packages without mutants are one file each, since every mutant loads all of them again; fast-check is among them so
    // that there is one, which has the seed.
    deps: {
      optimizer: {
        ssr: { enabled: true, include: [...listIn('MUTATION_BUNDLED'), 'fast-check', '@fast-check/vitest'] },
      },
    },
  },
})

function listIn(variable: string): string[] {
  return process.env[variable]?.split(',') ?? []
}
