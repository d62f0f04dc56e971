import puppeteer, { type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChromium, startServer } from '../../docker/lab.ts';
import { limitScenarios } from '../../docker/scenarios/limits.ts';
import { defaultRestraint, type Report } from '../../src/index.ts';
import { visible } from '../../src/model/visible.ts';
import { htmlParts, toHtml } from '../../src/report/html.ts';
import { markup } from '../support/hostile-server.ts';
import { cutOff, faintTexts, overflowing, unfoldAll } from '../support/in-page.ts';
import { type How, openPage } from '../support/open-page.ts';
import { scanScenario } from '../support/scan-scenario.ts';
import { scanDemo, scanHostile } from '../support/weak-reports.ts';
import { attacks, domainsSaying, reportSaying } from '../unit/report/hostile.ts';

/** What 180 mm of A4 between margins are on screen. */
const paper = { width: 680, media: 'print' } as const;

let chromium: Awaited<ReturnType<typeof startChromium>>;
let browser: Browser;
let weak: Report;
let hostile: Report;
let limited: Promise<Report>;
const open = (report: Report, how: How = {}) => openPage(browser, toHtml(report), how);

beforeAll(async () => {
  chromium = await startChromium();
  browser = await puppeteer.connect({ browserURL: chromium.devTools });
  limited = scanLimit();
  weak = await scanDemo();
  hostile = await scanHostile();
});

afterAll(async () => {
  await browser?.disconnect();
  await chromium?.[Symbol.asyncDispose]();
});

describe('a report in Chromium', () => {
  test('is one document: no other request, no complaint, nothing against its own rules', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      await using shown = await open(weak, { scheme });
      expect(await shown.page.title()).toMatch(/^127\.0\.0\.1:\d+: \d+ failures/);
      expect(await shown.page.$$eval('.fail', (found) => found.length)).toBe(weak.summary.counts.fail);
      expect(shown.trouble).toEqual([]);
    }
  });

  test('folds and unfolds by keyboard', async () => {
    await using shown = await open(weak);
    const { page } = shown;
    const isOpen = () => page.$eval('.fail details.dialogue', (details) => (details as { open: boolean }).open);
    const focused = () => page.evaluate('document.activeElement.matches(".fail details.dialogue > summary")');
    for (let presses = 0; presses < 40 && !(await focused()); presses++) await page.keyboard.press('Tab');
    const states = [await isOpen()];
    for (const key of ['Enter', 'Space'] as const) {
      await page.keyboard.press(key);
      states.push(await isOpen());
    }
    expect(states).toEqual([false, true, false]);
  });

  test('leads from a quote to its line in the dialogue, and unfolds it', async () => {
    await using shown = await open(weak);
    const { page } = shown;
    const to = await page.$eval('.fail .quote a', (link) => link.getAttribute('href') ?? '');
    const quote = await page.$eval('.fail .quote samp', (samp) => samp.textContent);
    const line = await page.$(to);
    expect(await line?.evaluate((found) => found.checkVisibility())).toBe(false);
    await page.click(`.fail .quote a`);
    expect(await line?.evaluate((found) => found.checkVisibility())).toBe(true);
    expect(await line?.$eval('samp', (found) => found.textContent)).toBe(quote);
  });

  test('copies fix lines, just as they are', async () => {
    await using shown = await open(weak);
    const { page } = shown;
    const lines = await page.$eval('.fix', (found) =>
      Array.from(found.querySelectorAll('code'), (line) => line.textContent),
    );
    const known = weak.endpoints[0]?.findings.flatMap(({ fix }) => Object.values(fix ?? {}));
    expect(known).toContainEqual(lines);
    await page.click('.fix button');
    await page.waitForFunction('document.querySelector(".fix button").textContent === "Copied"');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(lines.join('\n'));
    expect(shown.trouble).toEqual([]);
  });

  test('selects them where the clipboard is out of reach', async () => {
    await using shown = await open(weak);
    const { page } = shown;
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("no"))');
    await page.click('.fix button');
    await page.waitForFunction('document.querySelector(".fix button").textContent.startsWith("Selected")');
    const lines = await page.$eval('.paste', (found) =>
      Array.from(found.children, (line) => line.textContent).join('\n'),
    );
    expect(await page.evaluate('getSelection().toString().trimEnd()')).toBe(lines);
  });

  test('does without script, but for the buttons, which are not there then', async () => {
    await using shown = await open(weak, { script: false });
    const button = await shown.page.$('.fix button');
    expect(await button?.isVisible()).toBe(false);
    await shown.page.click('.fail details.dialogue > summary');
    expect(await (await shown.page.$('.fail details.dialogue li'))?.isVisible()).toBe(true);
  });
});

