import type { Measured } from '../../../src/model/judgement.ts';
import type { Exchange, Reply } from '../../../src/model/reply.ts';
import type { EndpointReport, Finding, ReportOptions } from '../../../src/model/report.ts';
import type { SessionTranscript } from '../../../src/model/transcript.ts';
import type { Doubt } from '../../../src/model/trouble.ts';
import type { Verification, VerifyRow } from '../../../src/model/verification.ts';
import { readPostfix } from '../../../src/postfix/configuration.ts';
import { verify } from '../../../src/verify/verify.ts';
import { endpointReport, finding, report } from '../report/handmade.ts';

/** What a server showed, as far as a test cares. */
export interface Shown {
  readonly findings?: readonly Finding[];
  readonly observations?: Readonly<Record<string, unknown>>;
  readonly options?: Partial<ReportOptions>;
  readonly sessions?: readonly SessionTranscript[];
  readonly endpoint?: Partial<Pick<EndpointReport, 'port' | 'role' | 'tls' | 'address'>>;
}

export interface Files {
  readonly main?: string;
  readonly master?: string;
  readonly version?: string | null;
  readonly service?: string;
  readonly mechanisms?: readonly string[];
}

/** What every configuration here has, unless it says otherwise. */
const base = `compatibility_level = 3.6
myhostname = mx.example.test
mydestination = example.test
mynetworks = 127.0.0.0/8
`;

/** One endpoint held against main.cf, of Postfix 3.7 unless told. */
export function held(files: Files, shown: Shown): Verification {
  const { main = '', master, version = '3.7', service = null, mechanisms = null } = files;
  const configuration = readPostfix(
    { name: 'main.cf', text: `${base}${main}` },
    { master: master === undefined ? null : { name: 'master.cf', text: master }, version, mechanisms },
  );
  const { findings = [], observations = {}, sessions = [], endpoint = {}, options = {} } = shown;
  // Who observed something has told something, unless a test says otherwise.
  const told = Object.keys(observations).filter((probe) => !findings.some((one) => one.probe === probe));
  const all = [...findings, ...told.map((probe) => finding(probe, 'pass'))];
  const made = report([endpointReport(all, { observations, sessions, ...endpoint })]);
  const seen = { ...made, options: { ...made.options, vantage: 'outside', ...options } } as typeof made;
  return verify(configuration, seen, { service, files: ['main.cf'] });
}

/** The row of one directive. */
export function rowOf(directive: string, files: Files | string, shown: Shown): VerifyRow {
  const rows = held(typeof files === 'string' ? { main: files } : files, shown).endpoints[0]?.rows ?? [];
  const row = rows.find((one) => one.directive === directive);
  if (row === undefined)
    throw new Error(`no row of ${directive}; there are ${rows.map((one) => one.directive).join()}`);
  return row;
}

/** The verdict alone. */
export const told = (directive: string, files: Files | string, shown: Shown) => rowOf(directive, files, shown).verdict;

const at = (quote: string) => [{ session: 's1', event: 0, quote }];

/** A finding that measured something. */
export const measured = (
  probe: string,
  verdict: 'pass' | 'fail',
  figures: Measured,
  quote = '421 4.7.0 no more',
): Finding => finding(probe, verdict, { measured: figures, evidence: at(quote) });

export const untold = (
  probe: string,
  doubt: Doubt,
  figures: Measured = {},
  because = `${probe} could not be told`,
): Finding => finding(probe, 'inconclusive', { doubt, because, measured: figures, evidence: at('250 2.1.0 Ok') });

export const notPermitted = (probe: string): Finding => untold(probe, 'not-permitted', {}, 'needs --allow load');

/** A reply as it was read, a line each. */
export function reply(...lines: readonly [string, ...string[]]): Reply {
  const [first, ...rest] = lines.map((text, event) => ({ text, event })) as [Reply['lines'][0], ...Reply['lines'][0][]];
  return {
    session: 's1',
    code: Number(first.text.slice(0, 3)),
    enhanced: /^\d{3}[ -](\d\.\d+\.\d+)/.exec(first.text)?.[1] ?? null,
    text: lines.map((text) => text.slice(4)).join(' '),
    lines: [first, ...rest],
    defects: [],
  };
}

export const exchange = (command: string, ...lines: readonly [string, ...string[]]): Exchange => ({
  command,
  reply: reply(...lines),
  sentAt: 0,
  seconds: 0.001,
});

export const stockKeywords = ['PIPELINING', 'SIZE 10240000', 'ETRN', 'ENHANCEDSTATUSCODES', '8BITMIME', 'DSN'];

export const ehlo = (...keywords: readonly string[]): Exchange =>
  exchange(
    'EHLO scanner',
    '250-mx.example.test',
    ...keywords.slice(0, -1).map((one) => `250-${one}`),
    `250 ${keywords.at(-1)}`,
  );

/** What `hello` saw. */
export const hello = (keywords: readonly string[] = stockKeywords, more: object = {}) => ({
  greeting: reply('220 mx.example.test ESMTP Postfix'),
  ehlo: ehlo(...keywords),
  serverName: 'mx.example.test',
  localAddress: '198.51.100.7',
  remoteAddress: '192.0.2.1',
  tls: false,
  ...more,
});
