import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertItem, AlertMessage } from '../../../src/monitor/alerts/message.ts';
import { briefOf } from '../../../src/notify/words/brief.ts';
import { htmlOf } from '../../../src/notify/words/html.tsx';
import { subjectOf } from '../../../src/notify/words/subject.ts';
import { textOf } from '../../../src/notify/words/text.ts';
import { at, hostile, item, message, relay } from './messages.ts';

const hour = 3_600_000;
const mended = {
  state: 'closed',
  closedAt: at,
  closedBecause: 'recovered',
  before: relay.now,
  now: relay.before ?? relay.now,
} as const;

const messages: Readonly<Record<string, AlertMessage>> = {
  opened: message('opened'),
  worse: message('worse'),
  closed: message('closed', [item('closed', mended)]),
  'closed, as the policy waives it': message('closed', [item('closed', { ...mended, closedBecause: 'waived' })]),
  reminder: message('reminder', [
    item('reminder', { openedAt: at - 72 * hour, lastSeenAt: at - 26 * hour, doubt: 'throttled with 421' }),
  ]),
  'reminder, taken': message('reminder', [item('reminder', { ackedAt: at - hour, ackedBy: 'anna' })]),
  escalated: message('escalated'),
  flapping: message('flapping', [
    item('flapping', { flappingSince: at, openings: [at - 5 * hour, at - 2 * hour, at] }),
  ]),
  'settled, in order': message('settled', [item('settled', mended)]),
  'settled, still failing': message('settled'),
  unreachable: message('opened', [
    item('opened', { kind: 'unreachable', probe: '', headline: 'It does not answer', fix: null, before: null }),
  ]),
  'the watch itself': message('opened', [
    item('opened', {
      kind: 'self',
      monitor: '',
      host: '',
      port: 0,
      probe: 'channel:pager',
      headline: 'What was to be told by it was not told for three days',
      fix: null,
      before: null,
      members: [],
    }),
  ]),
  'several at once': message('opened', [
    item('opened'),
    item('opened', { id: '111111111111', host: 'mx2.example.com', severity: 'low', fix: null }),
  ]),
  digest: message('digest', [
    item('opened'),
    ...Array.from(
      { length: 112 },
      (_, index): AlertItem => item('closed', { ...mended, host: `mx${index}.example.com`, probe: 'starttls-works' }),
    ),
  ]),
  test: message('test', [item('test', { headline: 'Somebody tried the channel postmaster on watch.example.net' })]),
};

const shown = (text: string): string =>
  text.length > 6000 ? `${text.slice(0, 1500)}\n[...]\n${text.slice(-600)}` : text;

describe('what people read', () => {
  test.each(Object.entries(messages))('%s', (_, one) => {
    const text = textOf(one);
    expect(`${subjectOf(one)}\n\n${shown(text)}`).toMatchSnapshot();
    const pasted = /smtpd_relay|https:|mxprobe (scan|probes)/;
    for (const line of text.split('\n')) if (!pasted.test(line)) expect(line.length, line).toBeLessThanOrEqual(78);
    expect(text).toMatch(/^[\P{C}\n]*$/u);
  });

  test('no server makes a line of a subject, a tag of a page or a header of its own', () => {
    const subject = subjectOf(hostile);
    expect(subject).toMatch(/^\P{C}*$/u);
    expect(subject.length).toBeLessThanOrEqual(150);
    const html = htmlOf(hostile);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('</pre>');
    expect(html).toContain('&lt;script>');
    expect(html).toMatch(/^\P{C}*$/u);
    const text = textOf(hostile);
    expect(text).toMatch(/^[\P{C}\n]*$/u);
    expect(text).not.toMatch(/^Bcc:/m);
    expect(text.length).toBeLessThan(4000);
    expect(text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });

  test('the page for mail programs fetches nothing', () => {
    for (const one of Object.values(messages)) {
      const html = htmlOf(one);
      expect(html).not.toMatch(/<(link|img|script|style|iframe|form)\b|url\(|@import|src=/i);
      expect(
        [...html.matchAll(/href="([^"]*)"/g)].every(([, href]) => href?.startsWith('https://watch.example.net/')),
      ).toBe(true);
    }
    expect(htmlOf(messages.closed as AlertMessage)).toMatchSnapshot();
  });

  test('whatever a server and a file say, it is printable, and nothing but text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    const said = fc.record({ verdict: fc.constant('fail' as const), because: text, quotes: fc.array(text) });
    const parts = fc.record({
      ...{
        host: text,
        headline: text,
        probe: text,
        monitor: text,
        doubt: text,
        ackedBy: text,
        now: said,
        before: said,
      },
      ...{ ackedAt: fc.constant(at), members: fc.array(text), fix: fc.dictionary(text, fc.array(text)) },
    });
    const kinds = fc.constantFrom('opened', 'worse', 'closed', 'flapping', 'settled', 'reminder', 'escalated', 'test');
    fc.assert(
      fc.property(kinds, fc.array(parts, { minLength: 1, maxLength: 4 }), (kind, all) => {
        const one = message(
          kind,
          all.map((each) => item(kind, each)),
        );
        expect(subjectOf(one)).toMatch(/^\P{C}{1,150}$/u);
        expect(textOf(one)).toMatch(/^[\P{C}\n]*$/u);
        expect(briefOf(one).join('')).toMatch(/^\P{C}*$/u);
        const html = htmlOf(one);
        expect(html).toMatch(/^\P{C}*$/u);
        const tags = [...html.matchAll(/<\/?([a-z0-9]*)/gi)].map(([, name]) => name);
        expect([...new Set(tags)].filter((name) => !ours.includes(name ?? ''))).toEqual([]);
      }),
    );
  });
});

const ours = '|html|head|meta|title|body|div|p|b|table|tr|td|a|ul|li'.split('|');
