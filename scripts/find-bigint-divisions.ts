import { join } from 'node:path'
import ts from 'typescript'
import { listSources } from './source-files.ts'

/** The one file that may: it defines the divisions by their names. */
const ALLOWED = 'packages/primitives/src/division.ts'

const PURE_PACKAGES = /^packages\/(primitives|ipld|actors|risk)\//

/** Every `/` and `%` on bigints in the pure packages, as `path:line`. */
export function findBigIntDivisions(root: string): readonly string[] {
  const paths = listSources()
    .map(({ path }) => path)
    .filter((path) => PURE_PACKAGES.test(path) && path !== ALLOWED)
  const options = { ...readOptions(root), noEmit: true }
  const program = ts.createProgram(
    [...paths.map((path) => join(root, path)), join(root, 'globals.d.ts')],
    options,
  )
  const checker = program.getTypeChecker()
  return paths.flatMap((path) => {
    const file = program.getSourceFile(join(root, path))
    return file === undefined ? [`${path}: not read`] : findIn(file, path, checker)
  })
}

function readOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  return ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root).options
}

function findIn(file: ts.SourceFile, path: string, checker: ts.TypeChecker): readonly string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isDivision(node) && isBigInt(node.left, checker)) {
      found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function isDivision({ operatorToken }: ts.BinaryExpression): boolean {
  return [
    ts.SyntaxKind.SlashToken,
    ts.SyntaxKind.PercentToken,
    ts.SyntaxKind.SlashEqualsToken,
    ts.SyntaxKind.PercentEqualsToken,
  ].includes(operatorToken.kind)
}

/** Also true of a branded bigint and of a number or a bigint. */
function isBigInt(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const type = checker.getTypeAtLocation(node)
  const parts = type.isUnion() ? type.types : [type]
  return parts.some((part) => isBigIntPart(part))
}

function isBigIntPart(type: ts.Type): boolean {
  return type.isIntersection()
    ? type.types.some(isBigIntPart)
    : (type.flags & (ts.TypeFlags.BigIntLike | ts.TypeFlags.Any)) !== 0
}
