import { describe, expect, it } from 'vitest';
import { connectionCount } from '../../../probes/connection-count.ts';
import { connectionRate } from '../../../probes/connection-rate.ts';
import { messageRate } from '../../../probes/message-rate.ts';
import { StandingClock, scanLoad, windowOn } from '../../fakes/scan-load.ts';
import { mta } from '../../fakes/scripted-server.ts';

/** Ends the scan in the middle of a wait, as Ctrl-C does. */
function endsInWait(clock: StandingClock, number: number): AbortSignal {
  const controller = new AbortController();
  let waits = 0;
  clock.onWait(() => {
    waits += 1;
    if (waits === number) controller.abort();
  });
  return controller.signal;
}

const tooMuch = '450 4.7.1 Error: too much mail from 127.0.0.1';

describe('a scan that is ended while a load probe runs', () => {
  it('tells what the probe had seen, as what is not proven', async () => {
    const clock = new StandingClock();
    const letsIn = windowOn(clock, 7);
    await using server = await mta()
      .onMail(() => (letsIn() ? undefined : tooMuch))
      .start();
    // The first wait is the silence before; in the second the limiter is given time.
    const { findings } = await scanLoad(server, [messageRate, connectionRate], clock, { signal: endsInWait(clock, 2) });
    expect(findings[0]).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'budget-spent',
      because: expect.stringMatching(/^7 were accepted and the next was refused, .*: the scan was ended/),
      measured: { limit: null, refusedAfter: 7, tried: 8 },
    });
    expect(findings[0]?.evidence[0]?.quote).toBe(tooMuch);
    expect(findings[1]).toMatchObject({ verdict: 'inconclusive', doubt: 'budget-spent' });
    expect(server.withoutQuit).toEqual([]);
  });

  it('tells a number that is proven already, while no more than the window was looked for', async () => {
    const clock = new StandingClock();
    // The window is longer than expected: a second burst in it tells the number, and its length is still to be found.
    const letsIn = windowOn(clock, 7, 100, 0.52);
    await using server = await mta()
      .onMail(() => (letsIn() ? undefined : tooMuch))
      .start();
    const { findings } = await scanLoad(server, [messageRate], clock, { signal: endsInWait(clock, 12) });
    expect(findings[0]).toMatchObject({
      verdict: 'pass',
      measured: { limit: 7, windowSeconds: null },
    });
  });

  it('ends all that were held with QUIT, and says how many', async () => {
    const clock = new StandingClock();
    await using server = await mta().connectionsAtOnce(7).start();
    const { findings } = await scanLoad(server, [connectionCount], clock, { signal: endsInWait(clock, 3) });
    expect(findings[0]).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'budget-spent',
      because: expect.stringContaining('7 were held and the next was refused'),
      measured: { limit: null, held: 7 },
    });
    expect(server.withoutQuit).toEqual([]);
    expect(server.connections.every(({ open }) => !open)).toBe(true);
  });
});
