import axe from 'axe-core';
import puppeteer, { type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChromium } from '../../docker/lab.ts';
import type { Finding, Report } from '../../src/model/report.ts';
import { summarise } from '../../src/model/summary.ts';
import type { Run } from '../../src/monitor/run.ts';
import { browse } from '../support/browse.ts';
import { faintTexts, overflowing, unfoldAll } from '../support/in-page.ts';
import { scanDemo, scanHostile } from '../support/weak-reports.ts';
import { configOf, hour, incident, type Site, site, start, type World, world } from '../web/world.ts';

const names = ['mx', 'submission', 'hosted:a-customer-with-a-long-name.example.org:587', 'strange', 'new'];

let chromium: Awaited<ReturnType<typeof startChromium>>;
let browser: Browser;
let all: World;
let pages: Site;
let paths: Readonly<Record<string, string>>;

beforeAll(async () => {
  chromium = await startChromium();
  browser = await puppeteer.connect({ browserURL: chromium.devTools });
  all = await world(names);
  const runs = await fill(await scanDemo(), await scanHostile());
  pages = await site(all, configOf(names, { publicStatus: ['mx'] }), start + 60.4 * hour);
  const open = await all.store.incidents({ monitor: 'mx', isOpen: true });
  await all.happened(
    incident({
      monitor: 'hosted:a-customer-with-a-long-name.example.org:587',
      doubt: 'it said 421',
      flappingSince: start,
      ackedBy: 'Ann',
      ackedAt: start,
    }),
  );
  await all.store.silence({
    match: 'mx',
    from: start,
    until: start + 100 * hour,
    because: 'a new disk',
    author: 'Ann',
  });
  const kept = (await all.store.runs({ monitor: 'mx' })).filter(({ isKept }) => isKept);
  const [first, last] = [kept.at(-1)?.id, kept.at(-2)?.id];
  paths = {
    overview: '/',
    monitor: '/m/mx?days=30',
    strange: '/m/strange?days=30',
    new: '/m/new',
    incidents: '/i',
    incident: `/i/${open[0]?.id}`,
    doubtful: '/i/3fa2c0ffee12',
    comparison: `/r/${first}..${last}`,
    run: `/r/${last}`,
    unkept: `/r/${runs.at(-3)?.id}`,
    status: '/status/mx',
    nothing: '/nothing',
  };
});

afterAll(async () => {
  await pages?.[Symbol.asyncDispose]();
  await all?.[Symbol.asyncDispose]();
  await browser?.disconnect();
  await chromium?.[Symbol.asyncDispose]();
});

describe.each([360, 1280])('at %i px', (width) => {
  describe.each(['light', 'dark'] as const)('%s', (scheme) => {
    test('every page shows all that it says, in colours that can be read, and axe finds nothing', async () => {
      for (const [name, path] of Object.entries(paths)) {
        await using shown = await browse(browser, pages, path, { width, scheme });
        const { page } = shown;
        if (process.env.SHOTS !== undefined)
          await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}-${scheme}.png`, fullPage: true });
        await page.evaluate(unfoldAll);
        expect([name, await page.evaluate(overflowing)]).toEqual([name, []]);
        expect([name, (await page.evaluate(faintTexts)).faint]).toEqual([name, []]);
        await page.evaluate(axe.source);
        expect([name, await page.evaluate(violations)]).toEqual([name, []]);
        // A page that is not there is said so on the console.
        expect([name, shown.trouble.filter((line) => !line.includes('404'))]).toEqual([name, []]);
      }
    });
  });
});

test('the keyboard reaches the form of an incident, fills it in and sends it, without script', async () => {
  await using shown = await browse(browser, pages, paths.incident ?? '');
  const { page } = shown;
  await page.setJavaScriptEnabled(false);
  await page.reload();
  const focused = () => page.evaluate('document.activeElement.outerHTML.slice(0, 200)') as Promise<string>;
  await page.keyboard.press('Tab');
  expect(await focused()).toContain('Skip to content');
  const isSeen = await page.$eval('.skip', (link) => link.getBoundingClientRect().top >= 0);
  expect(isSeen).toBe(true);
  const reach = async (text: string) => {
    for (let presses = 0; presses < 60 && !(await focused()).includes(text); presses++)
      await page.keyboard.press('Tab');
    expect(await focused()).toContain(text);
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
  };
  await reach('name="who"');
  await page.keyboard.type('Ann');
  await reach('name="until"');
  await page.keyboard.press('ArrowDown');
  await reach('type="submit"');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  expect(new URL(page.url()).pathname).toBe(paths.incident);
  expect(await page.$eval('dl', (list) => list.textContent)).toContain('to Ann since');
  expect(shown.sent).toEqual([`POST ${paths.incident}/ack http://localhost:9725`]);
  expect(shown.trouble).toEqual([]);
});

test('what a server says runs nothing', async () => {
  for (const path of ['/m/strange?days=30', '/i', '/']) {
    await using shown = await browse(browser, pages, path);
    expect(await shown.page.evaluate('typeof window.pwned')).toBe('undefined');
    expect(
      await shown.page.$$eval('script, img, iframe, object, embed, [onload], [onerror]', (found) => found.length),
    ).toBe(0);
    expect(shown.trouble).toEqual([]);
  }
});

interface Axe {
  run(): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
    }[];
  }>;
}
declare const window: { readonly axe: Axe };

async function violations(): Promise<string[]> {
  const found = await window.axe.run();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
  );
}

/** Two days and a half of a server that is mended, gets worse and is mended again, and of others. */
async function fill(weak: Report, hostile: Report): Promise<Run[]> {
  const runs: Run[] = [];
  for (let nth = 0; nth < 60; nth++) {
    const mended = Math.floor(nth / 20) % 2 === 0 ? 0.8 : 0.3;
    const done = await all.ran(start + nth * hour, {
      mx: nth === 41 ? unsure(weak) : mendedBy(weak, mended),
      submission: mendedBy(weak, 1),
      ...(nth % 12 === 0 ? { [names[2] ?? '']: mendedBy(weak, 0.9) } : {}),
      strange: hostile,
    });
    runs.push(...done.filter(({ monitor }) => monitor === 'mx'));
  }
  return runs;
}

/** The same report with that part of its failures mended. */
function mendedBy(report: Report, part: number): Report {
  const fails = report.endpoints.flatMap(({ findings }) => findings).filter(({ verdict }) => verdict === 'fail');
  const mended = new Set(fails.slice(0, Math.round(fails.length * part)));
  return changed(report, (finding) =>
    mended.has(finding) ? { ...finding, verdict: 'pass', because: 'it is mended' } : finding,
  );
}

const unsure = (report: Report): Report =>
  changed(report, (finding) => ({
    ...finding,
    verdict: 'inconclusive',
    doubt: 'unreachable',
    because: 'no connection',
  }));

function changed(report: Report, each: (finding: Finding) => Finding): Report {
  const endpoints = report.endpoints.map((one) => ({ ...one, findings: one.findings.map(each) }));
  return {
    ...report,
    endpoints,
    summary: summarise(endpoints, report.targets, 'medium'),
  };
}
