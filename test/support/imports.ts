import { type ExportSpecifier, type ImportDeclarationSpecifier, parseSync, Visitor } from 'oxc-parser';

export interface Import {
  readonly from: string;
  /** The names of the values that come with it, `*` for all of them; none where it is for types alone. */
  readonly values: readonly string[];
}

export interface Reading {
  /** Static and dynamic imports, re-exports and `import('…')` in types. */
  readonly imports: readonly Import[];
  /** Which of `process` and `console` it uses. */
  readonly globals: readonly string[];
}

/** What a source file asks of others, as a parser of TypeScript reads it. Throws where it does not parse. */
export function readSource(file: string, source: string): Reading {
  const { program, errors } = parseSync(file, source);
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`);
  const imports: Import[] = [];
  const globals = new Set<string>();
  new Visitor({
    ImportDeclaration({ source: { value }, importKind, specifiers }) {
      imports.push({ from: value, values: importKind === 'type' ? [] : valuesOf(specifiers) });
    },
    ExportNamedDeclaration({ source: from, exportKind, specifiers }) {
      if (from !== null) imports.push({ from: from.value, values: exportKind === 'type' ? [] : valuesOf(specifiers) });
    },
    ExportAllDeclaration({ source: { value }, exportKind }) {
      imports.push({ from: value, values: exportKind === 'type' ? [] : ['*'] });
    },
    ImportExpression({ source: from }) {
      if (from.type !== 'Literal') throw new Error(`${file}: an import() of something that is no string`);
      imports.push({ from: String(from.value), values: ['*'] });
    },
    TSImportType({ source: { value } }) {
      imports.push({ from: value, values: [] });
    },
    MemberExpression({ object }) {
      if (object.type === 'Identifier' && /^(process|console)$/.test(object.name)) globals.add(object.name);
    },
  }).visit(program);
  return { imports, globals: [...globals] };
}

/** No braces and empty braces both run the file. */
function valuesOf(specifiers: readonly (ImportDeclarationSpecifier | ExportSpecifier)[]): string[] {
  if (specifiers.length === 0) return ['*'];
  return specifiers.flatMap((one) => {
    if (one.type === 'ImportNamespaceSpecifier') return ['*'];
    if (one.type === 'ImportDefaultSpecifier') return ['default'];
    const isType = (one.type === 'ImportSpecifier' ? one.importKind : one.exportKind) === 'type';
    const name = one.type === 'ImportSpecifier' ? one.imported : one.local;
    return isType ? [] : [name.type === 'Literal' ? name.value : name.name];
  });
}
