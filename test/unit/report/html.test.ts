import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Finding, Report } from '../../../src/model/report.ts';
import { gist, tiles } from '../../../src/report/html/gist.ts';
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

  test('says nothing of exit codes', () => {
    expect(page([finding('open-relay', 'fail')])).not.toMatch(/exit code/i);
  });

  test('shows fix lines for the software recognised, and no others', () => {
    const html = page([finding('vrfy', 'fail', { fix })]);
    expect(html).toContain("<code>postconf -e 'a = &lt;b> &amp; &quot;c&quot;'</code>");
    expect(html).toContain('<details class="fixes" open><summary>Fix<');
    expect(html).not.toContain('deny hosts');
  });

  test('folds fix lines below medium, and says where they are for software that was not seen', () => {
    expect(page([finding('vrfy', 'fail', { fix, severity: 'low' })])).toContain('<details class="fixes"><summary>Fix<');
    const mta = { name: null, version: null, by: null };
    expect(page([finding('vrfy', 'fail', { fix })], { mta })).toContain('Fix: mxprobe probes vrfy --mta &lt;name>');
  });

  test('colours a finding by its weight: a note has nothing of a failure', () => {
    const html = page([
      finding('open-relay', 'fail', { severity: 'critical' }),
      finding('vrfy', 'fail', { severity: 'low' }),
      finding('rcpt-oracle', 'fail', { severity: 'info' }),
      finding('expn', 'fail', { waived: { until: '2026-12-31', reason: 'known' } }),
    ]);
    const classes = [...html.matchAll(/<article class="([^"]*)"/g)].map(([, names]) => names);
    expect(classes).toEqual([
      'finding fail failure critical',
      'finding fail warning warning',
      'finding fail note note',
      'finding fail plain',
    ]);
  });

  test('links a quote to its line in the dialogue', () => {
    const html = page([finding('hello', 'pass')]);
    expect(html).toContain('<a href="#e1-s1-0">s1 #0</a>');
    expect(html).toContain('id="e1-s1-0"');
  });

  test('of several endpoints has a table of them, the worst first, and each finding once with links to all', () => {
    const mild = endpointReport([finding('vrfy', 'fail', { severity: 'low' })], { id: 'mild' });
    const bad = endpointReport([finding('open-relay', 'fail', { severity: 'critical' })], { id: 'bad' });
    const html = toHtml(report([mild, bad]));
    expect(html).toMatch(
      /class="endpoints".*<a href="#e1">bad<.*<a href="#e1-f1">Open-relay is fail.*<a href="#e2">mild</,
    );
    expect(html).toMatch(/class="jumps".*<a href="#e1-f1">open-relay<.*bad<.*<a href="#e2-f1">vrfy<.*mild</);
    expect(html).toMatch(/<section class="endpoint" id="e1"><h2>bad<.*id="e1-f1".*id="e2"><h2>mild<.*id="e2-f1"/);
  });

  test('tells the trouble of an endpoint where nobody answers once', () => {
    const silent = (probe: string) =>
      finding(probe, 'inconclusive', { doubt: 'unreachable', because: `${probe}: ECONNREFUSED`, evidence: [] });
    const html = page([silent('hello'), silent('reachable'), silent('vrfy')]);
    expect(html.match(/<article/g)).toHaveLength(1);
    expect(html).toContain('hello, reachable, vrfy');
  });
});

describe('the overview', () => {
  const relay = finding('open-relay', 'fail', { severity: 'critical', headline: 'strangers can send mail anywhere' });
  const vrfy = finding('vrfy', 'fail', { severity: 'low' });
  const untold = finding('expn', 'inconclusive', { doubt: 'throttled' });
  const of = (...all: Finding[][]) => report(all.map((some, n) => endpointReport(some, { id: `mx${n}` })));

  test.each<[string, Report]>([
    ['Strangers can send mail anywhere.', of([vrfy, relay])],
    ['mx1: Strangers can send mail anywhere.', of([vrfy], [relay])],
    ['2 of 3 endpoints: Strangers can send mail anywhere.', of([vrfy], [relay], [relay])],
    ['No failure was found.', of([finding('hello', 'pass')])],
    ['No failure was found.', of([finding('rcpt-oracle', 'fail', { severity: 'info' })])],
    ['No failure was found, but 1 warning and 1 question that could not be told.', of([vrfy, untold])],
    ['Nothing could be told: the server limits us.', of([untold])],
  ])('%s', (says, given) => {
    expect(gist(given)).toBe(says);
    expect(toHtml(given)).toContain(`<p class="gist">${says}</p>`);
  });

  test('counts by weight; what there is none of is left out, but for failures', () => {
    const waived = { ...relay, waived: { until: '2026-12-31', reason: 'known' } };
    const words = (given: Report) => tiles(given).map(({ count, word }) => `${count} ${word}`);
    expect(words(of([relay, vrfy, vrfy, untold, finding('hello', 'pass')]))).toEqual([
      '1 critical',
      '2 warnings',
      '1 not told',
      '1 passed',
    ]);
    expect(words(of([waived]))).toEqual(['0 failures', '1 waived']);
  });

  test('each figure leads to the first finding that it counts', () => {
    const html = toHtml(of([vrfy, finding('hello', 'pass')], [relay, vrfy]));
    const figures = [...html.matchAll(/<li class="(\w+)">(?:<a href="#([^"]*)">)?<b>/g)].map(([, kind, to]) => [
      kind,
      to,
    ]);
    expect(figures).toEqual([
      ['critical', 'e1-f1'],
      ['warning', 'e1-f2'],
      ['pass', undefined],
    ]);
  });

  test('leads to every finding', () => {
    const html = toHtml(of([relay, vrfy, untold], [relay]));
    const links = [...html.matchAll(/href="#([^"]*)"/g)].map(([, to]) => to);
    expect(links).toEqual(expect.arrayContaining(['e1-f1', 'e1-f2', 'e1-f3', 'e2-f1']));
    expect(links.filter((to) => !html.includes(`id="${to}"`))).toEqual([]);
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