describe('whatever the server says', () => {
  test('it is text, runs nothing and loads nothing', async () => {
    await using shown = await open(hostile);
    const { page } = shown;
    await page.evaluate(unfoldAll);
    expect(await page.evaluate('typeof window.pwned')).toBe('undefined');
    expect(await page.$$eval('script', (found) => found.length)).toBe(1);
    expect(
      await page.$$eval('img, iframe, object, embed, form, link, base, [onload], [onerror]', (all) => all.length),
    ).toBe(0);
    const links = await page.$$eval('a', (all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(links.filter((link) => !/^#e\d+(-s\d+-\d+|-f\d+)?$/.test(link))).toEqual([]);
    expect(shown.trouble).toEqual([]);
  });

  test('it stands there letter for letter, with what is invisible spelled out', async () => {
    await using shown = await open(hostile);
    const lines = await shown.page.$$eval('.whole li samp', (all) => all.map((line) => line.textContent));
    const said = hostile.endpoints[0]?.sessions.flatMap(({ events }) => events.map(({ text }) => text)) ?? [];
    expect(lines).toEqual(said);
    const [greeting] = lines.filter((line) => line?.startsWith('220 '));
    expect(greeting).toContain(`${markup} \\u{202e}evil \u05d0\u05d1\u05d2 xxx`);
  });

  test.each(attacks.map((attack) => [JSON.stringify(attack).slice(0, 40), attack] as const))(
    '%s',
    async (_, attack) => {
      const report = reportSaying(attack);
      await using shown = await open(report);
      const quotes = await shown.page.$$eval('.fail .quote samp', (all) => all.map((quote) => quote.textContent));
      const fails = report.endpoints.flatMap(({ findings }) => findings).filter(({ verdict }) => verdict === 'fail');
      expect(quotes.toSorted()).toEqual(
        fails.flatMap(({ evidence }) => evidence.map(({ quote }) => visible(quote))).toSorted(),
      );
      expect(shown.trouble).toEqual([]);
    },
  );
});

describe('light and dark', () => {
  test('each has texts that stand out from their ground by 4.5 to 1, and they differ', async () => {
    const grounds: unknown[] = [];
    for (const how of [{ scheme: 'light' }, { scheme: 'dark' }, { ...paper, scheme: 'dark' }] as const) {
      await using shown = await open(weak, how);
      await shown.page.evaluate(unfoldAll);
      const { checked, faint } = await shown.page.evaluate(faintTexts);
      expect(checked).toBeGreaterThan(1000);
      expect(faint).toEqual([]);
      grounds.push(await shown.page.evaluate('getComputedStyle(document.body).backgroundColor'));
    }
    expect(new Set(grounds).size).toBe(3);
    expect(grounds[2]).toBe('rgb(255, 255, 255)');
  });
});

describe('on a phone, 360 px wide', () => {
  test.each([attacks.join(' '), 'x'.repeat(2000)])('findings of domains stay within the page: %#', async (said) => {
    for (const how of [{ width: 360 }, paper]) {
      await using shown = await open(domainsSaying(said), how);
      await shown.page.evaluate(unfoldAll);
      expect(await shown.page.evaluate(overflowing)).toEqual([]);
      expect(await shown.page.$$eval('.fail', (all) => all.length)).toBe(9);
      expect(shown.trouble).toEqual([]);
    }
  });

  test.each(['weak', 'hostile'])('the page of a %s server does not scroll sideways, folded or not', async (which) => {
    await using shown = await open(which === 'weak' ? weak : hostile, { width: 360 });
    expect(await shown.page.evaluate(overflowing)).toEqual([]);
    await shown.page.evaluate(unfoldAll);
    expect(await shown.page.evaluate(overflowing)).toEqual([]);
    expect(await shown.page.evaluate('document.documentElement.clientWidth')).toBe(360);
  });
});

describe('the overview', () => {
  test('is on the first screen, and its links lead to findings that are there', async () => {
    for (const width of [1280, 360]) {
      await using shown = await open(weak, { width, script: false });
      const { page } = shown;
      expect(await page.$eval('.gist', (said) => said.textContent)).toBe(
        'Strangers can send mail anywhere through this server.',
      );
      const bottom = await page.$eval('.jumps li', (first) => first.getBoundingClientRect().bottom);
      expect(bottom).toBeLessThan(800);
      await page.click('.jumps li:nth-child(2) a');
      const top = await page.$eval('.finding:target', (found) => found.getBoundingClientRect().top);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top).toBeLessThan(800);
    }
  });

  test('each weight has its own colour, in light and in dark; a note is not red', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      await using shown = await open(weak, { scheme });
      const colours = await shown.page.$$eval('.tiles li', (all) =>
        all.map((tile) => getComputedStyle(tile).backgroundColor),
      );
      expect(new Set(colours).size).toBe(colours.length);
      const [red = 0, green = 0, blue = 0] = await shown.page
        .$eval('.finding.note .chip', (chip) => getComputedStyle(chip).backgroundColor)
        .then((colour) => (colour.match(/\d+/g) ?? []).map(Number));
      expect(red).toBeLessThanOrEqual(Math.min(green, blue));
    }
  });
});

describe('on paper', () => {
  test('the demo takes two sheets, and more where the reader has unfolded more', async () => {
    await using shown = await open(weak, { media: 'print' });
    expect(await pagesOf(shown)).toBe(2);
    await shown.page.evaluate(unfoldAll);
    expect(await pagesOf(shown)).toBeGreaterThan(2);
  });

  test.each(['weak', 'hostile'])(
    'the report on a %s server has what stands open, and cuts nothing off',
    async (which) => {
      const report = which === 'weak' ? weak : hostile;
      await using shown = await open(report, paper);
      const visible = (selector: string) =>
        shown.page.$$eval(selector, (all) => all.map((one) => one.checkVisibility({ contentVisibilityAuto: true })));
      for (const selector of ['.fail h3', '.fail .proof .quote']) {
        const seen = await visible(selector);
        expect([selector, seen.length > 0, seen.includes(false)]).toEqual([selector, true, false]);
      }
      expect(await visible('.whole li').then((seen) => seen.includes(true))).toBe(false);
      expect(await visible('.copy').then((seen) => seen.includes(true))).toBe(false);
      for (const unfold of [false, true]) {
        if (unfold) await shown.page.evaluate(unfoldAll);
        expect(await shown.page.evaluate(overflowing)).toEqual([]);
        expect(await shown.page.evaluate(cutOff)).toEqual([]);
      }
    },
  );
});

describe('pictures', () => {
  test('the relay matrix has a field for each way of asking, and says what came of it', async () => {
    await using shown = await open(weak);
    const measured = weak.endpoints[0]?.findings.find(({ probe }) => probe === 'open-relay')?.measured ?? {};
    for (const outcome of ['accepted', 'refused', 'untested'] as const) {
      const fields = await shown.page.$$eval(`.grid td.${outcome}`, (all) => all.map((field) => field.textContent));
      expect([outcome, fields.length]).toEqual([outcome, (measured[outcome] as readonly string[]).length]);
    }
    const plain = await shown.page.$$eval('.grid tbody tr:first-child td:nth-of-type(1)', (all) =>
      all.map((one) => one.textContent),
    );
    expect(plain).toEqual(['●accepted 250', '●accepted 250']);
  });

  test.each([1280, 360])('the relay matrix shows all its columns at %i px', async (width) => {
    await using shown = await open(weak, { width });
    const rooms = await shown.page.$$eval('.relay .scroll', (all) =>
      all.map((box) => box.scrollWidth - box.clientWidth),
    );
    expect(rooms).toEqual([0, 0]);
  });

  test('AUTH before and inside TLS stand side by side', async () => {
    await using shown = await open(weak);
    const rows = await shown.page.$$eval('.auth tr', (all) =>
      all.map((row) => Array.from(row.children, (cell) => cell.textContent)),
    );
    expect(rows).toContainEqual(['Mechanism', 'In clear', 'Inside TLS']);
    expect(rows).toContainEqual(['PLAIN', '● listed, works', '● listed, works']);
    expect(rows).toContainEqual(['ANONYMOUS', '○ not listed, refused', '○ not listed, refused']);
    const inks = await shown.page.$$eval('.auth tbody tr:first-child td', (all) =>
      all.map((cell) => getComputedStyle(cell).color),
    );
    const bad = await shown.page.$eval('.relay p .accepted', (mark) => getComputedStyle(mark).color);
    expect(inks[0]).toBe(bad);
    expect(inks[1]).not.toBe(bad);
  });

  test('a measured limit: each event that was taken, the refusal above the limit', async () => {
    const report = await limited;
    for (const scheme of ['light', 'dark'] as const) {
      await using shown = await open(report, { scheme });
      const picture = await shown.page.$eval('.pictures figure > svg', (svg) => {
        const box = (selector: string) => {
          const found = svg.querySelector(selector) as unknown as { getBBox(): Box } | null;
          const { x, y, width, height } = found?.getBBox() ?? { x: 0, y: 0, width: 0, height: 0 };
          return { left: x, top: y, right: x + width, middle: y + height / 2 };
        };
        type Box = { x: number; y: number; width: number; height: number };
        const marks = (selector: string) => svg.querySelector(selector)?.getAttribute('d')?.split('M').length ?? 0;
        return {
          taken: marks('.taken') - 1,
          refused: marks('.refused') - 1,
          dots: box('.taken'),
          crosses: box('.refused'),
          limit: box('.limit'),
          waits: svg.querySelectorAll('.wait').length,
          label: svg.querySelector('.limit-label')?.textContent,
          words: svg.querySelector('desc')?.textContent,
        };
      });
      expect(picture.label).toBe('11');
      expect(picture.words).toMatch(/number 12 was refused after [\d.]+ m?s with 450 4\.7\.1 Error: too much mail/);
      expect(picture.words).toMatch(/waits of [\d., s]+; the limit is 11$/);
      expect(picture.waits).toBeGreaterThanOrEqual(1);
      expect(picture.taken).toBeGreaterThanOrEqual(5);
      expect(picture.refused).toBeGreaterThanOrEqual(1);
      expect(picture.dots.top).toBeCloseTo(picture.limit.middle, 0);
      expect(picture.crosses.middle).toBeLessThan(picture.limit.middle);
      await shown.page.evaluate(unfoldAll);
      expect((await shown.page.evaluate(faintTexts)).faint).toEqual([]);
      expect(shown.trouble).toEqual([]);
    }
  });
});

test('endpoints with long names fit a phone and a sheet of paper', async () => {
  const [endpoint] = weak.endpoints;
  if (endpoint === undefined) throw new Error('the demo was not scanned');
  const endpoints = ['a', 'b'].map((name) => ({
    ...endpoint,
    id: `${name.repeat(60)}.${'c'.repeat(60)}.test/[2001:db8::1]:25`,
  }));
  for (const how of [{ width: 360 }, paper]) {
    await using shown = await open({ ...weak, endpoints }, how);
    expect(await shown.page.$$eval('.endpoints tbody tr', (all) => all.length)).toBe(2);
    expect(await shown.page.evaluate(overflowing)).toEqual([]);
    if (how === paper) expect(await shown.page.evaluate(cutOff)).toEqual([]);
  }
});

test('two hundred endpoints are one page that opens', async () => {
  const [endpoint] = weak.endpoints;
  if (endpoint === undefined) throw new Error('the demo was not scanned');
  const endpoints = Array.from({ length: 200 }, (_, index) => ({ ...endpoint, id: `mx${index}.example.test` }));
  await using shown = await openPage(browser, [...htmlParts({ ...weak, endpoints })].join(''));
  expect(await shown.page.$$eval('.endpoint', (all) => all.length)).toBe(200);
  expect(await shown.page.$$eval('.endpoints tbody tr', (all) => all.length)).toBe(200);
  expect(shown.trouble).toEqual([]);
});

/** Eleven messages in seven seconds, and no more. */
async function scanLimit(): Promise<Report> {
  const scenario = limitScenarios.find(({ id }) => id === 'limits-message-rate');
  if (scenario === undefined) throw new Error('the scenario is gone');
  await using server = await startServer(scenario);
  const restraint = { ...defaultRestraint, replySeconds: 15, assumedWindowSeconds: scenario.windowSeconds };
  return await scanScenario(scenario, server, {
    allow: 'load',
    vantage: 'outside',
    probes: ['message-rate'],
    restraint,
  });
}

/** Sheets of A4 that the page prints on. */
async function pagesOf({ page }: Awaited<ReturnType<typeof open>>): Promise<number> {
  const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  return pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}
