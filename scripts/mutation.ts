import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { MUTATION_GROUPS } from './mutation/groups.ts'
import { runGroup } from './mutation/run-group.ts'
import { renderScore, scoreOf } from './mutation/score.ts'

/**
 * Changes the files that decide about money, one place at a time, and runs their tests after each change: a mutant that no
 * test notices is a rule that no test holds. Exits with 1 when a group kills less than {@link LEAST_SCORE}.
 */

/** Percent of its mutants that the tests of a group have to kill. */
const LEAST_SCORE = 90

const { values: options, positionals } = parseArgs({
  options: {
    workers: { type: 'string', default: '1' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
  allowPositionals: true,
})
const names = MUTATION_GROUPS.map(({ name }) => name)

if (options.help) {
  process.stdout.write(
    'npm run mutation [-- GROUP …] [-- --workers N] [-- --json]\n\n' +
      `Groups: ${names.join(', ')}; all of them unless some are named.\n` +
      'A mutant takes about a second, and a worker one processor. docs/mutation.md explains the survivors.\n',
  )
  process.exit(0)
}
const unknown = positionals.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`There is no group ${unknown.join(', ')}; there are ${names.join(', ')}.\n`)
  process.exit(2)
}

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
for (const group of MUTATION_GROUPS.filter(
  ({ name }) => positionals.length === 0 || positionals.includes(name),
)) {
  const mutants = await runGroup(group, {
    workers: Number(options.workers),
    isShown: process.stdout.isTTY === true && options.json !== true,
  })
  process.stdout.write(
    options.json ? `${JSON.stringify({ group: group.name, mutants })}\n` : renderScore(group.name, mutants),
  )
  if (scoreOf(mutants).percent < LEAST_SCORE) {
    process.exitCode = 1
  }
}
