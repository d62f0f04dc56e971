import type { DefinedDomainProbe } from '../../src/kit/index.ts';
import { mx } from './mx.ts';

/** The questions about a domain, in the order of their findings. */
export const domainProbes: readonly DefinedDomainProbe[] = [mx];
