import type { LoadWire } from '../../src/kit/probe.ts';
import { shortLimits } from './scan-server.ts';

const unwanted = () => Promise.reject(new Error('not wanted here'));

/** The loud half of a wire, for a probe that has no use for it. */
export const noLoad: Pick<LoadWire, 'load' | 'clock' | 'quiet' | 'raw' | 'service'> = {
  load: shortLimits,
  clock: { now: () => 0, wait: unwanted },
  quiet: unwanted,
  raw: unwanted,
  service: { window: null, lastsUntil: null, counted: false, tripped: false },
};
