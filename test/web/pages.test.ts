import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { visible } from '../../src/model/visible.ts';
import type { Run } from '../../src/monitor/run.ts';
import { toHtml } from '../../src/report/html.ts';
import { finding } from '../unit/report/handmade.ts';
import { attacks, reportSaying } from '../unit/report/hostile.ts';
import { bad, configOf, good, hour, incident, type Site, said, site, start, type World, world } from './world.ts';

/** What a reader sees. */
const textOf = (html: string) =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<title>.*?<\/title>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

const own = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
const form = (fields: Readonly<Record<string, string>>) => ({
  method: 'POST',
  headers: own,
  body: new URLSearchParams(fields).toString(),
});

const names = ['mx', 'hosted:mail.example.org:587', 'idle'];
let all: World;
let pages: Site;
let runs: Run[];

beforeAll(async () => {
  all = await world(names);
  runs = [];
  const weak = bad({ severity: 'high', headline: 'the server tells who exists' });
  for (const [index, report] of [good(), good(), weak, weak, good(), weak].entries())
    runs.push(...(await all.ran(start + index * hour, { mx: report })));
  pages = await site(all, configOf(names, { publicStatus: ['mx', 'hosted', 'idle'] }), start + 6 * hour);
});
afterAll(async () => {
  await pages[Symbol.asyncDispose]();
  await all[Symbol.asyncDispose]();
});

describe('the timeline of a monitor', () => {
  test('has a column a run and a row a question, what fails first', async () => {
    const { status, body } = await pages.ask('/m/mx');
    expect(status).toBe(200);
    const rows = [...body.matchAll(/<tr class="row"[^>]*>(.*?)<\/tr>/g)].map(([, row = '']) => row);
    expect(rows.map(textOf)).toEqual([' vrfy failure [high] ', ' hello pass ']);
    expect(rows[0]).toContain('viewBox="0 0 6 16"');
    const rects = [...(rows[0] ?? '').matchAll(/<rect class="(\w+)" x="(\d+)" y="\d+" width="(\d+)"/g)];
    expect(rects.map(([, ...parts]) => parts)).toEqual([
      ['pass', '0', '2'],
      ['high', '2', '2'],
      ['pass', '4', '1'],
      ['high', '5', '1'],
    ]);
    expect(rows[0]).toContain('failure [high] from 2026-11-02 05:00Z; before: pass from 2026-11-02 04:00Z');
  });

  test('tells what changed, and leads to runs and what is between them', async () => {
    const { body } = await pages.ask('/m/mx');
    expect(textOf(body)).toMatch(
      /Changes 2026-11-02 05:00Z new vrfy at mx1\.example\.com\/192\.0\.2\.1:25: pass, now failure \[high\]/,
    );
    for (const link of [`/r/${runs[5]?.id}`, `/r/${runs[4]?.id}..${runs[5]?.id}`])
      expect(body).toContain(`href="${link}"`);
  });

  test.each([
    ['?days=1', '6 runs'],
    ['?days=90', '6 runs'],
    ['?days=nine&until=yesterday', '6 runs'],
    ['?days=1&until=2026-11-01', 'No run ended in this time.'],
    ['?until=9999-01-01', '6 runs'],
  ])('shows other times: %s', async (query, words) => {
    expect((await pages.ask(`/m/mx${query}`)).body).toContain(words);
  });

  test('is there for names of every kind', async () => {
    const path = `/m/${encodeURIComponent('hosted:mail.example.org:587')}`;
    expect((await pages.ask('/')).body).toContain(`href="${path}"`);
    expect(textOf((await pages.ask(path)).body)).toContain('Never scanned.');
    expect((await pages.ask('/m/nobody')).status).toBe(404);
    expect((await pages.ask('/m/%E0%A4%A')).status).toBe(404);
  });
});

describe('a run', () => {
  test('is the HTML report as it is, under its own rules', async () => {
    const last = runs[5]?.id ?? '';
    const { status, headers, body } = await pages.ask(`/r/${last}`);
    expect(status).toBe(200);
    const report = await all.store.report(last);
    expect(report === null ? null : toHtml(report)).toBe(body);
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(body) ?? [];
    expect(headers['content-security-policy']).toBe(`${policy?.replaceAll('&#39;', "'")}; frame-ancestors 'none'`);
    expect((await pages.ask(`/r/${last.slice(0, 8)}`)).body).toBe(body);
  });

  test('that said nothing new leads to the one that said the same', async () => {
    const { status, body } = await pages.ask(`/r/${runs[3]?.id}`);
    expect(status).toBe(200);
    expect(body).toContain(`href="/r/${runs[2]?.id}"`);
  });

  test('beside another is what changed, with both quotes', async () => {
    const { status, body } = await pages.ask(`/r/${runs[0]?.id}..${runs[5]?.id}`);
    expect(status).toBe(200);
    expect(textOf(body)).toMatch(/1 worse.* new vrfy high .*before : pass Vrfy is pass.*now : failure \[high\]/);
  });

  test.each(['/r/ffff', '/r/xyz', '/r/1..2'])('that is not known is not found: %s', async (path) => {
    expect((await pages.ask(path)).status).toBe(404);
  });
});

