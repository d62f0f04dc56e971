import { readdirSync, readFileSync } from 'node:fs';
import { dirname, normalize } from 'node:path/posix';
import { describe, expect, test } from 'vitest';
import { circlesIn } from './support/circles.ts';
import { type Import, type Reading, readSource } from './support/imports.ts';

/** Which folders a folder may import, besides itself. `wire (types, trouble)`: types, and what is thrown. */
const mayImport: Readonly<Record<string, readonly string[] | 'everything' | 'all but cli'>> = {
  'src/model': [],
  'src/wire': ['src/model', 'src/mta'],
  'src/discover': ['src/model'],
  'src/budget': ['src/model', 'src/wire'],
  'src/mta': ['src/model'],
  'src/postfix': ['src/model'],
  'src/kit': ['src/model', 'src/mta', 'src/wire (types, trouble)'],
  'src/observations.ts': ['src/kit', 'probes'],
  probes: ['src/kit'],
  'src/scan': ['src/model', 'src/wire', 'src/discover', 'src/budget', 'src/kit'],
  'src/yaml': ['src/model'],
  'src/policy': ['src/model', 'src/yaml'],
  'src/verify': ['src/model', 'src/postfix', 'src/observations.ts'],
  'src/report': ['src/model', 'src/mta', 'src/observations.ts'],
  'src/monitor': ['src/model', 'src/yaml', 'src/policy', 'src/scan', 'src/report'],
  'src/store': ['src/model', 'src/monitor'],
  'src/notify': ['src/model', 'src/monitor', 'src/report'],
  'src/web': ['src/model', 'src/monitor', 'src/report'],
  'src/proof': ['src/model'],
  'src/demo': [],
  'src/cli': 'everything',
  'src/index.ts': 'all but cli',
  'src/scan-and-judge.ts': 'all but cli',
  'src/version.ts': [],
  docker: 'all but cli',
};

/** Packages and the only places that may import them; a type costs nothing and may be had anywhere. */
const onlyIn: readonly [RegExp, ...string[]][] = [
  [/^node:(net|tls|https?)$/, 'src/wire', 'src/discover/dns-exchange.ts', 'src/web/listen.ts'],
  [/^node:dgram$/, 'src/discover'],
  [/^(node:dns(\/promises)?|dns-.*)$/, 'src/discover'],
  [/^p-limit$/, 'src/budget', 'src/store/dispatch.ts'],
  [/^node:(process|console)$/, 'src/cli', 'src/version.ts'],
  [/^node:fs(\/promises)?$/, 'src/cli', 'src/version.ts', 'src/store', 'src/web/listen.ts', 'src/proof'],
  [/^(kysely|libsql)$/, 'src/store'],
  [/^yaml$/, 'src/yaml', 'src/policy'],
  [/^zod$/, 'src/policy', 'src/monitor/config', 'src/scan/saved-report.ts', 'src/proof/read-results.ts'],
  [/^croner$/, 'src/monitor/schedule'],
  [/^smtp-server$/, 'src/demo', 'src/proof/sink.ts'],
  [/^imapflow$/, 'src/proof/imap.ts'],
  [/^(fast-xml-builder|mdast-.*)$/, 'src/report'],
  [/^preact(-render-to-string)?(\/.*)?$/, 'src/report/html', 'src/web', 'src/notify'],
  [/^(hono|@hono\/.*|prom-client)(\/.*)?$/, 'src/web'],
  [/^(nodemailer(\/.*)?|node:child_process)$/, 'src/notify', 'src/cli'],
  [/^(testcontainers|@testcontainers\/.*)$/, 'docker/lab.ts'],
  [/^vitest$/, 'docker'],
];

const isIn = (file: string, place: string) => file === place || file.startsWith(`${place}/`);

/** What a file does that the table does not allow. */
function violationsOf(file: string, { imports, globals }: Reading): string[] {
  const touched = /^(src|probes)\//.test(file) && !isIn(file, 'src/cli') ? globals : [];
  return [...imports.flatMap((one) => violationsBy(file, one)), ...touched.map((name) => `${file} uses ${name}`)];
}

function violationsBy(file: string, { from, values }: Import): string[] {
  if (!from.startsWith('.')) {
    const rule = onlyIn.find(([name]) => name.test(from));
    const allowed =
      rule === undefined ||
      values.length === 0 ||
      rule.slice(1).some((place) => isIn(file, String(place))) ||
      (isIn(file, 'docker') && from.startsWith('node:'));
    return allowed ? [] : [`${file} imports ${from}`];
  }
  const target = targetOf(file, from);
  const home = placeOf(file);
  const there = placeOf(target);
  const allowed = mayImport[home];
  if (home === there || allowed === 'everything' || (allowed === 'all but cli' && there !== 'src/cli')) return [];
  const whole = allowed?.includes(there) ?? false;
  const inPart =
    allowed?.includes(`${there} (types, trouble)`) === true &&
    (values.length === 0 || target.endsWith('/trouble-error.ts'));
  return whole || inPart ? [] : [`${file} imports ${target}`];
}

