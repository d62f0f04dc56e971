import { describe, expect, test } from 'vitest';
import { authRate } from '../../../../probes/auth-rate.ts';
import { connectionCount } from '../../../../probes/connection-count.ts';
import { connectionRate } from '../../../../probes/connection-rate.ts';
import { messageRate } from '../../../../probes/message-rate.ts';
import { recipientRate } from '../../../../probes/recipient-rate.ts';
import { type HarakaLimits, haraka } from '../../../fakes/haraka.ts';
import { StandingClock, scanLoad } from '../../../fakes/scan-load.ts';

const all = [messageRate, recipientRate, authRate, connectionCount, connectionRate];

async function scanHaraka(limits: HarakaLimits, probes = all, maxEvents = 30) {
  const clock = new StandingClock();
  await using server = await haraka(clock, limits).start();
  const { findings } = await scanLoad(server, probes, clock, { maxEvents });
  return Object.fromEntries(findings.map((finding) => [finding.probe, finding]));
}

describe("Haraka's limit plugin, measured", () => {
  test('connections in a minute, with a log of moments', async () => {
    expect(await scanHaraka({ rateConn: [7, 60] }, [connectionRate])).toMatchObject({
      'connection-rate': {
        verdict: 'pass',
        measured: { limit: 7, kind: 'sliding-window', reply: '421 connection rate limit exceeded' },
      },
    });
  });

  test('recipients in a minute that begins with the first', async () => {
    expect(await scanHaraka({ rateRcpt: [13, 60] }, [recipientRate])).toMatchObject({
      'recipient-rate': { verdict: 'pass', measured: { limit: 13, reply: '450 rate limit exceeded' } },
    });
  });

  test('connections at once', async () => {
    expect(await scanHaraka({ concurrency: 5 }, [connectionCount])).toMatchObject({
      'connection-count': {
        verdict: 'pass',
        measured: { limit: 5, kind: 'concurrency', reply: '421 Too many concurrent connections' },
      },
    });
  });

  test('together, where each limiter has a window of its own', async () => {
    const probes = [recipientRate, connectionCount, connectionRate];
    const findings = await scanHaraka({ rateConn: [11, 60], rateRcpt: [13, 90], concurrency: 5 }, probes, 60);
    expect(findings).toMatchObject({
      'recipient-rate': { verdict: 'pass', measured: { limit: 13 } },
      'connection-count': { verdict: 'pass', measured: { limit: 5 } },
      'connection-rate': { verdict: 'pass', measured: { limit: 11, windowSeconds: 60 } },
    });
  });

  test('none of them', async () => {
    expect(await scanHaraka({})).toMatchObject({
      'message-rate': { verdict: 'fail', measured: { limit: null, tried: 30 } },
      'recipient-rate': { verdict: 'fail', measured: { limit: null, tried: 30 } },
      'auth-rate': { verdict: 'not-applicable', because: expect.stringContaining('500 Unrecognized command') },
      'connection-count': { verdict: 'fail', measured: { limit: null, held: 30 } },
      'connection-rate': { verdict: 'fail', measured: { limit: null, tried: 30 } },
    });
  });
});
