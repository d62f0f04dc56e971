import type { MiddlewareHandler } from 'hono';
import type { WebEnv } from '../parts.ts';

const harmless = ['GET', 'HEAD'];

/**
 * Refuses a form that stands on a page of somebody else's. Browsers say where a form comes from: by `Sec-Fetch-Site`
 * where the connection can be trusted, and by `Origin` always. Who says neither is no browser, and shows a token.
 */
export const sameSite: MiddlewareHandler<WebEnv> = async (c, next) => {
  if (harmless.includes(c.req.method) || /^bearer /i.test(c.req.header('authorization') ?? '')) return next();
  const site = c.req.header('sec-fetch-site');
  const isOwn = site === undefined ? isOrigin(c.req.header('origin'), c.req.header('host')) : site === 'same-origin';
  return isOwn ? next() : c.text('That form stands on another site, and does nothing here.\n', 403);
};

/** The scheme may differ: a proxy ends TLS. */
const isOrigin = (origin: string | undefined, host: string | undefined): boolean =>
  host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
