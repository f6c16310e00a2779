import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findBigIntDivisions } from './find-bigint-divisions.ts'
import { listFiles, listSources, ROOT, type SourceFile } from './source-files.ts'
import { renderSpecMap } from './spec-map.ts'

const sources = listSources()
const documents = listFiles(/\.md$/)
const code = listFiles(/^(packages|scripts)\/.*\.(ts|mjs)$/)

/** Layers of the packages. The testkit is for tests, and for the story, which is told on one of its networks. */
const LAYERS: Readonly<Record<string, number>> = {
  primitives: 0,
  ipld: 0.5,
  actors: 1,
  vm: 2,
  risk: 3,
  testkit: 3.5,
  conformance: 4,
  story: 4,
  plimsoll: 5,
}

describe('packages', () => {
  const manifests = listFiles(/^packages\/[^/]+\/package\.json$/).map(({ path, text }) => {
    const manifest = JSON.parse(text) as Manifest
    return { path, name: shortName(manifest.name), manifest }
  })

  test('are all in a layer', () => {
    expect(manifests.map(({ name }) => name).toSorted()).toEqual(Object.keys(LAYERS).toSorted())
  })

  test.each(manifests)('$name imports only what is below it', ({ name, manifest }) => {
    const own = Object.keys(manifest.dependencies ?? {}).filter((dependency) => isOurs(dependency))
    const layer = LAYERS[name] ?? Number.POSITIVE_INFINITY
    const upward = own.map(shortName).filter((dependency) => (LAYERS[dependency] ?? layer) >= layer)
    expect(upward).toEqual([])
  })

  test.each(manifests)('$name pins every version', ({ manifest }) => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })

  test.each(manifests)('$name says in a README what it is, and is in ARCHITECTURE.md', ({ path, name }) => {
    expect(existsSync(join(ROOT, dirname(path), 'README.md'))).toBe(true)
    const architecture = documents.find((document) => document.path === 'ARCHITECTURE.md')?.text
    expect(architecture).toContain(`| \`${name === 'plimsoll' ? 'cli' : name}\` |`)
  })
})

describe('source files', () => {
  test('are at most 500 lines long', () => {
    expect(code.filter(({ text }) => text.split('\n').length > 500).map(({ path }) => path)).toEqual([])
  })

  // An exception here would hide a unit, a defect or an unfinished part.
  test.each([
    { what: 'loose ends', pattern: /\b(TODO|FIXME|XXX)\b/ },
    { what: 'casts through any', pattern: /\bas any\b(?! [a-z])|\bas unknown as\b/ },
    { what: 'silenced checks', pattern: /@ts-(ignore|nocheck|expect-error)|biome-ignore/ },
    { what: 'tests that are left out or run alone', pattern: /\b(test|describe|it)\.(skip|only|todo)\b/ },
  ])('have no $what', ({ pattern }) => {
    const found = code.filter(({ path, text }) => path !== 'scripts/tidy.test.ts' && pattern.test(text))
    expect(found.map(({ path }) => path)).toEqual([])
  })

  test('of the actors say what they mirror', () => {
    const without = sources.filter(
      ({ path, text }) => path.startsWith('packages/actors/') && !/Source(?: of [^:]+)?:/.test(text),
    )
    expect(without.map(({ path }) => path)).toEqual(OWN_FILES_OF_ACTORS)
  })

  test('never divide bigints by an operator, which would round toward zero without saying so', () => {
    expect(findBigIntDivisions(ROOT)).toEqual([])
  })
})

/** Files of the actors package that mirror nothing: the reference finds its way into a state otherwise. */
const OWN_FILES_OF_ACTORS = [
  'packages/actors/src/actors-version.ts',
  'packages/actors/src/errors.ts',
  'packages/actors/src/index.ts',
  'packages/actors/src/invariants/members.ts',
  'packages/actors/src/miner/amount-column.ts',
  'packages/actors/src/miner/figure-columns.ts',
  'packages/actors/src/miner/record-memory.ts',
  'packages/actors/src/miner/sector-figures.ts',
  'packages/actors/src/rules/errors.ts',
  'packages/actors/src/state-tree/actor-codes.ts',
  'packages/actors/src/state-tree/network-state.ts',
  'packages/actors/src/state-tree/state-tree.ts',
]

