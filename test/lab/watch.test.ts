import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyFix } from '../../docker/fixes.ts';
import { type RunningServer, startServer } from '../../docker/lab.ts';
import { scenarioNamed } from '../../docker/scenarios/index.ts';
import { run } from '../../src/cli/run.ts';
import * as scanner from '../../src/scan-and-judge.ts';
import { openShared } from '../../src/store/sqlite-store.ts';
import { world } from '../cli/fake-io.ts';

/** Real servers that are broken, mended and stopped while they are watched, and what people hear of it. */
const folder = mkdtempSync(join(tmpdir(), 'mxprobe-lab-watch-'));
const file = join(folder, 'mxprobe.yaml');
const running = new Map<string, RunningServer>();
const hardened = { postfix: 'hardened', exim: 'exim-default', sendmail: 'sendmail-goaway' } as const;

beforeAll(async () => {
  for (const [name, id] of Object.entries(hardened)) {
    running.set(name, await startServer(scenarioNamed(id)));
  }
  const monitors = [...running].map(
    ([name, server]) => `  ${name}: { targets: ['127.0.0.1:${server.port('smtp')}'], private: true }\n`,
  );
  writeFileSync(
    file,
    `web: { listen: none }
defaults: { helo: scanner.example.com, vantage: outside, confirm: 0s }
schedules: { scan: { every: 1h, probes: [open-relay, vrfy, starttls-offer, message-size] } }
channels: { log: { exec: { command: [sh, -c, 'cat > /dev/null'] } } }
monitors:
${monitors.join('').replaceAll('private: true', 'private: true, domain: example.test, recipient: alice@example.test')}`,
  );
});

afterAll(async () => {
  for (const server of running.values()) await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const serverOf = (name: string): RunningServer => {
  const server = running.get(name);
  if (server === undefined) throw new Error(`no server ${name}`);
  return server;
};

/** Scans a monitor now, and gives what was told of it since: `opened open-relay`. */
async function heardOf(monitor: string): Promise<string[]> {
  const { io, err } = world();
  const since = Date.now();
  await run(['monitor', 'now', monitor, '--file', file], { ...io, scanner: async () => scanner });
  expect(err()).toBe('');
  await using store = await openShared(join(folder, 'mxprobe.db'));
  const sent = await store.outgoing({ since });
  expect(sent.filter(({ state }) => state !== 'sent')).toEqual([]);
  return sent
    .flatMap(({ message }) => message.items.map(({ what, incident }) => `${what} ${incident.probe}`))
    .toSorted();
}

test('of what is well nothing is told', async () => {
  for (const name of running.keys()) expect([name, await heardOf(name)]).toEqual([name, []]);
});

test.each([
  ['open-relay', ["postconf -e 'mynetworks = 0.0.0.0/0'"], ["postconf -e 'mynetworks = 127.0.0.0/8'"]],
  ['vrfy', ["postconf -e 'disable_vrfy_command = no'"], ["postconf -e 'disable_vrfy_command = yes'"]],
  [
    'starttls-offer',
    ["postconf -e 'smtpd_tls_security_level = none'"],
    ["postconf -e 'smtpd_tls_security_level = may'"],
  ],
])('a Postfix that is broken (%s) and mended', async (probe, broken, mended) => {
  const server = serverOf('postfix');
  await applyFix(server, [...broken, 'postfix reload']);
  expect(await heardOf('postfix')).toEqual([`opened ${probe}`]);
  expect(await heardOf('postfix')).toEqual([]);
  await applyFix(server, [...mended, 'postfix reload']);
  expect(await heardOf('postfix')).toEqual([`closed ${probe}`]);
  expect(await heardOf('postfix')).toEqual([]);
});

test('what is told quotes the server before and after', async () => {
  await using store = await openShared(join(folder, 'mxprobe.db'));
  const relay = (await store.incidents({})).find(({ probe }) => probe === 'open-relay');
  expect(relay?.before?.quotes.join('\n')).toMatch(/S: 250 2\.1\.5 Ok/);
  expect(relay?.now.quotes.join('\n')).toMatch(/S: (454|554) .*Relay access denied/);
  expect(relay?.fix?.postfix?.join('\n')).toContain('mynetworks');
});

test('one that is gone is silent, which is told when it has lasted, and opens nothing else', async () => {
  await serverOf('exim')[Symbol.asyncDispose]();
  running.delete('exim');
  for (let nth = 0; nth < 3; nth++) expect(await heardOf('exim')).toEqual([]);
  await using store = await openShared(join(folder, 'mxprobe.db'));
  expect(await store.incidents({ isOpen: true, monitor: 'exim' })).toMatchObject([
    { kind: 'unreachable', state: 'suspected', streak: 3 },
  ]);
  expect(await heardOf('sendmail')).toEqual([]);
});
