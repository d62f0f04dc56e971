import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Finding, Report } from '../../../src/model/report.ts';
import { htmlParts, toHtml } from '../../../src/report/html.ts';
import { endpointReport, finding, report } from './handmade.ts';

const page = (findings: readonly Finding[], parts = {}) => toHtml(report([endpointReport(findings, parts)]));
const fix = { postfix: ['postconf -e \'a = <b> & "c"\''], exim: ['deny hosts = *'] };

describe('the page', () => {
  test('has what failed worst first, then what is unknown, then what passed', () => {
    const html = page([
      finding('hello', 'pass'),
      finding('vrfy', 'inconclusive', { doubt: 'throttled' }),
      finding('expn', 'fail', { severity: 'low' }),
      finding('backscatter', 'fail', { severity: 'critical', waived: { until: '2026-12-31', reason: 'known' } }),
      finding('open-relay', 'fail', { severity: 'high' }),
      finding('connection-rate', 'inconclusive', { doubt: 'not-permitted', because: 'needs --allow load' }),
    ]);
    const order = ['open-relay', 'expn', 'backscatter', 'vrfy', '1 passed', '1 not asked: needs --allow load'];
    const places = order.map((words) => html.indexOf(words, html.indexOf('<main>')));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(html).toContain('Waived until 2026-12-31: known');
  });

  test('allows its own style and script by their hashes, and nothing else', () => {
    const html = page([]);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    const hash = (tag: string) => {
      const text = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(html)?.[1] ?? '';
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    expect(policy).toBe(
      `default-src 'none'; style-src ${hash('style')}; script-src ${hash('script')}; base-uri 'none'; form-action 'none'`,
    );
  });

  test('shows fix lines for the software recognised, and folds the others', () => {
    const html = page([finding('vrfy', 'fail', { fix })]);
    expect(html).toContain("<code>postconf -e 'a = &lt;b> &amp; &quot;c&quot;'</code>");
    expect(html).toMatch(/<details class="others"><summary>Fix for Exim<\/summary>.*deny hosts = \*/);
  });

  test('links a quote to its line in the dialogue', () => {
    const html = page([finding('hello', 'pass')]);
    expect(html).toContain('<a href="#e1-s1-0">s1 #0</a>');
    expect(html).toContain('id="e1-s1-0"');
  });

  test('of several endpoints begins with what failed where, the worst endpoint first', () => {
    const mild = endpointReport([finding('vrfy', 'fail', { severity: 'low' })], { id: 'mild' });
    const bad = endpointReport([finding('open-relay', 'fail', { severity: 'critical' })], { id: 'bad' });
    const html = toHtml(report([mild, bad]));
    expect(html).toMatch(/What was found.*open-relay.*<a href="#e1">bad<.*vrfy.*<a href="#e2">mild</);
    expect(html).toMatch(/<section class="endpoint" id="e1"><h2>bad<.*id="e2"><h2>mild</);
  });
});

describe('what a server or a stranger wrote', () => {
  const markup =
    '</style></script><script>pwned()</script><img src=x onerror="pwned()"><a href=\'javascript:pwned()\'>';
  const hostile = hostileReport(`250 ${markup}\u202e\u0007`);

  test('is text everywhere', () => {
    const html = toHtml(hostile);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain('<img');
    expect([...html.matchAll(/href="([^"]*)"/g)].filter(([, to]) => !/^#[a-z0-9-]+$/.test(to ?? ''))).toEqual([]);
    expect(html).toContain('250 &lt;/style>&lt;/script>&lt;script>pwned()');
  });

  test('has no invisible characters', () => {
    const html = toHtml(hostile);
    expect(html.replaceAll('\n', '')).not.toMatch(/[\p{C}\u2028\u2029]/u);
    expect(html).toContain('\\u{202e}\\x07');
  });

  test('is never an element, even where somebody hands over what no saved report may hold', () => {
    const node = { type: 'script', props: { children: 'pwned()', dangerouslySetInnerHTML: { __html: 'pwned()' } } };
    const html = page([finding('vrfy', 'fail', { question: node, because: node } as never)], {
      mta: { name: node, version: node, by: node } as never,
    });
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain('pwned');
  });
});

describe('a report beyond all measure', () => {
  const events = Array.from(
    { length: 6 },
    (_, at) => ({ at, from: 'them', tls: false, probe: 'hello', text: '250 Ok' }) as const,
  );

  test('of 10 000 dialogues shows the quoted ones, and says what it leaves out', () => {
    const sessions = Array.from({ length: 10_000 }, (_, index) => ({ id: `s${index + 1}`, events }));
    const html = page([finding('hello', 'pass', { evidence: [{ session: 's9999', event: 2, quote: '250 Ok' }] })], {
      sessions,
    });
    expect(html).toContain('id="e1-s9999-2"');
    expect(html).toContain('40000 lines left out here');
    expect(html.length).toBeLessThan(4_000_000);
  });

  test('of 200 endpoints comes in parts, each of which a browser can show', () => {
    const sessions = Array.from({ length: 100 }, (_, index) => ({ id: `s${index + 1}`, events }));
    const findings = Array.from({ length: 36 }, (_, index) => finding(`probe-${index}`, 'fail', { fix }));
    const parts = [
      ...htmlParts(report(Array.from({ length: 200 }, (_, n) => endpointReport(findings, { id: `e${n}`, sessions })))),
    ];
    expect(parts.length).toBeGreaterThan(200);
    expect(parts.join('').length).toBeLessThan(20_000_000);
  });

  test('with a line without end cuts it, and says so', () => {
    const quote = `250 ${'x'.repeat(100_000)}`;
    const html = page([finding('hello', 'pass', { evidence: [{ session: 's1', event: 0, quote }] })]);
    expect(html).toContain('[98004 more characters]');
    expect(html.length).toBeLessThan(60_000);
  });
});

/** The same words in every place that a server, a saved report or a user can fill. */
function hostileReport(words: string): Report {
  const cite = { session: 's1', event: 0, quote: words };
  const parts = {
    because: words,
    evidence: [cite],
    measured: { [words]: words, list: [words] },
    fix: { postfix: [words] },
  };
  const findings = [
    finding(words, 'fail', parts),
    finding('vrfy', 'pass', parts),
    finding('expn', 'inconclusive', { ...parts, doubt: 'ambiguous' }),
    finding('hello', 'not-applicable', parts),
    finding('open-relay', 'inconclusive', { ...parts, measured: { untested: [`a>b: ${words}`, `${words}>x`] } }),
    finding('auth-before-tls', 'fail', { ...parts, measured: { before: [words], works: [words] } }),
    finding('message-rate', 'pass', { ...parts, measured: { limit: 1, reply: words } }),
  ];
  const said = (at: number, from: 'us' | 'them', text: string) => ({
    at,
    from,
    tls: false,
    probe: 'message-rate',
    text,
  });
  const events = [
    said(1, 'us', 'MAIL FROM:<>'),
    said(2, 'them', words),
    said(3, 'us', 'MAIL FROM:<>'),
    said(4, 'them', words),
  ];
  const parts2 = {
    id: words,
    host: words,
    mta: { name: words, version: words, by: words },
    sessions: [{ id: words, events }],
  };
  const target = { input: words, kind: 'host', endpoints: [words], notes: [words] } as const;
  const given = report([endpointReport(findings, parts2), endpointReport(findings, parts2)], [target]);
  return { ...given, options: { ...given.options, helo: words, [words]: [words] } };
}
