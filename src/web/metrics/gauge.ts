import { Gauge, type Registry } from 'prom-client';
import { visible } from '../../model/visible.ts';

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Adds a gauge with these samples, each of which has labels of its own. Labels hold what servers and DNS say: printable
 * here, and escaped by the registry. They are handed over as they are, since the library's own map of samples takes
 * `a,b:c` for two labels.
 */
export function gauge(registry: Registry, name: string, help: string, samples: readonly Sample[]): void {
  const metric = new Gauge({ name, help, registers: [registry] });
  const values = samples.map(({ labels = {}, value }) => ({ labels: printable(labels), value }));
  metric.get = async () => ({ ...described, name, help, values });
}

const described = { type: 'gauge', aggregator: 'omit' } as unknown as Awaited<ReturnType<Gauge['get']>>;

const printable = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, visible(value)]));

/** Milliseconds as Prometheus has them. */
export const seconds = (milliseconds: number): number => milliseconds / 1000;