describe('an incident', () => {
  test('has both quotes, the fix, and what has happened; and can be known of and kept quiet', async () => {
    await using other = await world(['mx']);
    await other.happened(incident());
    await using here = await site(other, configOf(['mx']), start + hour);
    const path = '/i/3fa2c0ffee12';
    const shown = textOf((await here.ask(path)).body);
    for (const words of [
      'The server relays mail for anybody.',
      'S: 554 5.7.1 Relay access denied',
      'S: 250 2.1.5 Ok',
      'smtpd_relay_restrictions = reject_unauth_destination',
      'opened : seen twice',
      '192.0.2.1',
    ])
      expect(shown).toContain(words);
    expect(await here.ask(`${path}/ack`, form({ who: 'Ann', until: '1d' }))).toMatchObject({
      status: 303,
      headers: { location: path },
    });
    expect(await other.store.incidentsNamed('3fa2')).toMatchObject([
      { ackedBy: 'Ann', ackedAt: start + hour, ackedUntil: start + 25 * hour },
    ]);
    expect(textOf((await here.ask(path)).body)).toContain('to Ann since 2026-11-02 01:00Z, until 2026-11-03 01:00Z');

    const quiet = { who: 'Ann', until: '4h', because: 'new disk <b>', all: 'probe' };
    expect((await here.ask(`${path}/silence`, form(quiet))).status).toBe(303);
    const [silence] = await other.store.silences(start + hour);
    expect(silence).toMatchObject({ match: 'mx/open-relay', author: 'Ann', until: start + 5 * hour });
    expect((await here.ask(path)).body).toContain('new disk &lt;b>');
    expect((await here.ask(`${path}/unsilence`, form({ silence: silence?.id ?? '' }))).status).toBe(303);
    expect(await other.store.silences(start + hour)).toEqual([]);
  });

  test('is not changed by a form that says too little, or too much', async () => {
    await using other = await world(['mx']);
    await other.happened(incident());
    await using here = await site(other, configOf(['mx']));
    const path = '/i/3fa2c0ffee12';
    for (const [action, fields, status] of [
      ['ack', {}, 400],
      ['ack', { who: 'Ann', until: 'tomorrow' }, 400],
      ['silence', { who: 'Ann', until: '4h' }, 400],
      ['unsilence', { silence: '00000000' }, 404],
      ['ack', { who: 'x'.repeat(20_000) }, 413],
    ] as const)
      expect([action, (await here.ask(`${path}/${action}`, form(fields))).status]).toEqual([action, status]);
    expect((await here.ask('/i/ffff/ack', form({ who: 'Ann' }))).status).toBe(404);
    expect((await here.ask(`${path}/ack`)).status).toBe(404);
    expect(await other.store.incidentsNamed('3fa2')).toEqual([incident()]);
  });

  test('is not changed by a form on another site', async () => {
    await using other = await world(['mx']);
    await other.happened(incident());
    await using here = await site(other, configOf(['mx']));
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'http://evil.example' }, {}]) {
      const asking = { ...form({ who: 'Eve' }), headers: { 'content-type': own['content-type'], ...headers } };
      expect((await here.ask('/i/3fa2c0ffee12/ack', asking)).status).toBe(403);
    }
    expect(await other.store.incidentsNamed('3fa2')).toEqual([incident()]);
  });

  test('takes the name of who is known, whatever the form says', async () => {
    await using other = await world(['mx']);
    await other.happened(incident());
    await using here = await site(other, configOf(['mx'], { proxy: { header: 'X-User', addresses: ['127.0.0.1'] } }));
    const asking = form({ who: 'Bob' });
    await here.ask('/i/3fa2c0ffee12/ack', { ...asking, headers: { ...own, 'x-user': 'Ann' } });
    expect(await other.store.incidentsNamed('3fa2')).toMatchObject([{ ackedBy: 'Ann' }]);
  });

  test('is not changed by who may only read', async () => {
    await using other = await world(['mx']);
    await other.happened(incident());
    const token = 'a'.repeat(64);
    const sha256 = 'ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb';
    await using here = await site(other, configOf(['mx'], { tokens: [{ name: 'r', sha256, may: ['read'] }] }));
    const headers = { ...own, authorization: `Bearer ${token}` };
    const { status, body } = await here.ask('/i/3fa2c0ffee12', { headers });
    expect([status, body.includes('<form')]).toEqual([200, false]);
    for (const action of ['ack', 'silence', 'unsilence'])
      expect((await here.ask(`/i/3fa2c0ffee12/${action}`, { ...form({ who: 'x' }), headers })).status).toBe(403);
  });

  test('is listed, open ones first, a page at a time', async () => {
    await using other = await world(['mx']);
    await other.happened(incident());
    for (let nth = 0; nth < 120; nth++) {
      const openedAt = start - Math.floor(nth / 3) * hour;
      await other.happened(
        incident({
          id: `${nth}`.padStart(12, 'b'),
          state: 'closed',
          openedAt,
          closedAt: openedAt + hour,
          closedBecause: 'recovered',
          headline: `number ${nth} of them`,
        }),
      );
    }
    await using here = await site(other, configOf(['mx']));
    const seen: string[] = [];
    for (let path: string | undefined = '/i'; path !== undefined; ) {
      const { body } = await here.ask(path);
      seen.push(...[...body.matchAll(/Number (\d+) of them/g)].map(([, nth = '']) => nth));
      path = /href="(\/i\?cursor=[^"]+)"/.exec(body)?.[1];
    }
    expect(seen.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, nth) => nth));
  });
});

