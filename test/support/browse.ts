import type { Browser, HTTPRequest, Page } from 'puppeteer-core';
import type { Site } from '../web/world.ts';

export interface Browsed extends AsyncDisposable {
  readonly page: Page;
  /** Complaints of the browser, and requests to anybody but the site. Empty where all is well. */
  readonly trouble: readonly string[];
  /** What was asked for besides pages and pictures, such as `POST /i/3fa2/ack same-origin`. */
  readonly sent: readonly string[];
}

const origin = 'http://localhost:9725';

/**
 * Opens a page of a site that listens on this machine, in a browser that stands in a container: what the browser asks
 * for is asked here in its name.
 */
export async function browse(
  browser: Browser,
  site: Site,
  path: string,
  { width = 1280, scheme = 'light' }: { readonly width?: number; readonly scheme?: 'light' | 'dark' } = {},
): Promise<Browsed> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const trouble: string[] = [];
  const sent: string[] = [];
  page.on('console', (message) => trouble.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`error: ${error}`));
  await page.setRequestInterception(true);
  page.on('request', (request) => void answer(request));
  await page.setViewport({ width, height: 800, isMobile: width < 500, hasTouch: width < 500 });
  const features = [{ name: 'prefers-color-scheme', value: scheme }];
  await (await page.createCDPSession()).send('Emulation.setEmulatedMedia', { features });
  await page.goto(`${origin}${path}`, { waitUntil: 'load' });
  return { page, trouble, sent, [Symbol.asyncDispose]: () => context.close() };

  async function answer(request: HTTPRequest): Promise<void> {
    const url = new URL(request.url());
    if (url.origin !== origin) {
      trouble.push(`request: ${url}`);
      return request.abort();
    }
    const method = request.method();
    const headers = request.headers();
    if (method !== 'GET') sent.push(`${method} ${url.pathname} ${headers.origin}`);
    const body = request.postData();
    const asked = await site.ask(`${url.pathname}${url.search}`, {
      method,
      headers: { ...headers, host: url.host },
      ...(body === undefined ? {} : { body }),
    });
    const { 'content-length': _, 'transfer-encoding': __, ...rest } = asked.headers;
    await request.respond({ status: asked.status, headers: rest as Record<string, string>, body: asked.body });
  }
}
