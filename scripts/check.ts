import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Checks the types of every package by its own tsconfig, then of all tests and scripts by the one at the root.
 *
 * The packages are apart because most of them must not see Node's types; their tests may.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

/** Compilers at work at the same time; each is single-threaded and takes some 300 MB. */
const WORKERS = 2

const projects = readdirSync(join(ROOT, 'packages'))
  .map((name) => join('packages', name))
  .filter((path) => existsSync(join(ROOT, path, 'tsconfig.json')))
const queue = [...projects, 'tsconfig.json']
const failed: string[] = []

await Promise.all(Array.from({ length: WORKERS }, work))
process.stdout.write(
  failed.length === 0
    ? `types: ${projects.length} packages and their tests are sound\n`
    : `types: ${failed.join(', ')} failed\n`,
)
process.exitCode = failed.length === 0 ? 0 : 1

async function work(): Promise<void> {
  for (let project = queue.shift(); project !== undefined; project = queue.shift()) {
    if ((await compile(project)) !== 0) {
      failed.push(project)
    }
  }
}

function compile(project: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [TSC, '-p', project, '--pretty', String(process.stdout.isTTY === true)],
      {
        cwd: ROOT,
        stdio: 'inherit',
      },
    )
    child.on('error', reject)
    child.on('exit', resolve)
  })
}