describe('what anybody may see', () => {
  test('is a state and dates: no quote, no address, no probe', async () => {
    for (const path of ['/status/mx', '/badge/mx.svg']) {
      const { status, body } = await pages.ask(path);
      expect(status).toBe(200);
      expect(body).toContain('fails');
      expect(body).not.toMatch(/192\.0\.2|example\.com|vrfy|ESMTP|\/r\/|\/i\/|\/m\//);
    }
    expect(textOf((await pages.ask('/status/mx')).body)).toMatch(/2026-11-02 02:00Z to 2026-11-02 04:00Z/);
    expect((await pages.ask('/badge/mx.svg')).headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect((await pages.ask('/status/hosted')).body).not.toContain('mail.example.org');
  });

  test('is not all well while an incident is open, whatever the newest run says', async () => {
    await using other = await world(['mx']);
    await other.ran(start, { mx: good() });
    await using here = await site(other, configOf(['mx'], { publicStatus: ['mx'] }), start + hour / 2);
    const asked = async () => textOf((await here.ask('/status/mx')).body);
    await other.happened(incident({ probe: 'tls-certificate', state: 'suspected', confirmedAt: null }));
    expect(await asked()).toContain('All is well.');
    await other.happened(incident({ probe: 'tls-certificate' }));
    expect(await asked()).toContain('Something is wrong.');
    expect(await asked()).toContain(`since 2026-11-02 00:00Z`);
    expect((await here.ask('/badge/mx.svg')).body).toContain('mx: fails');
    expect(textOf((await here.ask('/')).body)).toContain('1 of 1 monitor fails');
    const { monitors } = JSON.parse((await here.ask('/api/v1/monitors')).body);
    expect(monitors).toMatchObject([
      { monitor: 'mx', standing: 'FAIL', worst: 'critical', incidents: [incident().id] },
    ]);
    await other.happened(incident({ probe: 'tls-certificate', state: 'closed', closedAt: start + 1 }));
    expect(await asked()).toContain('All is well.');
  });

  test('is nothing that the file does not make public, and looks like nothing', async () => {
    await using closed = await site(all, configOf(names));
    for (const path of ['/status/mx', '/badge/mx.svg', '/status/nobody'])
      expect(await closed.ask(path)).toMatchObject({ status: 404, body: expect.stringContaining('no such page') });
  });

  test('needs nobody to say who they are', async () => {
    const tokens = [{ name: 'r', sha256: '0'.repeat(64), may: ['read'] as const }];
    await using closed = await site(all, configOf(names, { tokens, publicStatus: ['mx'] }));
    for (const [path, status] of [
      ['/status/mx', 200],
      ['/badge/mx.svg', 200],
      ['/', 401],
      ['/feed.atom', 401],
      ['/api/v1/runs', 401],
      ['/status/idle', 404],
    ] as const)
      expect([path, (await closed.ask(path)).status]).toEqual([path, status]);
  });
});

describe('the feed', () => {
  test('is Atom, with what was opened and closed, the newest first', async () => {
    const { headers, body } = await pages.ask('/feed.atom');
    expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8');
    expect(XMLValidator.validate(body)).toBe(true);
    const { feed } = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'entry' }).parse(body);
    expect(feed).toMatchObject({
      '@_xmlns': 'http://www.w3.org/2005/Atom',
      id: expect.stringMatching(/^tag:/),
      title: 'mxprobe incidents',
      updated: feed.entry[0].updated,
      author: { name: 'mxprobe' },
    });
    expect(feed.entry.map((entry: { title: string }) => entry.title)).toEqual([
      'The server tells who exists. (high)',
      'Closed: The server tells who exists. (high)',
      'The server tells who exists. (high)',
    ]);
    expect(new Set(feed.entry.map((entry: { id: string }) => entry.id)).size).toBe(3);
    expect(feed.entry[0].link['@_href']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/i\/[0-9a-f]{12}$/);
  });
});

