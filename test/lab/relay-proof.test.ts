import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../../docker/lab.ts';
import { scenarioNamed } from '../../docker/scenarios/index.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import type { Arrival } from '../../src/model/arrival.ts';
import type { SinkSource } from '../../src/model/receiving.ts';
import { startSink } from '../../src/proof/sink.ts';
import { makeToken } from '../../src/proof/token.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

const domain = 'sink.example.net';
const secret = 'a secret of the lab';
/** This machine, as a container of the engine's own network sees it. */
const here = '172.17.0.1';

let port = 0;
let sink: Awaited<ReturnType<typeof startSink>>;
const arrivals = new Map<string, Arrival>();

beforeAll(async () => {
  const onMail = ({ token, ...mail }: Arrival & { readonly token: string }) => arrivals.set(token, mail);
  sink = await startSink({ host: here, port: 0, domain, secret, most: 1000, onMail });
  port = sink.port;
});

afterAll(() => sink[Symbol.asyncDispose]());

type Config = Scenario['config'];
const postfixDelivers = (): Config => ({ 'main:defer_transports': '', 'main:relayhost': `[${here}]:${port}` });
const eximDelivers = (): Config => ({
  'run:out': "sed -i '/^queue_smtp_domains/d' /etc/exim4/exim4.conf.localmacros",
  'dc:eximconfig_configtype': 'smarthost',
  'dc:smarthost': `${here}::${port}`,
});
const sendmailDelivers = (): Config => ({
  'define:CON_EXPENSIVE': 'False',
  'mc:out': [
    `define(\`SMART_HOST', \`relay:[${here}]')dnl`,
    `define(\`RELAY_MAILER_ARGS', \`TCP $h ${port}')dnl`,
    "define(`RELAY_MAILER_FLAGS', `')dnl",
  ].join('\n'),
});
const opensmtpdDelivers = (): Config => ({
  'run:where': `sed -i 's|^action "relay" relay$|& host smtp://${here}:${port}|' /etc/smtpd.conf`,
  'run:out': '(until smtpctl resume mta; do sleep 0.1; done) >/dev/null 2>&1 &',
});
/** Postfix that takes what comes from the sink, and bounces it. */
const postfixBounces = (): Config => ({
  ...postfixDelivers(),
  'main:smtpd_data_restrictions': 'check_sender_access inline:{{sink.example.net=FILTER error:no such user there}}',
});

interface Told {
  readonly verdict: string;
  readonly quote?: string | RegExp;
  /** Messages that came out of the server: at the recipient, or as bounces. */
  readonly out: number;
  readonly vantage?: null;
}

const servers: readonly [string, Scenario['id'], () => Config, Told][] = [
  [
    'Postfix delivers',
    'open-by-mynetworks',
    postfixDelivers,
    { verdict: 'fail', quote: /\(Postfix\) with ESMTP/, out: 3 },
  ],
  [
    'Postfix delivers %',
    'open-by-routed-address',
    postfixDelivers,
    { verdict: 'fail', quote: /\(Postfix\) with/, out: 2 },
  ],
  [
    'Postfix delivers for its own HELO name',
    'open-to-own-helo',
    postfixDelivers,
    { verdict: 'fail', quote: /^Received: from mx\.example\.test/, out: 2 },
  ],
  [
    'Postfix discards',
    'open-by-mynetworks',
    () => ({ 'main:default_transport': 'discard:' }),
    { verdict: 'inconclusive(ambiguous)', quote: /queued as/, out: 0 },
  ],
  [
    'Postfix keeps it',
    'open-by-mynetworks',
    () => ({}),
    { verdict: 'inconclusive(ambiguous)', quote: /queued as/, out: 0 },
  ],
  ['Postfix bounces', 'open-by-mynetworks', postfixBounces, { verdict: 'pass', quote: /^Received: /, out: 3 }],
  ['Postfix refuses at DATA', 'refused-at-data', postfixDelivers, { verdict: 'pass', quote: /^554/, out: 0 }],
  ['Postfix is closed', 'hardened', postfixDelivers, { verdict: 'not-applicable', out: 0 }],
  [
    'Postfix delivers, and may trust us',
    'open-by-mynetworks',
    postfixDelivers,
    { verdict: 'inconclusive(ambiguous)', quote: /\(Postfix\)/, out: 3, vantage: null },
  ],
  ['Exim delivers', 'exim-open', eximDelivers, { verdict: 'fail', quote: /Exim/, out: 3 }],
  ['Sendmail delivers', 'sendmail-open', sendmailDelivers, { verdict: 'fail', quote: /by mx\.example\.test/, out: 3 }],
  ['OpenSMTPD delivers', 'opensmtpd-open', opensmtpdDelivers, { verdict: 'fail', quote: /OpenSMTPD/, out: 3 }],
  [
    'aiosmtpd throws it away',
    'aiosmtpd-sink',
    () => ({}),
    { verdict: 'inconclusive(ambiguous)', quote: /^250/, out: 0 },
  ],
];

describe('relay-proof says what became of the mail', () => {
  it.concurrent.each(servers)('%s', async (_, id, config, told) => {
    const scenario: Scenario = {
      ...scenarioNamed(id),
      id: `${id}-proof`,
      config: { ...scenarioNamed(id).config, ...config() },
    };
    await using server = await startServer(scenario);
    const minted = new Set<string>();
    const source: SinkSource = {
      shown: `the sink of ${domain}`,
      domain,
      mint: (about) => {
        const token = makeToken(secret, { about: `${id} ${about}`, at: new Date() });
        minted.add(token);
        return token;
      },
      at: { address: here, port },
      arrivals: async () => arrivals,
    };
    const report = await scanScenario(scenario, server, {
      probes: ['relay-proof'],
      allow: 'intrusive',
      sink: source,
      waitSeconds: told.verdict === 'inconclusive(ambiguous)' && told.out === 0 ? 8 : 60,
      ...('vantage' in told ? { vantage: null } : {}),
    });
    const finding = report.endpoints[0]?.findings.find(({ probe }) => probe === 'relay-proof');
    const doubt = finding?.doubt === undefined ? '' : `(${finding.doubt})`;
    expect(`${finding?.verdict}${doubt} ${finding?.because}`.startsWith(`${told.verdict} `), finding?.because).toBe(
      true,
    );
    const quotes = (finding?.evidence ?? []).map(({ quote }) => quote);
    if (told.quote !== undefined) expect(quotes.join('\n')).toMatch(told.quote);
    expectQuotesToStand(report);
    const out = [...arrivals].filter(([token, { peer }]) => minted.has(token) && peer !== null);
    // The control is there wherever something was accepted, and besides it what left the server, and nothing else.
    const control = told.verdict === 'not-applicable' ? 0 : 1;
    expect(out.length - control).toBe(told.out);
  });
});