/** The row of the table that a file belongs to. */
function placeOf(file: string): string {
  return Object.keys(mayImport).find((place) => isIn(file, place)) ?? dirname(file);
}

const targetOf = (file: string, from: string) => normalize(`${dirname(file)}/${from}`);

const files = ['src', 'probes', 'docker'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => `${root}/${path}`),
);

const readings = new Map(files.map((file) => [file, readSource(file, readFileSync(file, 'utf8'))]));

/** What each file imports of ours, for types alone included. */
function graphOf(all: ReadonlyMap<string, Reading>): Map<string, string[]> {
  const ours = (file: string, { imports }: Reading) =>
    imports.flatMap(({ from }) => (from.startsWith('.') ? [targetOf(file, from)] : []));
  return new Map([...all].map(([file, reading]) => [file, ours(file, reading)]));
}

describe('the architecture', () => {
  test('is kept by every file', () => {
    expect(files.length).toBeGreaterThan(60);
    expect([...readings].flatMap(([file, reading]) => violationsOf(file, reading))).toEqual([]);
  });

  test('has no circle of imports, types included', () => {
    expect(circlesIn(graphOf(readings))).toEqual([]);
  });

  test.each(files)('%s: comments end at 120 columns', (file) => {
    const lines = readFileSync(file, 'utf8').split('\n');
    const long = lines.filter((line) => line.length > 120 && /^\s*(\/\/(?! biome-ignore)|\*|\/\*\*)/.test(line));
    expect(long).toEqual([]);
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

describe('a planted circle is found', () => {
  const graph = (sources: Readonly<Record<string, string>>) =>
    circlesIn(graphOf(new Map(Object.entries(sources).map(([file, source]) => [file, readSource(file, source)]))));

  test.each([
    ["import { b } from './b.ts';", "import type { A } from './a.ts';"],
    ["export { b } from './b.ts';", "export type * from './a.ts';"],
    ["const b = await import('./b.ts');", "type A = import('./a.ts').A;"],
  ])('%s, %s', (a, b) => {
    const c = "import './a.ts'; import './b.ts';";
    expect(graph({ 'src/a.ts': a, 'src/b.ts': b, 'src/c.ts': c })).toEqual([['src/a.ts', 'src/b.ts']]);
  });

  test('a long one whole, two that do not touch apart, and one of a file with itself', () => {
    const long = {
      'a.ts': "import './b.ts';",
      'b.ts': "import './c.ts';",
      'c.ts': "import './a.ts'; import './d.ts';",
    };
    const other = { 'd.ts': "import './e.ts';", 'e.ts': "import './d.ts';", 'f.ts': "import './f.ts';" };
    expect(graph({ ...long, ...other }).sort()).toEqual([['a.ts', 'b.ts', 'c.ts'], ['d.ts', 'e.ts'], ['f.ts']]);
  });

  test('two ways to one file are none', () => {
    expect(graph({ 'a.ts': "import './b.ts'; import './c.ts';", 'b.ts': "import './c.ts';", 'c.ts': '' })).toEqual([]);
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
      'src/kit/relay/ask.ts',
      "import { Deadline } from '../../wire/deadline.ts';",
      ['src/kit/relay/ask.ts imports src/wire/deadline.ts'],
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
    ['src/scan-and-judge.ts', "import { run } from './cli/run.ts';", ['src/scan-and-judge.ts imports src/cli/run.ts']],
    ['docker/lab.ts', "type Io = import('../src/cli/io.ts').Io;", ['docker/lab.ts imports src/cli/io.ts']],
    ['src/new/thing.ts', "import { cite } from '../model/reply.ts';", ['src/new/thing.ts imports src/model/reply.ts']],
  ])('%s: %s', (file, source, expected) => {
    expect(violationsOf(file, readSource(file, source))).toEqual(expected);
  });

  test.each([
    [
      'src/wire/connection.ts',
      "import { connect, type Socket } from 'node:net';\nimport type { Restraint } from '../model/restraint.ts';",
    ],
    [
      'src/kit/probe.ts',
      "import type { SmtpSession } from '../wire/session.ts';\nimport { TroubleError } from '../wire/trouble-error.ts';",
    ],
    [
      'src/kit/index.ts',
      "export type { Flight } from '../wire/session.ts';\nexport { TroubleError } from '../wire/trouble-error.ts';",
    ],
    ['src/kit/subject.ts', "import { type Flight, type SmtpSession } from '../wire/session.ts';"],
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
    expect(violationsOf(file, readSource(file, source))).toEqual([]);
  });
});
