import { readdirSync, readFileSync } from 'node:fs';
import { dirname, normalize } from 'node:path/posix';
import { describe, expect, test } from 'vitest';

/** Which folders a folder may import, besides itself. `wire (types, WireError)`: types, and the one error. */
const mayImport: Readonly<Record<string, readonly string[] | 'everything'>> = {
  'src/model': [],
  'src/wire': ['src/model'],
  'src/discover': ['src/model'],
  'src/budget': ['src/model', 'src/wire'],
  'src/mta': ['src/model'],
  'src/postfix': ['src/model'],
  'src/kit': ['src/model', 'src/mta', 'src/wire (types, WireError)'],
  probes: ['src/kit'],
  'src/scan': ['src/model', 'src/wire', 'src/discover', 'src/budget', 'src/kit'],
  'src/policy': ['src/model'],
  'src/verify': ['src/model', 'src/postfix'],
  'src/report': ['src/model', 'src/mta'],
  'src/demo': [],
  'src/cli': 'everything',
  'src/index.ts': 'everything',
  'src/library.ts': 'everything',
  docker: 'everything',
};

/** Packages and the only places that may import them; a type costs nothing and may be had anywhere. */
const onlyIn: readonly [RegExp, ...string[]][] = [
  [/^node:(net|tls)$/, 'src/wire'],
  [/^(node:dns(\/promises)?|dns-.*)$/, 'src/discover'],
  [/^p-limit$/, 'src/budget'],
  [/^yargs(\/.*)?$/, 'src/cli'],
  [/^node:(process|console|fs|fs\/promises)$/, 'src/cli'],
  [/^yaml$/, 'src/policy'],
  [/^zod$/, 'src/policy', 'src/verify/seen.ts'],
  [/^smtp-server$/, 'src/demo'],
  [/^(xmlbuilder2|mdast-.*)$/, 'src/report'],
  [/^preact(-render-to-string)?(\/.*)?$/, 'src/report/html'],
  [/^(testcontainers|@testcontainers\/.*)$/, 'docker/lab.ts'],
  [/^vitest$/, 'docker'],
];

interface Import {
  readonly from: string;
  readonly typesOnly: boolean;
  /** The names imported; empty for a namespace, a default or a side effect. */
  readonly names: readonly string[];
}

const isIn = (file: string, place: string) => file === place || file.startsWith(`${place}/`);

/** What a file does that the table does not allow. */
function violationsOf(file: string, source: string): string[] {
  const code = withoutComments(source);
  const globals = /^(src|probes)\//.test(file) && !isIn(file, 'src/cli') ? globalsOf(code) : [];
  return [
    ...importsOf(code).flatMap((one) => violationsBy(file, one)),
    ...globals.map((name) => `${file} uses ${name}`),
  ];
}

function violationsBy(file: string, { from, typesOnly, names }: Import): string[] {
  if (!from.startsWith('.')) {
    const rule = onlyIn.find(([name]) => name.test(from));
    const allowed =
      rule === undefined ||
      typesOnly ||
      rule.slice(1).some((place) => isIn(file, String(place))) ||
      (isIn(file, 'docker') && from.startsWith('node:'));
    return allowed ? [] : [`${file} imports ${from}`];
  }
  const target = normalize(`${dirname(file)}/${from}`);
  const home = placeOf(file);
  const there = placeOf(target);
  const allowed = mayImport[home];
  if (home === there || allowed === 'everything') return [];
  const whole = allowed?.includes(there) ?? false;
  const inPart =
    allowed?.includes(`${there} (types, WireError)`) === true &&
    (typesOnly || (names.length > 0 && names.every((name) => name === 'WireError' || name.startsWith('type '))));
  return whole || inPart ? [] : [`${file} imports ${target}`];
}

/** The row of the table that a file belongs to. */
function placeOf(file: string): string {
  return Object.keys(mayImport).find((place) => isIn(file, place)) ?? dirname(file);
}

function importsOf(code: string): Import[] {
  const statements = code.matchAll(/\b(?:import|export)\s+(type\s+)?((?:[\w*\s,]|\{[^}]*\})*?)\s*from\s*'([^']+)'/g);
  const bare = code.matchAll(/\bimport\s*\(?\s*'([^']+)'/g);
  return [
    ...[...statements].map(([, type, clause = '', from = '']): Import => {
      const names =
        /\{([^}]*)\}/
          .exec(clause)?.[1]
          ?.split(',')
          .map((name) => name.trim())
          .filter(Boolean) ?? [];
      const inBraces = clause.trim().startsWith('{');
      return {
        from,
        names: inBraces ? names : [],
        typesOnly:
          type !== undefined || (inBraces && names.length > 0 && names.every((name) => name.startsWith('type '))),
      };
    }),
    ...[...bare].map(([, from = '']): Import => ({ from, names: [], typesOnly: false })),
  ];
}

const withoutComments = (source: string) => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

function globalsOf(code: string): string[] {
  const withoutStrings = code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
  return [
    ...new Set(
      [...withoutStrings.matchAll(/(?<![.\w])(process|console)\s*(?:\.|\?\.|\[)/g)].map(([, name = '']) => name),
    ),
  ];
}

const files = ['src', 'probes', 'docker'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => `${root}/${path}`),
);