describe('documents', () => {
  const text = (path: string) => documents.find((document) => document.path === path)?.text ?? ''

  test('docs/spec-map.md is what the sources say', () => {
    expect(text('docs/spec-map.md')).toBe(renderSpecMap(sources))
  })

  test('docs/errors.md has every code that is thrown, and none that is not', () => {
    const thrown = new Set(sources.filter(isOfProduct).flatMap(({ text }) => codesIn(text)))
    const explained = new Set(
      [...text('docs/errors.md').matchAll(/`([A-Z][A-Z0-9_]{3,})`/g)].map(([, c]) => c),
    )
    // What the parser of the command line says has this code, which stands in a template there.
    explained.delete('USAGE')
    expect([...explained].toSorted()).toEqual([...thrown].toSorted())
  })

  test('docs/limits.md has the limits on what comes from outside, and only names that there are', () => {
    const limits = sources.find(({ path }) => path === 'packages/ipld/src/limits.ts')?.text ?? ''
    const defined = [...limits.matchAll(/export const (MAX_\w+)/g)].map(([, name]) => name)
    const named = [...text('docs/limits.md').matchAll(/`(MAX_\w+)`/g)].map(([, name]) => name)
    expect(defined.filter((name) => !named.includes(name))).toEqual([])
    expect(named.filter((name) => !sources.some((file) => file.text.includes(`const ${name} =`)))).toEqual([])
  })

  test('link only to files that there are', () => {
    const broken = documents.flatMap(({ path, text: markdown }) =>
      [...markdown.matchAll(/\]\((?!https?:)([^)#]+)/g)]
        .map(([, target]) => join(dirname(path), target ?? ''))
        .filter((target) => !existsSync(join(ROOT, target))),
    )
    expect(broken).toEqual([])
  })

  test('name only files of ours that there are', () => {
    const broken = documents.flatMap(({ path, text: markdown }) =>
      [...markdown.matchAll(/`((?:packages|scripts|docs|fixtures|examples)\/[\w./-]+\.\w+)`/g)]
        .map(([, target]) => target ?? '')
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${path}: ${target}`),
    )
    expect(broken).toEqual([])
  })
})

/** The promises and laws that can be kept by now; the others need something that watches a chain, or sends. */
const DUE = ['S1', 'S3', 'S4', 'S5', 'S7', 'S9', 'I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9']

describe('docs/safety.md', () => {
  const safety = documents.find(({ path }) => path === 'docs/safety.md')?.text ?? ''
  const rows = [...safety.matchAll(/^\|.*\| `([^`]+\.test\.ts)` \| `((?:S|I)\d+): ([^`]+)` \|$/gm)].map(
    ([, path = '', id = '', title = '']) => ({ path, id, name: `${id}: ${title}` }),
  )
  const named = code
    .filter(({ path }) => path.endsWith('.test.ts') && path !== 'scripts/tidy.test.ts')
    .flatMap(({ path, text }) => promisesIn(text).map((name) => ({ path, name })))

  test('has a test for every promise that is due', () => {
    expect(DUE.filter((id) => !rows.some((row) => row.id === id))).toEqual([])
  })

  test('names tests that there are, and all that have an id', () => {
    const listed = (tests: readonly { readonly path: string; readonly name: string }[]) =>
      tests.map(({ path, name }) => `${path}: ${name}`).toSorted()
    expect(listed(rows)).toEqual(listed(named))
  })
})

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

function isOurs(name: string): boolean {
  return name === 'plimsoll' || name.startsWith('@plimsoll/')
}

function shortName(name: string): string {
  return name.replace('@plimsoll/', '')
}

/** What the testkit throws, only its own readers see. */
function isOfProduct({ path }: SourceFile): boolean {
  return !path.startsWith('packages/testkit/')
}

/** The names of tests, and of groups of tests, that begin with the id of a promise or a law. */
function promisesIn(text: string): readonly string[] {
  return [...text.matchAll(/\(\s*(['"`])((?:S|I)\d+: .+?)\1,/g)].map(([, , name]) => name ?? '')
}

/** The first argument of every error's constructor, and of the functions that make errors. */
function codesIn(text: string): readonly string[] {
  const made = text.matchAll(/(?:new \w*Error|\b\w+Error)\(\s*'([A-Z][A-Z0-9_]+)'/g)
  return [...made].map(([, code]) => code ?? '')
}
