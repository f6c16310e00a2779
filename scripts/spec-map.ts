import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listSources, ROOT, type SourceFile } from './source-files.ts'

/** Where a piece of ours comes from. */
interface Entry {
  readonly name: string
  readonly source: string
}

const PATH = 'docs/spec-map.md'

/** The map from our functions to the files of the reference, made of the `Source:` lines in their comments. */
export function renderSpecMap(files: readonly SourceFile[] = listSources()): string {
  const sections = files.flatMap((file) => {
    const entries = sourcesIn(file)
    return entries.length === 0 ? [] : [renderSection(file.path, entries)]
  })
  return `${[HEAD, ...sections].join('\n\n')}\n`
}

const HEAD = [
  '# Where everything comes from',
  '',
  'What each of our functions, types and constants mirrors. Made of the `Source:` lines in the code by',
  '`npm run fix`; a test fails when the two differ.',
].join('\n')

function renderSection(path: string, entries: readonly Entry[]): string {
  const title = path.replace(/^packages\//, '').replace('/src/', '/')
  const rows = entries.map(({ name, source }) => `| ${name} | ${source} |`)
  return [`## ${title}`, '', '| ours | source |', '| --- | --- |', ...rows].join('\n')
}

const COMMENT = /\/\*\*([\s\S]*?)\*\//g
const DECLARATION = /^\s*(?:export )?(?:async )?(?:function\*?|const|class|interface|type) (\w+)/

function sourcesIn({ text }: SourceFile): readonly Entry[] {
  const entries: Entry[] = []
  let lastPath = ''
  for (const match of text.matchAll(COMMENT)) {
    const words = (match[1] ?? '').replaceAll(/\n\s*\* ?/g, '\n').trim()
    const sentence = /Source(?: of [^:]+)?: ([\s\S]+?)(?:\.(?=\s|$)|$)/
      .exec(words)?.[1]
      ?.replaceAll(/\s+/g, ' ')
    if (sentence === undefined) {
      continue
    }
    const path = /^[^`]*`[^`]*\/[^`]*`/.exec(sentence)?.[0]
    const source = path === undefined ? inSameFile(sentence, lastPath) : sentence
    lastPath = path ?? lastPath
    const isOfFile = /Source of /.test(words)
    const name = DECLARATION.exec(text.slice(match.index + match[0].length))?.[1]
    entries.push({ name: isOfFile || name === undefined ? 'the file' : `\`${name}\``, source })
  }
  return entries
}

/** A source that names no file of its own is in the one that was named last. */
function inSameFile(sentence: string, lastPath: string): string {
  const name = sentence.replace(/^the same file(, )?/, '').replace(/ of the same file$/, '')
  return lastPath === '' || name === '' ? `${lastPath}${name}` : `${lastPath}, ${name}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(ROOT, PATH), renderSpecMap())
}