describe('the architecture', () => {
  test('is kept by every file', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(files.flatMap((file) => violationsOf(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  test('has a row for every folder', () => {
    const unknown = files.map(placeOf).filter((place) => !(place in mayImport));
    expect([...new Set(unknown)]).toEqual([]);
  });

  test('has two barrels: the library and the kit', () => {
    const barrels = files.filter((file) => file.startsWith('src/') && file.endsWith('/index.ts'));
    expect(barrels).toEqual(expect.arrayContaining(['src/index.ts', 'src/kit/index.ts']));
    expect(barrels).toHaveLength(2);
  });
});

describe('a planted violation is found', () => {
  test.each([
    [
      'src/model/reply.ts',
      "import { visible } from '../wire/recorder.ts';",
      ['src/model/reply.ts imports src/wire/recorder.ts'],
    ],
    [
      'src/model/reply.ts',
      "import type { Cost } from '../report/json.ts';",
      ['src/model/reply.ts imports src/report/json.ts'],
    ],
    ['src/wire/session.ts', "export * from '../kit/index.ts';", ['src/wire/session.ts imports src/kit/index.ts']],
    [
      'src/wire/session.ts',
      "import pLimit, { type LimitFunction } from 'p-limit';",
      ['src/wire/session.ts imports p-limit'],
    ],
    [
      'src/scan/scan.ts',
      "import {\n  hello,\n  other,\n} from '../../probes/hello.ts';",
      ['src/scan/scan.ts imports probes/hello.ts'],
    ],
    [
      'src/scan/scan.ts',
      "const { hello } = await import('../../probes/hello.ts');",
      ['src/scan/scan.ts imports probes/hello.ts'],
    ],
    ['src/scan/scan.ts', "import '../cli/main.ts';", ['src/scan/scan.ts imports src/cli/main.ts']],
    [
      'src/kit/probe.ts',
      "import { Connection } from '../wire/connection.ts';",
      ['src/kit/probe.ts imports src/wire/connection.ts'],
    ],
    [
      'src/kit/probe.ts',
      "import { type Flight, SmtpSession } from '../wire/session.ts';",
      ['src/kit/probe.ts imports src/wire/session.ts'],
    ],
    [
      'src/kit/relay/dialogue.ts',
      "import { Deadline } from '../../wire/deadline.ts';",
      ['src/kit/relay/dialogue.ts imports src/wire/deadline.ts'],
    ],
    [
      'probes/hello.ts',
      "import { cite } from '../src/model/reply.ts';",
      ['probes/hello.ts imports src/model/reply.ts'],
    ],
    ['probes/hello.ts', "import { connect } from 'node:net';", ['probes/hello.ts imports node:net']],
    ['probes/hello.ts', "import * as tls from 'node:tls';", ['probes/hello.ts imports node:tls']],
    [
      'src/report/json.ts',
      "import { resolveMx } from 'node:dns/promises';",
      ['src/report/json.ts imports node:dns/promises'],
    ],
    ['src/report/json.ts', "import yargs from 'yargs/yargs';", ['src/report/json.ts imports yargs/yargs']],
    [
      'src/report/json.ts',
      'console.log(report); process.exit(1);',
      ['src/report/json.ts uses console', 'src/report/json.ts uses process'],
    ],
    ['src/report/json.ts', "import { readFileSync } from 'node:fs';", ['src/report/json.ts imports node:fs']],
    [
      'src/report/html/page.tsx',
      "import { scan } from '../../scan/scan.ts';\nconst page = <p>{console.log(1)}</p>;",
      ['src/report/html/page.tsx imports src/scan/scan.ts', 'src/report/html/page.tsx uses console'],
    ],
    [
      'src/report/json.ts',
      "import { renderToString } from 'preact-render-to-string';",
      ['src/report/json.ts imports preact-render-to-string'],
    ],
    [
      'docker/ready.ts',
      "import { GenericContainer } from 'testcontainers';",
      ['docker/ready.ts imports testcontainers'],
    ],
    ['src/new/thing.ts', "import { cite } from '../model/reply.ts';", ['src/new/thing.ts imports src/model/reply.ts']],
  ])('%s: %s', (file, source, expected) => {
    expect(violationsOf(file, source)).toEqual(expected);
  });

  test.each([
    [
      'src/wire/connection.ts',
      "import { connect, type Socket } from 'node:net';\nimport type { Limits } from '../model/limits.ts';",
    ],
    [
      'src/kit/probe.ts',
      "import type { SmtpSession } from '../wire/session.ts';\nimport { WireError } from '../wire/wire-error.ts';",
    ],
    [
      'src/kit/index.ts',
      "export type { Flight } from '../wire/session.ts';\nexport { WireError } from '../wire/wire-error.ts';",
    ],
    ['src/kit/transactions.ts', "import { type Flight, type SmtpSession } from '../wire/session.ts';"],
    [
      'src/demo/demo-server.ts',
      "import type { AddressInfo } from 'node:net';\nimport { SMTPServer } from 'smtp-server';",
    ],
    [
      'src/mta/fixes.ts',
      "// import { x } from '../wire/session.ts';\n/* console.log(1) */\nconst text = 'see process.env';",
    ],
    ['src/cli/main.ts', "import { scan } from '../index.ts';\nprocess.exitCode = 1;"],
    ['probes/open-relay.ts', "import { hello } from './hello.ts';\nimport { cite } from '../src/kit/index.ts';"],
  ])('and nothing else: %s', (file, source) => {
    expect(violationsOf(file, source)).toEqual([]);
  });
});
