import { type Context, Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { Registry } from 'prom-client';
import { may } from './access/visitor.ts';
import type { MetricsParts } from './metrics/parts.ts';
import { probeMetrics } from './metrics/probe-metrics.ts';
import { tally } from './metrics/tally.ts';
import { watchMetrics } from './metrics/watch-metrics.ts';
import type { WebEnv } from './parts.ts';

/**
 * `/metrics`: all monitors, in few series. `/probe?target=NAME`: one that the file names, question by question. Both
 * say what the store holds: nothing is scanned because somebody asks.
 */
export function metricsRoutes(parts: MetricsParts) {
  const ended = tally(parts.store);
  return new Hono<WebEnv>()
    .get('/metrics', may('metrics'), async (c) => {
      const registry = registryFor(c);
      await watchMetrics(registry, parts);
      await ended(
        registry,
        parts.config().channels.map(({ name }) => name),
      );
      return answer(c, registry);
    })
    .get('/probe', may('metrics'), async (c) => {
      const { monitors } = parts.config();
      const [target, ...others] = c.req.queries('target') ?? [];
      if (target === undefined || others.length > 0)
        return c.text('Name one monitor of the file: /probe?target=NAME\n', 400);
      if (!monitors.some(({ name }) => name === target))
        return c.text('The file has no monitor of that name: only its monitors can be asked for.\n', 404);
      const registry = registryFor(c);
      await probeMetrics(registry, target, parts);
      return answer(c, registry);
    });
}

/** OpenMetrics for who wants it, and else the text that Prometheus has always read. */
function registryFor(c: Context<WebEnv>): Registry {
  const [open, text] = ['application/openmetrics-text', 'text/plain'];
  const wanted = accepts(c, { header: 'Accept', supports: [open, text], default: text });
  const registry = new Registry();
  // Its types know one kind a registry.
  if (wanted === open) registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as unknown as Kind);
  return registry;
}

type Kind = Registry['contentType'];

const answer = async (c: Context<WebEnv>, registry: Registry) =>
  c.body(await registry.metrics(), 200, { 'content-type': registry.contentType });
