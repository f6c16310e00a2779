// Runs before anything is installed, on whatever Node the shell has: only built-in modules, no TypeScript.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

function modifiedAt(file) {
  try {
    return statSync(join(root, file)).mtimeMs
  } catch {
    return 0
  }
}

// npm writes this file last, so it is there and newer than the lock exactly when an install was completed.
const installedAt = modifiedAt('node_modules/.package-lock.json')

if (installedAt === 0 || installedAt < modifiedAt('package-lock.json')) {
  process.stderr.write('Installing dependencies (npm ci) …\n')
  // One string for the shell: npm is a script on Windows, which spawn does not find without one.
  const { status } = spawnSync('npm ci --no-fund --no-audit --loglevel=error', {
    cwd: root,
    shell: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) {
    process.stderr.write('npm ci failed; the message above says why.\n')
    process.exit(1)
  }
}
