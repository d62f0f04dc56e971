import { Service } from '../../src/kit/limits/service.ts';
import type { LoadWire, Wire } from '../../src/kit/probe.ts';
import { shortLimits } from './scan-server.ts';

const unwanted = () => Promise.reject(new Error('not wanted here'));

/** The loud half of a wire, for a probe that has no use for it. */
export const noLoad: Omit<LoadWire, keyof Wire> = {
  load: shortLimits,
  clock: { now: () => 0, wait: unwanted },
  quiet: unwanted,
  raw: unwanted,
  own: unwanted,
  handshakesSince: () => 0,
  rested: unwanted,
  service: new Service(60),
};
