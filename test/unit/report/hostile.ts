import fc from 'fast-check';
import { citeLookup } from '../../../src/model/lookup.ts';
import type { Finding, Report, TargetReport } from '../../../src/model/report.ts';
import { summarise } from '../../../src/model/summary.ts';
import { visible } from '../../../src/model/visible.ts';
import { dialogue, endpointReport, finding, report } from './handmade.ts';

/** What a server may say to break out of a report, format by format. */
export const attacks = [
  '\x1b]0;owned\x07\x1b[2J \u202egpj \u0085 \u{e0001}',
  '250 <script>alert(1)</script> <img src=x onerror=y> </failure> ]]> <!-- --> &lt;',
  '250 `code` ``` ~~~ | a | b | **bold** _it_ [click](https://evil.example/) ![x](https://evil.example/x.png)',
  '250 see https://evil.example/ www.evil.example @admin @org/team #123 org/repo#1 GH-1 :+1: $x^2$',
  '250 fixes deadbeefdeadbeefdeadbeefdeadbeefdeadbeef postmaster@example.com',
  "250 |'failed'=0;;;0 OK - all is well; $(reboot) `reboot` %s {0} [a](1) \\",
  '250 &PWN; &nbsp; &amp; &#0; &#27;[31m &#x1b;[31m &#60;b&#62; ]]> <![CDATA[ <?pi?>',
  '\u3164\u115f\u034f\ufe0f invisible \u{e0100}',
  '# heading',
  '- item',
  '1. one',
  '> quote',
  '</details>',
  '\r\n\r\nMXPROBE OK - all is well\n',
] as const;

/** Words as a server may choose them: the attacks, their pieces, and noise. */
export const hostileText = fc.oneof(
  fc.constantFrom(...attacks),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc
    .array(
      fc.constantFrom(
        '`',
        '|',
        '<',
        '>',
        '[',
        ']',
        '(',
        ')',
        '@',
        '#',
        '1',
        'a',
        ' ',
        '*',
        '_',
        '~',
        '&',
        '{',
        '}',
        '\\',
        '"',
        "'",
        '$',
        ':',
        '/',
        '=',
        ';',
        '\n',
        '\x1b',
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('')),
);

/**
 * A report with every verdict, in which `text` stands wherever a server's words get to: made printable as a transcript
 * is, and once as it came.
 */
export function reportSaying(text: string): Report {
  const quote = visible(text);
  const evidence = [{ session: 's1', event: 0, quote }];
  const measured = { limit: 30, windowSeconds: 60, daysLeft: 9, reply: quote, names: [quote, 'b'] };
  const findings = [
    finding('open-relay', 'fail', {
      severity: 'critical',
      because: `it says "${quote}"`,
      evidence,
      measured,
      fix: { postfix: ["postconf -e 'a = b'", '# then `reload`'], exim: ['deny'] },
    }),
    finding('auth-weak', 'fail', { severity: 'low', because: quote, evidence }),
    finding('hello', 'pass', { because: `it greets: ${quote}`, evidence }),
    finding('connection-rate', 'pass', { evidence, measured }),
    finding('vrfy', 'inconclusive', { doubt: 'timeout', because: `after ${quote}`, evidence, measured }),
    finding('expn', 'inconclusive', { doubt: 'throttled', because: 'it said 421' }),
    finding('error-limit', 'inconclusive', { doubt: 'not-permitted', because: 'needs --allow load' }),
    finding('tls-version', 'error', { because: `bug: ${quote}` }),
    finding('submission-auth', 'not-applicable', { because: 'it is no submission port' }),
  ];
  const spoken = { ...dialogue, events: dialogue.events.map((event) => ({ ...event, text: quote })) };
  const first = endpointReport(findings, { sessions: [spoken], mta: { name: quote, version: quote, by: 'greeting' } });
  const second = endpointReport(
    [
      finding('hello', 'fail', {
        because: text,
        evidence: [{ session: 's1', event: 0, quote: text }],
        fingerprint: 'other',
      }),
    ],
    {
      id: 'mx2.example.com/[2001:db8::2]:465',
      host: 'mx2.example.com',
      address: '2001:db8::2',
      port: 465,
      tls: 'implicit',
    },
  );
  return report(
    [first, second],
    [
      { input: 'example.com', kind: 'domain', endpoints: [first.id, second.id], notes: [quote] },
      { input: 'nowhere.example', kind: 'domain', endpoints: [], notes: [`the DNS says ${quote}`] },
    ],
  );
}

/** The same, with findings of three domains: what DNS says of each is what its owner chose. */
export function domainsSaying(text: string): Report {
  const quote = visible(text);
  const whole = reportSaying(text);
  const lookup = { type: 'TXT', rcode: 'NOERROR', authenticated: false, records: [quote], ttl: 60 } as const;
  const domain = (name: string, endpoints: readonly string[]): TargetReport => {
    const at = citeLookup({ ...lookup, name }, 0);
    const about = (probe: string, verdict: Finding['verdict'], parts: Partial<Finding> = {}) =>
      finding(probe, verdict, { evidence: [at], fingerprint: `${probe}@${name}`, ...parts });
    return {
      input: name,
      kind: 'domain',
      domain: name,
      endpoints,
      notes: [quote],
      findings: [
        about('spf', 'fail', { because: quote, headline: 'SPF says nothing', likely: quote, fix: { dns: [quote] } }),
        about('dmarc', 'fail', { severity: 'info', because: quote, measured: { reports: [quote], policy: null } }),
        about('mx', 'pass', { because: quote }),
        about('dane', 'inconclusive', { doubt: 'dns-failed', because: `the DNS says ${quote}` }),
        about('ptr', 'not-applicable', { because: quote, evidence: [] }),
      ],
      observations: {},
      lookups: [{ ...lookup, name }],
    };
  };
  const ids = whole.endpoints.map(({ id }) => id);
  const targets = [
    ...whole.targets,
    domain('a.example', ids),
    domain('b.example', ids),
    domain(`${'long-label-of-a-name.'.repeat(9)}example`, []),
  ];
  return { ...whole, targets, summary: summarise(whole.endpoints, targets, whole.options.failOn) };
}
