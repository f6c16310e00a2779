import { expect, test } from 'vitest'
import { strykerPlugins } from './ignore-prose.ts'

type Path = Parameters<NonNullable<(typeof strykerPlugins)[number]>['value']['shouldIgnore']>[0]

const isLeftAlone = (path: Path) => strykerPlugins[0]?.value.shouldIgnore(path) !== undefined

const named = (name: string) => ({ type: 'Identifier', name })
const code = { type: 'StringLiteral' }
const text = { type: 'TemplateLiteral' }
const error = (name: string) => ({ type: 'NewExpression', callee: named(name), arguments: [code, text] })
const either = { type: 'ConditionalExpression', test: code }
const property = (name: string) => ({ type: 'ObjectProperty', key: named(name) })
const inside = (node: Path['node'], ...parents: readonly Path['node'][]): Path => {
  const [parent, ...others] = parents
  return { node, parentPath: parent === undefined ? null : inside(parent, ...others) }
}

test.each([
  { what: 'the text of an error', path: inside(text, error('LedgerError')), alone: true },
  { what: 'the code of an error', path: inside(code, error('LedgerError')), alone: false },
  { what: 'the second argument of anything else', path: inside(text, error('Map')), alone: false },
  { what: 'a constant called message', path: inside(text, declared('message')), alone: true },
  { what: 'a constant called kind', path: inside(text, declared('kind')), alone: false },
  { what: 'a field called message', path: inside(text, property('message')), alone: true },
  { what: 'a field called kind', path: inside(code, property('kind')), alone: false },
  { what: 'one of two messages', path: inside(text, either, property('message')), alone: true },
  { what: 'what decides between them', path: inside(code, either, property('message')), alone: false },
  { what: 'a message that is no text', path: inside(named('a'), property('message')), alone: false },
  { what: 'a text without a place', path: inside(text), alone: false },
])('$what is left alone: $alone', ({ path, alone }) => {
  expect(isLeftAlone(path)).toBe(alone)
})

function declared(name: string) {
  return { type: 'VariableDeclarator', id: named(name) }
}
