import { parseArgs } from 'node:util'
import { createHashes } from '@plimsoll/primitives'
import { generateBook } from './bench/book.ts'
import { benchDecoding, benchMemory } from './bench/decode.ts'
import { benchAmtDiff, benchHamtDiff } from './bench/diff.ts'
import { type Figure, isMet } from './bench/measure.ts'
import { benchHashing, benchLookup, benchVerifiedLoad } from './bench/verify.ts'

/**
 * Measures both sides of every comparison in one run, on a generated book. Exits with 1 when a goal is missed;
 * goals are ratios and sizes, because times alone say something about the machine.
 */

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean' },
    sectors: { type: 'string', default: '1000000' },
    help: { type: 'boolean' },
  },
})

if (options.help) {
  process.stdout.write('npm run bench [-- --json] [-- --sectors N]\n')
  process.exit(0)
}

const sectors = Number(options.sectors)
const hashes = await createHashes()

say(`generating ${sectors} sectors …`)
const book = generateBook(hashes, sectors)
const figures: readonly Figure[] = [
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
const machine = { node: process.version, arch: process.arch, platform: process.platform }
process.stdout.write(
  options.json
    ? `${JSON.stringify({ machine, figures: figures.map((figure) => ({ ...figure, isMet: isMet(figure) })) }, null, 2)}\n`
    : `${figures.map(renderFigure).join('\n')}\n`,
)
process.exitCode = figures.every(isMet) ? 0 : 1

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
