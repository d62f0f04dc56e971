import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMonitoring } from '../../docker/lab.ts';
import type { AlertMessage } from '../../src/monitor/alerts/message.ts';
import { senderOf } from '../../src/notify/sender.ts';
import { startSink } from '../support/sink.ts';
import { item } from '../unit/notify/messages.ts';
import { partsWith } from '../unit/notify/parts.ts';

/** What Debian's Alertmanager makes of what it is sent. */
let monitoring: Awaited<ReturnType<typeof startMonitoring>>;
const folder = mkdtempSync(join(tmpdir(), 'mxprobe-alertmanager-'));
const at = Date.now();

beforeAll(async () => {
  monitoring = await startMonitoring(folder);
});

afterAll(async () => {
  await monitoring?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const message = (
  kind: AlertMessage['kind'] & Parameters<typeof item>[0],
  parts: Parameters<typeof item>[1],
): AlertMessage => ({
  id: kind,
  kind,
  at,
  items: [item(kind, { openedAt: at - 3_600_000, ...parts })],
  link: 'https://watch.example.net',
});

const closed = { state: 'closed', closedAt: at, closedBecause: 'recovered' } as const;
const messages = [
  message('opened', { severity: 'high' }),
  message('reminder', { severity: 'high' }),
  message('worse', { severity: 'critical' }),
  message('closed', { severity: 'critical', ...closed }),
  message('opened', { severity: 'low', openedAt: at }),
  message('test', { id: 'aaaaaaaaaaaa', severity: 'info' }),
];

/** Posts each file, and prints what is said to that, and which alerts stand then. */
const script = `use HTTP::Tiny; use JSON::PP;
my ($at, $http) = ('http://127.0.0.1:9093', HTTP::Tiny->new);
for (1 .. 300) { last if $http->get("$at/-/ready")->{success}; select undef, undef, undef, 0.1 }
for my $n (0 .. ${messages.length - 1}) {
  open my $file, '<', "/work/$n.json"; local $/;
  my $said = $http->post("$at/api/v2/alerts", { headers => { 'Content-Type' => 'application/json' }, content => <$file> });
  my $alerts = decode_json($http->get("$at/api/v2/alerts")->{content});
  print "$said->{status} ", join(' ', sort map { $_->{labels}{severity} } @$alerts), "\\n";
}
`;

test('an incident is one alert, whose severity changes, and which ends', { timeout: 120_000 }, async () => {
  await using sink = await startSink();
  const send = senderOf({ name: 'x', kind: 'alertmanager', url: sink.url, token: null }, partsWith());
  for (const one of messages) await send(one, new AbortController().signal);
  for (const [index, { body }] of sink.received.entries()) writeFileSync(join(folder, `${index}.json`), body);
  writeFileSync(join(folder, 'script.pl'), script);
  writeFileSync(join(folder, 'config.yml'), 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
  const options = '--config.file=/work/config.yml --storage.path=/tmp/alertmanager --web.listen-address=127.0.0.1:9093';
  const start = `prometheus-alertmanager ${options} --cluster.listen-address= > /tmp/log 2>&1 &`;
  const said = await monitoring.exec(['sh', '-c', `${start} perl /work/script.pl`]);
  expect(
    said
      .trim()
      .split('\n')
      .map((line) => line.trim()),
  ).toEqual(['200 high', '200 high', '200 critical', '200', '200 low', '200 info low']);
});
