import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { FIXTURES_DIR, VECTORS_DIR } from './locations.ts'
import { runConformance } from './run.ts'
import { renderCoverage, renderSummary, summarize } from './summary.ts'

interface Options {
  readonly filter?: string
  readonly json?: boolean
  readonly coverage?: boolean
}

const program = new Command('conformance')
  .description('Decides vectors written by others against these packages.')
  .argument(
    '[paths...]',
    'directories or files of vectors (default: VECTORS_DIR, or the fixtures of the project)',
  )
  .option('--filter <text>', 'only files whose path contains the text')
  .option('--coverage', 'print how often which method of the replayed scenarios ended with which exit code')
  .option('--json', 'print the summary, every failure and the coverage as JSON')
  .addHelpText(
    'after',
    '\nExample:\n  npm run conformance -- ../shared/vectors/mainnet --filter TerminateSectors\n',
  )
  .action(async (paths: readonly string[], { filter, json, coverage }: Options) => {
    const roots = paths.length > 0 ? paths : [existsSync(VECTORS_DIR) ? VECTORS_DIR : FIXTURES_DIR]
    for (const root of roots) {
      if (!existsSync(root)) {
        program.error(`there is no ${root}`, { exitCode: 2 })
      }
    }
    const summary = await summarize(runConformance(roots, filter))
    process.stdout.write(json ? `${JSON.stringify(summary, null, 2)}\n` : renderSummary(summary))
    if (coverage && !json) {
      process.stdout.write(renderCoverage(summary))
    }
    process.exitCode = summary.failed > 0 ? 1 : 0
  })

await program.parseAsync()
