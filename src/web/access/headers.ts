import type { MiddlewareHandler } from 'hono';
import type { WebEnv } from '../parts.ts';
import { styleHash } from '../style.ts';

/**
 * What a page may do: its own style, forms to itself, and a picture of ours as its sign. No script. `same-origin` tells
 * others nothing of where a link stood, and lets `Origin` say where a form stood, which `no-referrer` does not (Fetch
 * §3.2).
 */
const usual: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Goes with every answer, but for what that answer says itself. */
export const safeHeaders: MiddlewareHandler<WebEnv> = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(usual)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
};
