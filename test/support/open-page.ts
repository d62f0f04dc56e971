import type { Browser, Page } from 'puppeteer-core';

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /**
   * Whatever a report must not do: ask for anything but itself, complain, break its own rules, open a dialog. Empty
   * where all is well.
   */
  readonly trouble: readonly string[];
}

export interface How {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly media?: 'screen' | 'print';
  readonly script?: boolean;
  /** Whether the page may write to the clipboard. */
  readonly clipboard?: boolean;
}

const address = 'https://report.test/';

/** Opens one document in a browser context of its own, which has no network but what is answered here. */
export async function openPage(browser: Browser, html: string, how: How = {}): Promise<OpenPage> {
  const { width = 1100, scheme = 'light', media = 'screen', script = true, clipboard = true } = how;
  const context = await browser.createBrowserContext();
  if (clipboard) await context.overridePermissions(address, ['clipboard-read', 'clipboard-sanitized-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const trouble: string[] = [];
  page.on('console', (message) => trouble.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`error: ${error}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.setJavaScriptEnabled(script);
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (request.url() === address) {
      void request.respond({ contentType: 'text/html; charset=utf-8', body: html });
      return;
    }
    trouble.push(`request: ${request.url()}`);
    void request.abort();
  });
  await page.setViewport({ width, height: 800, isMobile: width < 500, hasTouch: width < 500 });
  // In one message: each of Puppeteer's own two takes back what the other has set.
  const features = [{ name: 'prefers-color-scheme', value: scheme }];
  await (await page.createCDPSession()).send('Emulation.setEmulatedMedia', { media, features });
  await page.goto(address, { waitUntil: 'load' });
  return { page, trouble, [Symbol.asyncDispose]: () => context.close() };
}
