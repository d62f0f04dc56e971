import { expect, test } from 'vitest';
import { beat } from '../../../src/notify/beat.ts';
import { startSink } from '../../support/sink.ts';
import { env, hurried, partsWith } from './parts.ts';

test('a beat asks for the URL, and for /fail behind it when something of ours failed', async () => {
  await using sink = await startSink();
  const place = { kind: 'url', url: `${sink.url}/ping/1/?a=b` } as const;
  expect(await beat(place, true, partsWith())).toBe(null);
  expect(await beat(place, false, partsWith())).toBe(null);
  expect(await beat(env('BEAT'), false, partsWith({ BEAT: sink.url }))).toBe(null);
  expect(sink.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /ping/1/?a=b',
    'GET /ping/1/fail?a=b',
    'GET /fail',
  ]);
});

test('a beat that is not heard throws nothing, and says why without its secret', async () => {
  await using sink = await startSink((response, { path }) =>
    path === '/r' ? response.writeHead(302, { Location: '/x' }).end() : response.destroy(),
  );
  expect(await beat({ kind: 'url', url: `${sink.url}/r` }, true, partsWith())).toMatch(
    /^127\.0\.0\.1:\d+ answered 302$/,
  );
  expect(await beat(env('BEAT'), true, partsWith({ BEAT: `${sink.url}/secret` }))).toBe(
    'the server of BEAT broke the connection',
  );
  expect(await beat(env('BEAT'), true, partsWith())).toBe('the environment has no BEAT');
  expect(sink.received).toHaveLength(2);
});

test('a beat waits five seconds', async () => {
  using _ = hurried();
  await using sink = await startSink(() => {});
  expect(await beat({ kind: 'url', url: sink.url }, true, partsWith())).toMatch(/ did not answer within 5 s$/);
});
