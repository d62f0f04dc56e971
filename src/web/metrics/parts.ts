import type { StoreReads } from '../../monitor/store.ts';
import type { WebParts } from '../parts.ts';

export interface MetricsParts extends Pick<WebParts, 'config' | 'now' | 'lastTick' | 'isReloaded' | 'version'> {
  readonly store: Pick<StoreReads, 'monitors' | 'newestRuns' | 'openSpans' | 'incidents' | 'figures' | 'endings'>;
}
