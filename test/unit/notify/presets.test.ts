import { describe, expect, test } from 'vitest';
import type { AlertMessage } from '../../../src/monitor/alerts/message.ts';
import type { Channel } from '../../../src/monitor/config/config.ts';
import { senderOf } from '../../../src/notify/sender.ts';
import { type Received, startSink } from '../../support/sink.ts';
import { at, hostile, item, message } from './messages.ts';
import { env, failure, partsWith } from './parts.ts';

const never = new AbortController().signal;
const key = `${'k'.repeat(16)}e7c1d2a9f0b34856`;
const kinds = ['slack', 'teams', 'mattermost', 'matrix', 'ntfy', 'pagerduty', 'alertmanager'] as const;
type Kind = (typeof kinds)[number];

const channels = (server: string): Readonly<Record<Kind, Channel>> => ({
  slack: { name: 'x', kind: 'slack', url: env('HOOK') },
  teams: { name: 'x', kind: 'teams', url: env('HOOK') },
  mattermost: { name: 'x', kind: 'mattermost', url: env('HOOK') },
  matrix: { name: 'x', kind: 'matrix', server, room: '!a/b:example.org', token: env('KEY') },
  ntfy: { name: 'x', kind: 'ntfy', server, topic: 'mx', token: env('KEY') },
  pagerduty: { name: 'x', kind: 'pagerduty', server, key: env('KEY') },
  alertmanager: { name: 'x', kind: 'alertmanager', url: `${server}/am/`, token: null },
});

/** What a service gets of these messages. */
async function got(kind: Kind, ...messages: readonly AlertMessage[]): Promise<readonly Received[]> {
  await using sink = await startSink((response) => response.writeHead(202).end('{}'));
  const send = senderOf(channels(sink.url)[kind], partsWith({ HOOK: `${sink.url}/hook/T0/B0?sig=x`, KEY: key }));
  for (const one of messages) await send(one, never);
  return sink.received;
}

const recovered = message('closed', [
  item('closed', { state: 'closed', closedAt: at, closedBecause: 'recovered', before: null }),
]);
const digest = message(
  'digest',
  Array.from({ length: 40 }, (_, index) =>
    item(index < 20 ? 'opened' : 'closed', { id: `id${index}`, host: `mx${index}.example` }),
  ),
);

describe.each(kinds)('%s', (kind) => {
  test('gets a new incident, its end and a test as its service wants them', async () => {
    const received = await got(
      kind,
      message('opened'),
      recovered,
      message('test', [item('test', { severity: 'info' })]),
    );
    const shown = received.map(({ method, path, headers, body }) => ({
      request: `${method} ${path}`,
      authorization: headers.authorization,
      id: headers['idempotency-key'],
      body: JSON.parse(body),
    }));
    expect(shown).toMatchSnapshot();
  });

  test('shows nothing as markup that a server said, and no more than fits', async () => {
    const [{ body } = { body: '' }] = await got(kind, hostile);
    expect(JSON.parse(body)).toMatchSnapshot();
    expect(body).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    expect(body.length).toBeLessThan(28_000);
  });

  test('gets a digest that fits', async () => {
    const received = await got(kind, digest);
    expect(received).toHaveLength(kind === 'pagerduty' ? 40 : 1);
    if (kind !== 'alertmanager') for (const { body } of received) expect(body.length).toBeLessThan(28_000);
  });

  test('whose answer has its secret in it says the rest alone', async () => {
    await using sink = await startSink((response, { path, headers, body }) =>
      response.writeHead(400).end(`${path} ${headers.authorization} ${body}`),
    );
    const secrets = partsWith({ HOOK: `${sink.url}/hook/secret-path-1234`, KEY: key });
    const words = await failure(senderOf(channels(sink.url)[kind], secrets)(message('opened'), never));
    expect(words).toContain('answered 400');
    expect(words).not.toContain(key);
    expect(words).not.toContain('secret-path');
  });
});

test('Slack is sent no more than its blocks take, whole entities too', async () => {
  const long = message('opened', [item('opened', { headline: '<&>😀'.repeat(200), members: ['<&>'.repeat(2000)] })]);
  const [{ body } = { body: '{}' }] = await got('slack', long);
  const { text, blocks } = JSON.parse(body);
  expect(blocks[0].text.text.length).toBeLessThanOrEqual(150);
  expect(blocks[1].text.text.length).toBeLessThanOrEqual(3000);
  expect(`${text}${blocks[1].text.text}`.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
});

test('ntfy is sent no more octets than a message may have', async () => {
  const long = message('opened', [item('opened', { members: ['😀'.repeat(3000)] })]);
  const [{ body } = { body: '{}' }] = await got('ntfy', long);
  expect(Buffer.byteLength(JSON.parse(body).message)).toBeLessThanOrEqual(4096);
});
