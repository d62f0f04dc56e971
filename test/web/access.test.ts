import { execFileSync } from 'node:child_process';
import { createHash, scryptSync } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Permission, Web } from '../../src/monitor/config/config.ts';
import { serve } from '../../src/web/listen.ts';
import type { WebEnv } from '../../src/web/parts.ts';
import { configOf, good, site, start, type World, world } from './world.ts';

let all: World;

beforeAll(async () => {
  all = await world(['mx']);
  await all.ran(start, { mx: good() });
});
afterAll(() => all[Symbol.asyncDispose]());

const secret = 'f'.repeat(64);
const token = (...may: Permission[]): Web['tokens'][number] => ({
  name: 'robot',
  sha256: createHash('sha256').update(secret).digest('hex'),
  may,
});
const bearer = { authorization: `Bearer ${secret}` };
const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});
const salt = Buffer.alloc(16, 7);
const users = [
  {
    name: 'ann',
    scrypt: `${salt.toString('hex')}:${scryptSync('Grüße: x', salt, 32, { N: 16_384, r: 8, p: 5 }).toString('hex')}`,
  },
];
const served = (parts: Partial<Web> = {}) => site(all, configOf(['mx'], parts));

describe('a Host header', () => {
  test.each([
    ['127.0.0.1', 200],
    ['127.0.0.1:9725', 200],
    ['localhost:1', 200],
    ['LOCALHOST', 200],
    ['watch.example.org', 200],
    ['evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['watch.example.org.evil.example:80', 421],
    ['localhost@evil.example', 421],
    ['192.0.2.1', 421],
  ])('%s: %i', async (host, status) => {
    await using pages = await served({ hosts: ['watch.example.org'] });
    const answer = await pages.ask('/', { headers: { host } });
    // What cannot stand in a URL is refused before us.
    expect(answer.status === 400 ? 421 : answer.status).toBe(status);
    expect(answer.body.includes('mx')).toBe(status === 200);
  });

  test('counts for every page, public ones included', async () => {
    await using pages = await served({ publicStatus: ['mx'] });
    for (const path of [
      '/icon.svg',
      '/status/mx',
      '/badge/mx.svg',
      '/feed.atom',
      '/api/v1/monitors',
      '/healthz',
      '/no',
    ])
      expect([path, (await pages.ask(path, { headers: { host: 'evil.example' } })).status]).toEqual([path, 421]);
  });
});

describe('who asks', () => {
  test('is nobody in particular where there is no auth', async () => {
    await using pages = await served();
    expect((await pages.ask('/')).status).toBe(200);
  });

  test('must be on this machine then, whatever the file says by now', async () => {
    const outside = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
    const own = outside.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
    if (own === undefined) return;
    await using pages = await site(all, configOf(['mx']), start, { kind: 'tcp', host: own, port: 0 });
    expect((await pages.ask('/')).status).toBe(401);
  });

  test.each([
    ['nothing', {}, 401],
    ['the token', bearer, 200],
    ['another token', { authorization: `Bearer ${secret.slice(1)}e` }, 401],
    ['its hash', { authorization: `Bearer ${token('read').sha256}` }, 401],
    ['a password', basic('ann', secret), 401],
    ['another scheme', { authorization: `Digest ${secret}` }, 401],
  ])('by tokens: %s', async (_, headers, status) => {
    await using pages = await served({ tokens: [token('read')] });
    const answer = await pages.ask('/', { headers });
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      status,
      status === 401 ? 'Bearer realm="mxprobe"' : undefined,
    ]);
  });

  test('may only what the token may', async () => {
    await using pages = await served({ tokens: [token('metrics')] });
    for (const path of ['/', '/no']) expect((await pages.ask(path, { headers: bearer })).status).toBe(403);
  });

  test.each([
    ['nothing', {}, 401],
    ['name and password', basic('ann', 'Grüße: x'), 200],
    ['a wrong password', basic('ann', 'x'), 401],
    ['another name', basic('bob', 'Grüße: x'), 401],
    ['no password', basic('ann', ''), 401],
    ['no base64', { authorization: 'Basic \x21\x21' }, 401],
  ])('by users: %s', async (_, headers, status) => {
    await using pages = await served({ users });
    const answer = await pages.ask('/', { headers });
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      status,
      status === 401 ? 'Basic realm="mxprobe", charset="UTF-8"' : undefined,
    ]);
    expect((await pages.ask('/', { headers })).status).toBe(status);
  });

  test('is let in by what the guide makes of a password and of a token', async () => {
    const commands = readFileSync('docs/monitor.md', 'utf8').split('\n');
    const made = (begin: string, input: string) => {
      const command = commands.find((line) => line.startsWith(begin)) ?? '';
      const cwd = mkdtempSync(join(tmpdir(), 'mxprobe-web-'));
      const output = execFileSync('sh', ['-c', command], { cwd, input, encoding: 'utf8' });
      return { cwd, output: output.trim() };
    };
    const person = { name: 'ann', scrypt: made('node -e', 'Grüße: x\n').output };
    const { cwd, output } = made('openssl', '');
    const robot = { name: 'robot', sha256: output.split(' ')[0] ?? '', may: ['read'] as const };
    await using pages = await served({ users: [person], tokens: [robot] });
    const kept = readFileSync(join(cwd, 'mxprobe.token'), 'utf8').trim();
    for (const headers of [basic('ann', 'Grüße: x'), { authorization: `Bearer ${kept}` }])
      expect((await pages.ask('/', { headers })).status).toBe(200);
  });

  test('takes as long to be refused by name as by password', async () => {
    await using pages = await served({ users });
    const took = async (name: string) => {
      const from = performance.now();
      for (let nth = 0; nth < 3; nth++) await pages.ask('/', { headers: basic(name, `wrong ${nth}`) });
      return performance.now() - from;
    };
    await took('ann');
    const [known, unknown] = [await took('ann'), await took('bob')];
    expect(unknown / known).toBeGreaterThan(0.3);
  });

  test.each([
    ['from the proxy', ['127.0.0.1'], { 'x-user': 'ann' }, 200],
    ['without a name', ['127.0.0.1'], { 'x-user': '' }, 401],
    ['in another header', ['127.0.0.1'], { 'x-forwarded-user': 'ann' }, 401],
    ['from elsewhere', ['192.0.2.9'], { 'x-user': 'ann', 'x-forwarded-for': '192.0.2.9' }, 401],
  ])("by a proxy's header: %s", async (_, addresses, headers, status) => {
    await using pages = await served({ proxy: { header: 'X-User', addresses } });
    expect((await pages.ask('/', { headers })).status).toBe(status);
  });
});

