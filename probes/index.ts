import type { DefinedProbe } from '../src/kit/probe.ts';
import { hello } from './hello.ts';
import { openRelay } from './open-relay.ts';
import { starttlsOffer } from './starttls-offer.ts';
import { starttlsWorks } from './starttls-works.ts';

/** The catalogue, in the order of its findings; each below the probes that it needs. */
export const probes: readonly DefinedProbe[] = [hello, starttlsWorks, starttlsOffer, openRelay];
