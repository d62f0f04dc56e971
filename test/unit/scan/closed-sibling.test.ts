import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { parseTarget, scan } from '../../../src/index.ts';
import { ourName, shortLimits } from '../../fakes/scan-server.ts';
import { mta } from '../../fakes/scripted-server.ts';
import { ownDomain } from '../../fakes/stock-mta.ts';

test('a closed port says nothing of another port of the same address', async () => {
  await using server = await mta().start();
  const targets = [server.port, await closedPort()].map((port) => parseTarget(`127.0.0.1:${port}`));
  const options = {
    helo: ourName,
    domain: ownDomain,
    restraint: shortLimits,
    probes: ['hello', 'starttls-works', 'open-relay'],
  };
  const report = await scan(
    targets.flatMap((target) => (target.kind === 'bad' ? [] : [target])),
    options,
  );
  const [open, closed] = report.endpoints;
  expect(open?.findings.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
  expect(closed?.findings.map(({ doubt }) => doubt)).toEqual(['unreachable', 'unreachable', 'unreachable']);
  expect(closed?.cost.connections).toBe(1);
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
