import { Hono } from 'hono';
import { UsageError } from '../model/usage-error.ts';
import { safeHeaders } from './access/headers.ts';
import { ownHost } from './access/host.ts';
import { sameSite } from './access/same-site.ts';
import { known, may } from './access/visitor.ts';
import { healthRoutes } from './health.ts';
import { icon } from './icon.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { apiRoutes } from './pages/api.ts';
import { feedRoutes } from './pages/feed.ts';
import { incidentRoutes } from './pages/incidents.tsx';
import { monitorRoutes } from './pages/monitor.tsx';
import { overviewRoutes } from './pages/overview.tsx';
import { publicRoutes } from './pages/public.tsx';
import { runRoutes } from './pages/run.tsx';
import type { WebEnv, WebParts } from './parts.ts';
import { notFound, troubled } from './trouble.tsx';

/** All that is served. Who may see what is said here alone, from the top: each line is behind those above it. */
export function appOf(parts: WebParts): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.use(safeHeaders, ownHost(parts));

  // For anybody: what the file makes public goes here.
  app.route('/', healthRoutes(parts));
  app.route('/', icon);
  app.route('/', publicRoutes(parts));

  app.use(known(parts), sameSite);
  // For who may read metrics, each route behind may('metrics').
  app.route('/', metricsRoutes(parts));

  app.use(may('read'));
  app.route('/', overviewRoutes(parts));
  app.route('/', monitorRoutes(parts));
  app.route('/', runRoutes(parts));
  app.route('/', incidentRoutes(parts));
  app.route('/', feedRoutes(parts));
  app.route('/api/v1', apiRoutes(parts));

  app.notFound(notFound);
  app.onError((error, c) => {
    if (!(error instanceof UsageError)) parts.onError(error);
    return troubled(error, c);
  });
  return app;
}
