#!/usr/bin/env node
import { setTimeout as wait } from 'node:timers/promises'
import { run } from './program.ts'
import type { Terminal } from './terminal.ts'

const terminal: Terminal = {
  writeOut: (text) => {
    process.stdout.write(text)
  },
  writeError: (text) => {
    process.stderr.write(text)
  },
  showsProgress: process.stderr.isTTY === true,
  hasColours: process.stdout.isTTY === true && process.stdout.hasColors(),
  columns: process.stdout.columns,
  ...(process.stdout.isTTY === true && { pause: (ms: number) => wait(ms) }),
}

// A reader that closes the pipe early, such as head, has seen what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error
  }
  process.exit(0)
})

process.exitCode = await run(process.argv.slice(2), terminal)
