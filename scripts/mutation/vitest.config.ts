import { defineConfig } from 'vitest/config'

/** The tests of one group, which `scripts/mutation.ts` names. */
export default defineConfig({
  test: {
    include: listIn('MUTATION_TESTS'),
    setupFiles: ['scripts/mutation/fixed-seed.ts'],
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
