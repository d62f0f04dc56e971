import { Hono } from 'hono';
import type { WebEnv } from './parts.ts';

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1d4f8f"/><path d="M3 11V5l5 4 5-4v6" fill="none" stroke="#fff" stroke-width="2"/></svg>';

/** The sign of the pages in a browser's tab. */
export const icon = new Hono<WebEnv>().get('/icon.svg', (c) =>
  c.body(picture, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' }),
);