describe('a form', () => {
  const post = (headers: Readonly<Record<string, string>>) => ({ method: 'POST', headers, body: 'x=y' });
  const form = { 'content-type': 'application/x-www-form-urlencoded', host: 'localhost' };

  test.each([
    ['of ours', { 'sec-fetch-site': 'same-origin' }, 404],
    ['of ours, without Fetch metadata', { origin: 'http://localhost' }, 404],
    ['of ours, behind a proxy with TLS', { origin: 'https://localhost' }, 404],
    ['of another site', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' }, 403],
    ['of a neighbour', { 'sec-fetch-site': 'same-site' }, 403],
    ['of another site, without Fetch metadata', { origin: 'http://evil.example' }, 403],
    ['of a page without origin', { origin: 'null' }, 403],
    ['that does not say', {}, 403],
    ['as plain text', { 'content-type': 'text/plain', origin: 'http://evil.example' }, 403],
  ])('%s', async (_, headers, status) => {
    await using pages = await served();
    expect((await pages.ask('/nothing', post({ ...form, ...headers }))).status).toBe(status);
  });

  test('needs no origin where a token comes with it, and none is asked for without one', async () => {
    await using pages = await served({ tokens: [token('read', 'act')] });
    expect((await pages.ask('/nothing', post({ ...form, ...bearer }))).status).toBe(404);
    expect((await pages.ask('/nothing', post(form))).status).toBe(401);
  });
});

describe('every answer', () => {
  test('says what it may do, and that it stands in no frame', async () => {
    await using pages = await served();
    for (const path of ['/', '/nothing', '/icon.svg']) {
      const { headers } = await pages.ask(path);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/,
        ),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      });
      expect(headers['content-security-policy']).not.toMatch(/unsafe|script/);
    }
    expect((await pages.ask('/', { headers: { host: 'evil.example' } })).headers['x-frame-options']).toBe('DENY');
  });

  test('has its style by the hash that it names', async () => {
    await using pages = await served();
    const { headers, body } = await pages.ask('/');
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(body) ?? [];
    expect(headers['content-security-policy']).toContain(createHash('sha256').update(style).digest('base64'));
    expect(body).not.toMatch(/<script| style=| on\w+=/);
  });

  test('tells nothing of an error of ours', async () => {
    await using pages = await site(
      { store: { ...all.store, monitors: () => Promise.reject(new Error('secret path')) } },
      configOf(['mx']),
    );
    const { status, body } = await pages.ask('/');
    expect([status, body.includes('secret path')]).toEqual([500, false]);
    expect(pages.errors).toEqual([new Error('secret path')]);
  });
});

describe('where it listens', () => {
  const socket = () => join(mkdtempSync(join(tmpdir(), 'mxprobe-web-')), 'web.sock');

  test('a socket in the file system is for its owner alone', async () => {
    const path = socket();
    await using pages = await site(all, configOf(['mx']), start, { kind: 'unix', path });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(pages.url).toBe(`unix:${path}`);
    expect((await pages.ask('/')).status).toBe(200);
    expect((await pages.ask('/', { headers: { host: 'evil.example' } })).status).toBe(421);
  });

  test('one that was left behind is taken over, one in use is not', async () => {
    const path = socket();
    const left = createServer().listen(path);
    await new Promise((resolve) => left.once('listening', resolve));
    await expect(serve({ kind: 'unix', path }, new Hono<WebEnv>())).rejects.toThrow(
      /unix:.*web\.sock: another program listens/,
    );
    await new Promise((resolve) => left.close(resolve));
    await using _ = await serve({ kind: 'unix', path }, new Hono<WebEnv>());
  });

  test('a port that is taken is said in one line', async () => {
    await using first = await serve({ kind: 'tcp', host: '127.0.0.1', port: 0 }, new Hono<WebEnv>());
    const port = Number(new URL(first.url).port);
    await expect(serve({ kind: 'tcp', host: '127.0.0.1', port }, new Hono<WebEnv>())).rejects.toThrow(
      new RegExp(`^the pages cannot be served at 127.0.0.1:${port}: another program listens there; [^\n]+$`),
    );
  });

  test('it ends at once, whoever is still connected', async () => {
    const serving = await serve(
      { kind: 'tcp', host: '127.0.0.1', port: 0 },
      new Hono<WebEnv>().get('/', (c) => c.text('x')),
    );
    await (await fetch(serving.url)).text();
    const from = performance.now();
    await serving[Symbol.asyncDispose]();
    expect(performance.now() - from).toBeLessThan(2000);
  });
});
