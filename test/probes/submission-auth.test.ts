import { describe, expect, test } from 'vitest';
import { hello } from '../../probes/hello.ts';
import { openRelay } from '../../probes/open-relay.ts';
import { submissionAuth } from '../../probes/submission-auth.ts';
import { scan } from '../../src/index.ts';
import { findingOf, ourName, shortLimits } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { ownDomain, type Turn } from '../fakes/stock-mta.ts';
import { expectObservationsToFit } from '../support/observations.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';

async function scanned(server_: ScriptedServer, options: object = {}, at: object = { role: 'submission' }) {
  await using server = await server_.start();
  const place = { kind: 'endpoint', input: 'it', host: '127.0.0.1', port: server.port } as const;
  const target = { ...place, role: 'mx', tls: 'starttls', ...at } as const;
  const asked = { helo: ourName, domain: ownDomain, restraint: shortLimits, ...options };
  const report = await scan([target], asked, () => {}, [hello, openRelay, submissionAuth]);
  expectQuotesToStand(report);
  expectObservationsToFit(report);
  expect(server.commands.filter((command) => /^(DATA|BDAT)/i.test(command))).toEqual([]);
  const finding = findingOf(report, 'submission-auth');
  const verdict = finding.doubt === undefined ? finding.verdict : `${finding.verdict}(${finding.doubt})`;
  return { finding, verdict, commands: server.commands, cost: report.endpoints[0]?.cost };
}

interface Said {
  readonly tls?: boolean;
  readonly mail?: string;
  readonly outside?: string | null;
  readonly own?: Record<string, string>;
  readonly cut?: object | null;
}
const ok = '250 2.1.5 Ok';
const phase = ({ tls = false, mail = ok, outside = null, own = {}, cut = null }: Said) => ({
  ...{ tls, control: null, shapes: [], answers: [], confirmations: [], strangers: [] },
  openings: [
    {
      ...{ session: 's1', helo: 'us.test', sender: 'us@outside.test', external: 'them@other.test' },
      ...{ odd: null, strict: false, auth: true, cut },
      mail: cut === null ? exchange('MAIL', mail) : null,
      rcpt: outside === null ? null : exchange('RCPT', outside),
      controls: Object.entries(own).map(([recipient, raw]) => ({ recipient, exchange: exchange('RCPT', raw) })),
    },
  ],
});
const data = (phases: readonly object[], more: object = {}) => ({
  'open-relay': { phases, tls: 'starttls', vantage: 'outside', submission: true, domain: 'example.test', ...more },
});
const me = 'alice@example.test';
const starttls = '530 5.7.0 Must issue a STARTTLS command first';
const access = (who: string) => `554 5.7.1 <${who}>: Recipient address rejected: Access denied`;
const client = '554 5.7.1 <unknown[192.0.2.9]>: Client host rejected: Access denied';
const listed = '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using list.test';
const relay = '554 5.7.1 <them@other.test>: Relay access denied';
const login = '530 5.7.0 Authentication required';
const inClear = phase({ mail: starttls });
const closed = phase({ tls: true, outside: access('them@other.test'), own: { [me]: access(me), postmaster: ok } });

describe('submission-auth judges', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['TLS first, then AUTH', data([inClear, closed]), 'pass'],
    ['AUTH before MAIL', data([phase({ mail: login })]), 'pass'],
    ['AUTH before RCPT', data([phase({ outside: login, own: { [me]: login } })]), 'pass'],
    ['no clients without AUTH', data([phase({ outside: client, own: { [me]: client } })]), 'pass'],
    ['outside refused, own taken', data([phase({ outside: relay, own: { [me]: ok } })]), 'fail'],
    ['outside taken', data([phase({ outside: ok, own: { [me]: access(me) } })]), 'fail'],
    ['own taken in clear only', data([phase({ outside: relay, own: { [me]: ok } }), closed]), 'fail'],
    [
      'taken, seen from inside',
      data([phase({ own: { [me]: ok } })], { vantage: 'trusted' }),
      'inconclusive(ambiguous)',
    ],
    ['the bare postmaster taken, and AUTH for others', data([closed]), 'pass'],
    ['a block list', data([phase({ outside: listed, own: { [me]: listed } })]), 'inconclusive(client-blocked)'],
    ['no AUTH that would help', data([closed], { submission: false }), 'inconclusive(prerequisite)'],
    [
      'a domain of others',
      data([phase({ outside: relay, own: { [me]: relay.replace('them@other.test', me) } })]),
      'inconclusive(prerequisite)',
    ],
    [
      'a mailbox that is not there',
      data([phase({ outside: relay, own: { [me]: '550 5.1.1 User unknown' } })]),
      'inconclusive(prerequisite)',
    ],
    [
      'only the bare postmaster to ask for',
      data([phase({ outside: login, own: { postmaster: ok } })]),
      'inconclusive(prerequisite)',
    ],
    ['TLS first, and never inside', data([inClear]), 'inconclusive(prerequisite)'],
    [
      'TLS first, and TLS broken',
      data([inClear, phase({ tls: true, cut: { doubt: 'tls-failed', because: 'x', evidence: [] } })]),
      'inconclusive(tls-failed)',
    ],
    ['a limiter', data([phase({ mail: '450 4.7.1 Error: too much mail from 192.0.2.9' })]), 'inconclusive(throttled)'],
    [
      'a refused sender',
      data([phase({ mail: '550 5.1.0 <us@outside.test>: Sender address rejected: no' })]),
      'inconclusive(sender-rejected)',
    ],
  ])('%s', (_, given, expected) => {
    expect(said(judge(submissionAuth, null, given))).toBe(expected);
  });
});

describe('submission-auth sees', () => {
  const submission = () =>
    mta()
      .offers('AUTH PLAIN')
      .on(['MAIL', 'RCPT'], ({ dialogue }) => (dialogue.tls ? undefined : starttls));
  const wantsAuth = ({ address }: Turn) => (address === 'postmaster' ? ok : access(address));

  test('a port that takes mail for its own users from anybody', async () => {
    const { verdict, finding } = await scanned(submission(), { recipient: me });
    expect(verdict).toBe('fail');
    expect(finding).toMatchObject({
      severity: 'high',
      measured: { accepted: [`${me} inside TLS`], vantage: 'loopback' },
    });
    expect(finding.evidence[0]?.quote).toBe(ok);
  });

  test('its clean twin', async () => {
    const { verdict, finding } = await scanned(
      mta()
        .offers('AUTH PLAIN')
        .onRcpt(wantsAuth)
        .onMail(({ dialogue }) => (dialogue.tls ? undefined : starttls)),
      { recipient: me },
    );
    expect(verdict).toBe('pass');
    expect(finding.evidence.map(({ quote }) => quote.slice(0, 9))).toEqual(['554 5.7.1', '554 5.7.1', '530 5.7.0']);
  });

  test('port 465, where TLS comes first', async () => {
    const at = { role: 'submissions', tls: 'implicit' };
    expect((await scanned(mta().implicitTls().offers('AUTH PLAIN').onRcpt(wantsAuth), {}, at)).verdict).toBe('pass');
    expect((await scanned(mta().implicitTls().offers('AUTH PLAIN'), {}, at)).verdict).toBe('fail');
  });

  test('no MX', async () => {
    expect((await scanned(mta(), {}, {})).verdict).toBe('not-applicable');
  });
});
