/**
 * A plugin of Stryker that leaves the prose of errors and blockers alone: the second argument of an error, and whatever is
 * called `message`. Tests hold codes and data; the words are for people and may change. Codes and data are mutated.
 */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'prose',
    value: { shouldIgnore: (path: SyntaxPath) => (isProse(path) ? 'prose of a message' : undefined) },
  },
]

/** What the plugin reads of Babel's syntax tree. */
interface SyntaxPath {
  readonly node: SyntaxNode
  readonly parentPath: SyntaxPath | null
}

interface SyntaxNode {
  readonly type: string
  readonly name?: string
  readonly id?: SyntaxNode
  readonly key?: SyntaxNode
  readonly test?: SyntaxNode
  readonly callee?: SyntaxNode
  readonly arguments?: readonly SyntaxNode[]
}

const TEXTS = ['StringLiteral', 'TemplateLiteral']

function isProse({ node, parentPath }: SyntaxPath): boolean {
  return TEXTS.includes(node.type) && parentPath !== null && isWords(node, parentPath)
}

function isWords(text: SyntaxNode, { node: parent, parentPath }: SyntaxPath): boolean {
  switch (parent.type) {
    case 'NewExpression':
      return /Error$/.test(parent.callee?.name ?? '') && parent.arguments?.[1] === text
    case 'VariableDeclarator':
      return parent.id?.name === 'message'
    case 'ObjectProperty':
      return parent.key?.name === 'message'
    // One text or another.
    case 'ConditionalExpression':
      return parent.test !== text && parentPath !== null && isWords(parent, parentPath)
    default:
      return false
  }
}
