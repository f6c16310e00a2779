import { parseArgs } from 'node:util'
import { createHashes } from '@plimsoll/primitives'
import { generateBook } from './bench/book.ts'
import { benchDecoding, benchMemory } from './bench/decode.ts'
import { benchAmtDiff, benchHamtDiff } from './bench/diff.ts'
import { benchFeeNetwork } from './bench/fee-network.ts'
import { benchFees } from './bench/fees.ts'
import { type Figure, isMet } from './bench/measure.ts'
import { benchPowerTable } from './bench/power.ts'
import { benchReplays } from './bench/replays.ts'
import { benchHashing, benchLookup, benchVerifiedLoad } from './bench/verify.ts'
import { benchVm } from './bench/vm.ts'

/**
 * Measures both sides of every comparison in one run, on generated data: all of them, or those that are named.
 * Exits with 1 when a goal is missed; goals are ratios and sizes, because times alone say something about the machine.
 */

/** Sectors of the one large miner that messages are executed on. */
const VM_SECTORS = 200_000

/** What can be measured, by the name that asks for it. */
const GROUPS: Readonly<Record<string, () => readonly Figure[] | Promise<readonly Figure[]>>> = {
  book: measureBook,
  power: () => measure('power table', benchPowerTable),
  risk: () => [...measure('fees', benchFees), ...measure('fees of a network', benchFeeNetwork)],
  vm: measureVm,
}

const { values: options, positionals: named } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    sectors: { type: 'string', default: '1000000' },
    help: { type: 'boolean' },
  },
})

if (options.help) {
  process.stdout.write(`npm run bench -- [${Object.keys(GROUPS).join('|')} …] [--json] [--sectors N]\n`)
  process.exit(0)
}

const figures: Figure[] = []
for (const name of named.length > 0 ? named : Object.keys(GROUPS)) {
  const run = GROUPS[name]
  if (run === undefined) {
    process.stderr.write(`there is no "${name}" to measure; there are ${Object.keys(GROUPS).join(', ')}\n`)
    process.exit(2)
  }
  figures.push(...(await run()))
}
const machine = { node: process.version, arch: process.arch, platform: process.platform }
process.stdout.write(
  options.json
    ? `${JSON.stringify({ machine, figures: figures.map((figure) => ({ ...figure, isMet: isMet(figure) })) }, null, 2)}\n`
    : `${figures.map(renderFigure).join('\n')}\n`,
)
process.exitCode = figures.every(isMet) ? 0 : 1

async function measureBook(): Promise<readonly Figure[]> {
  const sectors = Number(options.sectors)
  const hashes = await createHashes()
  say(`generating ${sectors} sectors …`)
  const book = generateBook(hashes, sectors)
  return [
    { name: 'sectors', value: sectors, unit: '' },
    { name: 'a sector in its blocks', value: book.totalBytes / sectors, unit: 'B' },
    ...measure('decoding', () => benchDecoding(book)),
    ...measure('memory', () => benchMemory(book)),
    ...measure('hashing', () => benchHashing(book, hashes)),
    ...measure('verified load', () => benchVerifiedLoad(book, hashes)),
    ...measure('look-up', () => benchLookup(book)),
    ...measure('AMT diff', () => benchAmtDiff(book)),
    ...measure('HAMT diff', () => benchHamtDiff(hashes, sectors)),
  ]
}

async function measureVm(): Promise<readonly Figure[]> {
  const hashes = await createHashes()
  return [
    ...measure('messages and ticks', () => [...benchVm(hashes, VM_SECTORS)]),
    ...measure('replays', () => [...benchReplays(hashes)]),
  ]
}

function measure(name: string, run: () => readonly Figure[]): readonly Figure[] {
  say(`measuring ${name} …`)
  return run()
}

function say(text: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`${text}\n`)
  }
}

function renderFigure(figure: Figure): string {
  const { name, value, unit, goal } = figure
  const text = `${name.padEnd(52)} ${formatNumber(value).padStart(12)} ${unit}`
  return goal === undefined
    ? text.trimEnd()
    : `${text}, goal ${goal.kind} ${formatNumber(goal.value)}: ${isMet(figure) ? 'met' : 'MISSED'}`
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4)
}