describe('the API', () => {
  test.each([
    ['monitors', ['mx', 'idle', 'hosted:mail.example.org:587'].toSorted(), 'monitor'],
    ['runs', null, 'id'],
    ['changes', null, 'run'],
    ['incidents', null, 'id'],
  ])('pages through %s without losing or doubling one', async (what, expected, key) => {
    const seen: string[] = [];
    let next: string | null = '';
    for (let turn = 0; next !== null && turn < 50; turn++) {
      const { status, headers, body } = await pages.ask(
        `/api/v1/${what}?limit=2${next === '' ? '' : `&cursor=${encodeURIComponent(next)}`}`,
      );
      expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
      const read = JSON.parse(body);
      expect(read).toMatchObject({ schema: 1, kind: `monitor-${what}` });
      expect(read[what].length).toBeLessThanOrEqual(2);
      seen.push(...read[what].map((one: Record<string, string>) => one[key]));
      next = read.next;
    }
    const whole = JSON.parse((await pages.ask(`/api/v1/${what}?limit=500`)).body)[what];
    expect(seen).toEqual(expected ?? whole.map((one: Record<string, string>) => one[key]));
    expect(whole.length).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(1);
  });

  test.each([
    ['runs?limit=0', 400],
    ['runs?limit=501', 400],
    ['runs?cursor=x', 400],
    ['runs?since=soon', 400],
    ['targets', 404],
    ['incidents?open=true&monitor=mx&since=7d', 200],
  ])('answers %s with %i, in JSON', async (path, status) => {
    const answer = await pages.ask(`/api/v1/${path}`);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toBeTruthy();
  });

  test('filters by monitor and time', async () => {
    const runsOf = async (query: string) => JSON.parse((await pages.ask(`/api/v1/runs?${query}`)).body).runs.length;
    expect([
      await runsOf('monitor=mx'),
      await runsOf('monitor=nobody'),
      await runsOf('monitor=mx&since=2026-11-02T05:00Z'),
    ]).toEqual([6, 0, 1]);
  });
});

describe('no target comes from HTTP', () => {
  test.each(['/scan?target=127.0.0.1', '/api/v1/scan', '/probe?target=192.0.2.1', '/m/mx/now'])('%s', async (path) => {
    for (const method of ['GET', 'POST']) expect((await pages.ask(path, { method, headers: own })).status).toBe(404);
  });
});

describe('whatever a server says', () => {
  test.each(attacks.map((attack) => [JSON.stringify(attack).slice(0, 30), attack] as const))(
    '%s',
    async (_, attack) => {
      await using other = await world(['mx']);
      const [first] = await other.ran(start, { mx: said(finding('open-relay', 'pass')) });
      const [last] = await other.ran(start + hour, { mx: reportSaying(attack) });
      const words = { verdict: 'fail' as const, because: attack, quotes: [`S: ${attack}`] };
      await other.happened(
        incident({
          probe: 'other',
          headline: attack,
          before: words,
          now: words,
          doubt: attack,
          fix: { postfix: [attack] },
        }),
      );
      await using here = await site(other, configOf(['mx'], { publicStatus: ['mx'] }), start + 2 * hour);
      const paths = [
        '/',
        '/m/mx',
        `/r/${first?.id}..${last?.id}`,
        '/i',
        '/i/3fa2c0ffee12',
        '/status/mx',
        '/badge/mx.svg',
        '/feed.atom',
      ];
      for (const path of paths) {
        const { status, body } = await here.ask(path);
        expect([path, status]).toEqual([path, 200]);
        expect(body).not.toMatch(/<script|<img|<b>it|<\/failure>|<!\[CDATA\[|<\?pi/);
        const plain = body.replace(/\n/g, '');
        expect(visible(plain)).toBe(plain);
      }
      const feed = (await here.ask('/feed.atom')).body;
      expect(XMLValidator.validate(feed)).toBe(true);
      for (const path of ['runs', 'changes', 'incidents', 'monitors']) {
        const { body } = await here.ask(`/api/v1/${path}`);
        expect(body).not.toMatch(/(?!\n)[\p{C}\u2028]/u);
        expect(JSON.parse(body)).toBeTruthy();
      }
      expect(here.errors).toEqual([]);
    },
  );
});
