import { Counter, Histogram, type Registry } from 'prom-client';
import type { RunState } from '../../monitor/run.ts';
import type { MessageEnding, Seen, StoreReads } from '../../monitor/store.ts';

const ends: readonly RunState[] = ['done', 'failed', 'skipped'];
const results: readonly MessageEnding['result'][] = ['sent', 'failed', 'dead'];

/** Seconds: from one server that answers at once to limits that are waited for. */
const buckets = [1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600, 7200];

/**
 * Counts what ends, from now on: counters of Prometheus begin at zero with the process and never go down, while the
 * store forgets. Gives what adds them to a registry, with a zero for each of these channels.
 */
export function tally({ endings }: Pick<StoreReads, 'endings'>) {
  const durations = new Histogram({
    name: 'mxprobe_run_duration_seconds',
    help: 'How long runs took that ended in a report, since mxprobe started',
    buckets,
    registers: [],
  });
  const runs = new Map<string, number>();
  const messages = new Map<string, Map<string, number>>();
  let seen: Seen | null = null;
  const look = async () => {
    const ended = await endings(seen);
    seen = ended.seen;
    for (const { state, seconds } of ended.runs) {
      add(runs, state, 1);
      if (state === 'done' && seconds !== null) durations.observe(seconds);
    }
    for (const { channel, result, count } of ended.messages) {
      const counts = messages.get(channel) ?? new Map<string, number>();
      messages.set(channel, counts);
      add(counts, result, count);
    }
  };
  // One look after another: two that ask at once would count the same twice.
  let turn = look().catch(() => {});
  return async (registry: Registry, channels: readonly string[]): Promise<void> => {
    const looked = turn.then(look);
    turn = looked.catch(() => {});
    await looked;
    registry.registerMetric(durations);
    const byState = counter(registry, 'mxprobe_runs_total', 'Runs that ended, since mxprobe started', ['state']);
    for (const state of ends) byState.inc({ state }, runs.get(state) ?? 0);
    const byResult = counter(
      registry,
      'mxprobe_alerts_total',
      'Messages sent, attempts that failed, and messages given up (dead), since mxprobe started',
      ['channel', 'result'],
    );
    for (const channel of new Set([...channels, ...messages.keys()]))
      for (const result of results) byResult.inc({ channel, result }, messages.get(channel)?.get(result) ?? 0);
  };
}

const add = (counts: Map<string, number>, key: string, count: number): void =>
  void counts.set(key, (counts.get(key) ?? 0) + count);

/** Made anew for each answer, as in OpenMetrics the library renames it for good. */
const counter = (registry: Registry, name: string, help: string, labelNames: readonly string[]) =>
  new Counter({ name, help, labelNames, registers: [registry] });
