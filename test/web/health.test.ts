import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { type HealthParts, healthRoutes } from '../../src/web/health.ts';
import type { WebEnv } from '../../src/web/parts.ts';
import { configOf, site, start, world } from './world.ts';

test('anybody may ask whether the process answers, and whether it watches', async () => {
  await using all = await world(['mx']);
  const sha256 = createHash('sha256').update('a').digest('hex');
  await using pages = await site(all, configOf(['mx'], { tokens: [{ name: 'me', sha256, may: ['read'] }] }));
  for (const path of ['/healthz', '/readyz'])
    expect(await pages.ask(path)).toMatchObject({ status: 200, body: 'ok\n' });
  expect((await pages.ask('/')).status).toBe(401);
});

test.each<[string, Partial<HealthParts>, string | RegExp]>([
  ['31 s without a tick', { lastTick: () => start - 31_000 }, 'what is due was last looked for 31 s ago\n'],
  ['no tick yet', { lastTick: () => null }, 'nothing has been looked for yet\n'],
  ['no file in force', { config: () => configOf([]) }, 'no file with monitors is in force\n'],
])('is not ready: %s', async (_, parts, line) => {
  await using all = await world(['mx']);
  const app = new Hono<WebEnv>();
  app.route(
    '/',
    healthRoutes({
      store: all.store,
      config: () => configOf(['mx']),
      now: () => start,
      lastTick: () => start,
      ...parts,
    }),
  );
  const answer = await app.request('/readyz');
  expect([answer.status, await answer.text()]).toEqual([503, line]);
  expect((await app.request('/healthz')).status).toBe(200);
});

test('is not ready where the store cannot be read, and says so without its name', async () => {
  await using all = await world(['mx']);
  await using pages = await site(all, configOf(['mx']));
  await all.store[Symbol.asyncDispose]();
  expect(await pages.ask('/readyz')).toMatchObject({ status: 503, body: 'the store cannot be read\n' });
  expect((await pages.ask('/healthz')).status).toBe(200);
});
