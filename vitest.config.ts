import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Whole states and property tests take seconds; a test that hangs must end nevertheless.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
