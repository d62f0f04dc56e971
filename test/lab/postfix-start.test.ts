import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../../docker/lab.ts';
import { until } from '../../docker/ready.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import type { Problem } from '../../src/model/verification.ts';
import { readPostfix } from '../../src/postfix/configuration.ts';
import {
  namesStumbledOver,
  restrictionsStumbledOver,
  restrictionsTaken,
  servicesStumbledOver,
  servicesTaken,
  valuesStumbledOver,
  valuesTaken,
} from '../unit/postfix/tried.ts';

/**
 * The checker beside the real programs of Postfix, each started with one line: they complain of the same, and of
 * nothing else.
 */

interface Case {
  readonly id: string;
  readonly main: string;
  readonly master: string;
  /** The first is talked to. Without any, master(8) itself is started with the last line of master.cf. */
  readonly programs?: readonly string[];
  readonly say?: readonly string[];
  /** Where somebody comes to a service on the network. */
  readonly port?: number;
}

/** What Postfix did with a case. */
interface Told {
  readonly id: string;
  readonly replies: readonly string[];
  readonly log: readonly string[];
}

const base = `compatibility_level = 3.6
myhostname = mx.example.test
mydestination = example.test
`;
const smtpd = 'smtp inet n - n - - smtpd\n';
const stock = `${smtpd}qmgr unix n - n 300 1 qmgr\nsmtp unix - - n - - smtp\n`;
const auth = 'smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth\n';
const postscreen = 'smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n';

const cases = new Map<string, Case>();

function mainCase(lines: string, master = stock, before = ''): Case {
  const id = `case${cases.size}`;
  const tls = lines.includes('smtpd_tls_security_level')
    ? 'smtpd_tls_chain_files = /lab/tls/key.pem, /lab/tls/chain.pem\n'
    : '';
  const one = {
    id,
    main: `${before}${base}${lines}\nsyslog_name = ${id}\n${tls}`,
    master,
    programs: programsOf(lines.startsWith('smtpd_') && master === stock ? smtpd : master),
    ...(tls === '' ? {} : { say: ['EHLO client.test', 'STARTTLS'] }),
  };
  cases.set(id, one);
  return one;
}

const programsOf = (master: string): string[] =>
  master
    .trim()
    .split('\n')
    .map((line) => line.replace(/^.* /, ''));

function masterCase(line: string): Case {
  const id = `master${cases.size}`;
  const port = 31_000 + cases.size;
  const isInet = /^\S+ inet /.test(line);
  const at = `/tmp/postfix-start/${id}`;
  const one = {
    id,
    main: `${base}syslog_name = ${id}\nqueue_directory = ${at}/queue\ndata_directory = ${at}/data\nlocal_recipient_maps =\n`,
    master: `other unix n - n - - discard\n${line.replace(/^\S+/, isInet ? `127.0.0.1:${port}` : 'x')}\n`,
    ...(isInet ? { port } : {}),
  };
  cases.set(id, one);
  return one;
}

const problemsOf = ({ main, master }: Case): readonly Problem[] =>
  readPostfix(
    { name: 'main.cf', text: main },
    { master: { name: 'master.cf', text: master }, version: '3.7.11', mechanisms: ['plain', 'login'] },
  ).problems;

/** A delivery program looks at its line when it gets a message. */
const isPipe = (line: string): boolean => line.includes(' - - pipe ');
/** qmgr(8) looks at it when it has a message for smtp(8), and ends. */
const needsMail = (lines: string): boolean => isPipe(lines) || lines.startsWith('smtp_destination_');
const linesOf = (stumbles: readonly (readonly [string, ...unknown[]])[]) => stumbles.map(([lines]) => lines);

const ofMain = [
  ...[...valuesTaken, ...restrictionsTaken],
  ...linesOf([...valuesStumbledOver, ...namesStumbledOver, ...restrictionsStumbledOver]),
]
  .filter((lines) => !needsMail(lines))
  .map((lines) => [lines, mainCase(lines)] as const);
const services = [...servicesTaken, ...linesOf(servicesStumbledOver)];
const ofMaster = services.filter((line) => !needsMail(line)).map((line) => [line, masterCase(line)] as const);

/** What is known by name, and how Postfix says it. */
const quotedCases = (
  [
    [
      'nothing but a host name',
      'compatibility_level = 0',
      stock,
      'in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: reject_unauth_destination',
    ],
    [
      'plain login, and no plaintext',
      `${auth}smtpd_sasl_security_options = noanonymous, noplaintext`,
      stock,
      'no SASL authentication mechanisms',
    ],
    [
      'plain login, and mutual authentication',
      `${auth}smtpd_sasl_security_options = mutual_auth`,
      stock,
      'no SASL authentication mechanisms',
    ],
    [
      'an action of postscreen',
      'postscreen_greet_action = nonsense',
      postscreen,
      'bad postscreen_greet_action value: nonsense',
    ],
  ] as const
).map(([name, lines, master, message]) => [name, mainCase(lines, master), message] as const);

