import ts from "typescript";

/**
 * Where the objects of a site file stand. The compiler only reads: it is the one parser that keeps positions and knows everything
 * that a site file may hold. It is large, so this file is loaded only for the formats that name lines.
 * @param text of a site file, which may have faults
 * @returns the line, from 1, of a path such as `guests.erp.dependsOn[0]`. What comes from a call, a spread or another file has no
 * line of its own: it gets that of the nearest object around it that stands here, in the end the first
 */
export function siteLines(text: string): (path: string) => number {
  const file = ts.createSourceFile("site.ts", text, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  const constants = constantsOf(file);
  const root = exported(file);
  return (path) => {
    let node: ts.Node | undefined = root;
    let value = root === undefined ? undefined : literalOf(root, constants);
    for (const key of keysOf(path)) {
      const next: ts.Expression | ts.ObjectLiteralElementLike | undefined =
        value === undefined ? undefined : memberOf(value, key, constants);
      if (next === undefined) break;
      node = next;
      value = literalOf(initializerOf(next), constants);
    }
    return node === undefined || node === root ? 1 : file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  };
}

/** `a.b["c d"][0]` to its keys. */
function keysOf(path: string): (string | number)[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name = ""]) =>
    quoted !== undefined ? (JSON.parse(`"${quoted}"`) as string) : index !== undefined ? Number(index) : name,
  );
}

type Constants = ReadonlyMap<string, ts.Expression>;

/** `const`s of the file itself, by name. */
function constantsOf(file: ts.SourceFile): Constants {
  return new Map(
    file.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => declarationList.declarations)
      .flatMap(({ name, initializer }) =>
        ts.isIdentifier(name) && initializer !== undefined ? [[name.text, initializer] as const] : [],
      ),
  );
}

const exported = (file: ts.SourceFile): ts.Expression | undefined =>
  file.statements.find((statement) => ts.isExportAssignment(statement))?.expression;

/** The object or list that an expression is written as: what a function like `defineSite` gets, what a constant stands for. */
function literalOf(expression: ts.Expression | undefined, constants: Constants, seen: readonly string[] = []): Value | undefined {
  if (expression === undefined) return undefined;
  if (ts.isObjectLiteralExpression(expression) || ts.isArrayLiteralExpression(expression)) return expression;
  if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression) || ts.isParenthesizedExpression(expression))
    return literalOf(expression.expression, constants, seen);
  if (ts.isCallExpression(expression)) return literalOf(expression.arguments[0], constants, seen);
  if (!ts.isIdentifier(expression) || seen.includes(expression.text)) return undefined;
  return literalOf(constants.get(expression.text), constants, [...seen, expression.text]);
}

type Value = ts.ObjectLiteralExpression | ts.ArrayLiteralExpression;

function memberOf(
  value: Value,
  key: string | number,
  constants: Constants,
): ts.Expression | ts.ObjectLiteralElementLike | undefined {
  if (ts.isArrayLiteralExpression(value)) {
    const before = value.elements.slice(0, Number(key) + 1);
    // Nobody knows how many a spread stands for.
    return typeof key === "number" && !before.some(ts.isSpreadElement) ? value.elements[key] : undefined;
  }
  // What is written last counts.
  for (const property of [...value.properties].reverse()) {
    if (ts.isSpreadAssignment(property)) {
      const spread = literalOf(property.expression, constants);
      const found = spread === undefined ? undefined : memberOf(spread, key, constants);
      if (found !== undefined) return found;
    } else if (property.name !== undefined && nameOf(property.name) === String(key)) return property;
  }
  return undefined;
}

const nameOf = (name: ts.PropertyName): string | undefined =>
  ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;

function initializerOf(node: ts.Expression | ts.ObjectLiteralElementLike): ts.Expression | undefined {
  if (ts.isPropertyAssignment(node)) return node.initializer;
  if (ts.isShorthandPropertyAssignment(node)) return node.name;
  return ts.isObjectLiteralElementLike(node) ? undefined : node;
}
