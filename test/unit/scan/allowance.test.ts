import { describe, expect, test } from 'vitest';
import { scanServer, verdictsOf } from '../../fakes/scan-server.ts';
import type { ScriptedServer } from '../../fakes/scripted-server.ts';
import { mta } from '../../fakes/scripted-server.ts';

const most = 12;

describe('whatever a server does, it gets no more connections than were planned', () => {
  test.each<[string, () => ScriptedServer]>([
    ['hangs up after one transaction', () => mta().hangsUpAfter(6)],
    ['hangs up behind each refusal', () => mta().hangsUpAfterErrors(1)],
    ['says 421 at the fourth command', () => mta().says421At(4)],
    [
      'relays for all, and ends each session early',
      () =>
        mta()
          .relaysWhen(() => true)
          .hangsUpAfter(5),
    ],
  ])('%s', async (_, server_) => {
    await using server = await server_().start();
    const report = await scanServer(server, { restraint: { connectionsPerEndpoint: most, patienceSeconds: 0 } });
    expect(server.connections.length).toBeLessThanOrEqual(most);
    expect(server.peak).toBeLessThanOrEqual(5);
    expect(JSON.stringify(report)).toContain(`the ${most} connections that a scan makes here at most are used up`);
    expect(Object.values(verdictsOf(report))).not.toContain('error');
  });

  test('one that hangs up inside TLS is not knocked at again and again', async () => {
    await using server = await mta()
      .onEhlo(({ dialogue }) => (dialogue.tls ? { and: 'hang up' } : undefined))
      .start();
    await scanServer(server);
    expect(server.connections.length).toBeLessThan(30);
  });

  test('one that cuts nothing short stays far below', async () => {
    await using server = await mta().start();
    await scanServer(server);
    expect(server.connections.length).toBeLessThan(20);
    expect(server.peak).toBeLessThanOrEqual(5);
  });
});

test('a scan of one address has a deadline, and what was told by then is told', async () => {
  await using server = await mta().lockStepOnly().tarpits(400).start();
  const began = performance.now();
  const report = await scanServer(server, {
    restraint: { addressSeconds: 1.5, replySeconds: 60, dialogueSeconds: 300 },
  });
  expect(performance.now() - began).toBeLessThan(6000);
  const verdicts = verdictsOf(report);
  expect(verdicts.hello).toBe('pass');
  expect(verdicts['open-relay']).toBe('inconclusive(budget-spent)');
  expect(JSON.stringify(report.endpoints[0]?.findings)).toContain(
    'min that an address may take (--max-minutes) were over',
  );
});