const marked = mainCase('', stock, '\uFEFF');

let server: RunningServer;
const told = new Map<string, Told>();
beforeAll(async () => {
  const hardened = scenarios.find(({ id }) => id === 'hardened');
  if (hardened === undefined) throw new Error('no baseline');
  server = await startServer(hardened);
  const script = await readFile(new URL('postfix-start.pl', import.meta.url));
  const put = (path: string, text: string | Buffer) =>
    server.exec(['sh', '-c', `echo ${gzipSync(text).toString('base64')} | base64 -d | gunzip > ${path}`]);
  await put('/tmp/postfix-start.pl', script);
  await put('/etc/networks', '10.0.0.0/8 OK\n');
  await put('/tmp/cases.json', JSON.stringify([...cases.values()]));
  const printed = await server.exec(['sh', '-c', 'perl /tmp/postfix-start.pl </tmp/cases.json']);
  for (const one of JSON.parse(printed) as Told[]) told.set(one.id, one);
}, 120_000);
afterAll(async () => server[Symbol.asyncDispose]());

function toldOf({ id }: Case): Told {
  const one = told.get(id);
  if (one === undefined) throw new Error(`nothing is told of ${id}`);
  return one;
}

/** What is said of the container, and not of a line. */
const isOfTheContainer = (line: string): boolean => /NIS domain name not set/.test(line);

/** What Postfix makes of it: a program ends; something is complained of; nothing. */
function verdictOf({ replies, log: whole }: Told): string {
  const log = whole.filter((line) => !isOfTheContainer(line));
  if (log.some((line) => /: (fatal|panic): /.test(line))) return 'ends';
  if (log.some((line) => /: warning: /.test(line)) || replies.some((reply) => /^451 /.test(reply))) return 'complains';
  return 'nothing';
}

const expected = (problems: readonly Problem[]) =>
  problems.some(({ weight }) => weight === 'fatal') ? 'ends' : problems.length > 0 ? 'complains' : 'nothing';

describe('main.cf', () => {
  test.each(ofMain)('%s', (_, one) => {
    expect(verdictOf(toldOf(one))).toBe(expected(problemsOf(one)));
  });

  test.each(quotedCases)('%s', (_, one, message) => {
    expect(toldOf(one).log.join('\n')).toContain(`: fatal: ${message}`);
    expect(expected(problemsOf(one))).toBe('ends');
  });
});

test('a byte order mark before compatibility_level leaves none, and no default that keeps strangers out', () => {
  const { weight, message } = problemsOf(marked)[1] ?? {};
  expect({ weight, message }).toEqual({ weight: 'broken', message: expect.stringContaining('a byte order mark') });
  expect(problemsOf(marked).map((problem) => problem.weight)).toEqual(['fatal', 'broken']);
  expect(toldOf(marked).log.join('\n')).toContain('specify at least one working instance of');
});

describe('master.cf', () => {
  test.each(ofMaster)('%s', (_, one) => {
    expect(verdictOf(toldOf(one))).toBe(expected(problemsOf(one)));
  });
});

test('pipe(8), with a message for each line', async () => {
  const lines = services
    .filter(isPipe)
    .map((line, at) => line.replace(/^\S+(.* pipe)/, `x${at}$1 -o syslog_name=x${at}`));
  const faulty = lines.map((line) => problemsOf({ id: '', main: base, master: `${stock}${line}\n` }).length > 0);
  expect(new Set(faulty)).toEqual(new Set([true, false]));
  const domains = lines.map((_, at) => `{d${at}.test=x${at}:}`).join(', ');
  await server.exec([
    'sh',
    '-euc',
    `postconf -e 'transport_maps = inline:{${domains}}'
    postconf -M ${lines.map((line, at) => `'x${at}/unix=${line}'`).join(' ')}
    touch -d '1 minute ago' /etc/postfix/*.cf && postfix reload
    for at in ${lines.map((_, at) => at).join(' ')}; do echo x | sendmail -f a@example.test b@d$at.test; done`,
  ]);
  const said = /^.* x(\d+)\/pipe\[\d+\]: (fatal: |\w+: to=)/gm;
  const answers = async () =>
    new Map([...(await server.logs()).matchAll(said)].map(([, at, what]) => [Number(at), what]));
  await until(async () => (await answers()).size === lines.length, 20_000);
  const ended = await answers();
  expect(lines.map((_, at) => ended.get(at) === 'fatal: ')).toEqual(faulty);
});
