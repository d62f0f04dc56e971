import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { startDns, startServer } from '../../docker/lab.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import { startDelayProxy } from '../support/delay-proxy.ts';
import { median, mxprobe, reportOf, times } from './measure.ts';

/** A domain with two MX hosts, 20 ms away: its name server and both of its servers. */
test('a default scan of a domain with two MX hosts, round trip of 20 ms', async () => {
  const scenario = scenarios.find(({ id }) => id === 'hardened');
  if (scenario === undefined) throw new Error('no baseline');
  await using first = await startServer(scenario);
  await using second = await startServer(scenario);
  await using dns = await startDns();
  await using far = await startDelayProxy({ port: first.port('smtp') }, 10);
  await using other = await startDelayProxy({ port: second.port('smtp') }, 10);
  // Both MX hosts of the zone listen on one port: the first at 127.0.0.1, the second at 127.0.0.2.
  const mx2 = createServer((near) => {
    const on = connect(other.port, '127.0.0.1');
    near.pipe(on).pipe(near);
    near.on('error', () => on.destroy());
    on.on('error', () => near.destroy());
  }).listen(far.port, '127.0.0.2');
  await once(mx2, 'listening');
  const names = await delayedDns(dns.address, 10);
  const asked = ['two-mx.test', '--ports', String(far.port), '--dns', names.address, '--private'];
  const runs = await times(5, () => mxprobe(...asked));
  names.close();
  mx2.close();
  const [last] = runs;
  if (last === undefined) throw new Error('nothing ran');
  const report = reportOf(last);
  const lookups = report.targets[0]?.lookups?.length ?? 0;
  console.log(
    `two MX hosts at 20 ms: ${median(runs).toFixed(0)} ms, ${lookups} questions to DNS, ${report.endpoints.map(({ cost }) => `${cost.connections} connections, ${cost.seconds.toFixed(1)} s`).join('; ')}`,
  );
  expect(report.endpoints).toHaveLength(2);
  expect(lookups).toBeGreaterThan(10);
  expect(median(runs)).toBeLessThan(3000);
});

/** A name server that is so many ms further away, each way. */
async function delayedDns(server: string, ms: number) {
  const [, port = ''] = server.split(':');
  const near = createSocket('udp4').bind(0, '127.0.0.1');
  await once(near, 'listening');
  near.on('message', (question, peer) => {
    const far = createSocket('udp4');
    far.on('message', (answer) => {
      far.close();
      setTimeout(() => near.send(answer, peer.port, peer.address), ms);
    });
    setTimeout(() => far.send(question, Number(port), '127.0.0.1'), ms);
  });
  return { address: `127.0.0.1:${near.address().port}`, close: () => near.close() };
}
