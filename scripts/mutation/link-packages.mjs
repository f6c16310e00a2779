// Runs in the copy of the project that Stryker makes. Everything else is found in the project's own node_modules, above the
// copy; our packages have to be those of the copy, or tests would import what was never mutated.
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'

mkdirSync(join('node_modules', '@plimsoll'), { recursive: true })
for (const folder of readdirSync('packages')) {
  const { name } = JSON.parse(readFileSync(join('packages', folder, 'package.json'), 'utf8'))
  symlinkSync(resolve('packages', folder), join('node_modules', name), 'junction')
}
