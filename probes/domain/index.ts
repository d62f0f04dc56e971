import type { DefinedDomainProbe } from '../../src/kit/index.ts';
import { blockLists } from './block-lists.ts';
import { dane } from './dane.ts';
import { dmarc } from './dmarc.ts';
import { mtaSts } from './mta-sts.ts';
import { mx } from './mx.ts';
import { namesAgree } from './names-agree.ts';
import { ptr } from './ptr.ts';
import { spf } from './spf.ts';
import { tlsRpt } from './tls-rpt.ts';
import { vantage } from './vantage.ts';

/** The questions about a domain, in the order of their findings. */
export const domainProbes: readonly DefinedDomainProbe[] = [
  mx,
  ptr,
  namesAgree,
  spf,
  dmarc,
  tlsRpt,
  mtaSts,
  dane,
  blockLists,
  vantage,
];
