import { describe, expect, it } from 'vitest';
import { silenceFor } from '../../../../src/kit/limits/polls.ts';
import { Service } from '../../../../src/kit/limits/service.ts';
import { results } from '../../../probes/rate-data.ts';
import { replyFrom } from '../../mta/reply-from.ts';

const known = ({ window, counts, isTripped, silence }: Service) => ({ window, counts, isTripped, silence });
const nothing = { window: null, counts: false, isTripped: false, silence: silenceFor(60) };

/** A limit in a window of so many seconds, told by Postfix. */
function byPostfix(seconds: number) {
  const result = results.found(7, seconds);
  if (result.outcome !== 'found') throw new Error('not found');
  return { ...result, refusal: { ...result.refusal, quote: '450 4.7.1 Error: too much mail from 192.0.2.9' } };
}

describe('what is known of a service', () => {
  it('is nothing at first, nor after what refused nothing', () => {
    const service = new Service(60);
    expect(known(service)).toEqual(nothing);
    service.noteRate(results.none);
    service.noteRate(results.stretched);
    service.noteReply(undefined);
    service.noteReply(replyFrom('250 2.1.5 Ok'));
    service.noteReply(replyFrom('550 5.1.1 User unknown'));
    expect(known(service)).toEqual(nothing);
  });

  it('is the window that all counters share, where Postfix told it', () => {
    const service = new Service(60);
    service.noteRate(byPostfix(20));
    expect(known(service)).toMatchObject({ counts: true, isTripped: true, window: { low: 20, high: 20 } });
    expect(service.silence).toBeCloseTo(21, 1);
    service.noteRate(byPostfix(60));
    expect(service.window).toMatchObject({ low: 20 });
    service.noteSilence(71.5, 1000);
    expect(known(service)).toMatchObject({ counts: true, isTripped: false, window: { low: 20 } });
  });

  it('is no window where each limiter may have one of its own', () => {
    const service = new Service(60);
    service.noteRate(results.found(7, 20));
    expect(known(service)).toMatchObject({ counts: true, isTripped: true, window: null });
  });

  it.each([
    '450 4.7.1 Error: too many recipients from 192.0.2.9',
    '450 4.7.1 Error: too much mail from 192.0.2.9',
    '421 4.7.0 mx Error: too many connections from 192.0.2.9',
  ])('is that it counts us, where another probe heard "%s"', (text) => {
    const service = new Service(60);
    service.noteReply(replyFrom(text));
    expect(known(service)).toEqual({ ...nothing, counts: true, isTripped: true });
  });

  it('is not that it counts us, where all its processes were ours', () => {
    const service = new Service(60);
    service.noteFull();
    expect(known(service)).toEqual({ ...nothing, isTripped: true });
  });
});
