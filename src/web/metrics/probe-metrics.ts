import type { Registry } from 'prom-client';
import type { Run } from '../../monitor/run.ts';
import type { Span } from '../../monitor/span.ts';
import { standingOf, statusOf } from '../../monitor/status.ts';
import { serverWords } from '../../monitor/words/common.ts';
import { measuredLimit } from '../../report/measured-limit.ts';
import { certificateEnd } from './figures.ts';
import { gauge, type Sample, seconds } from './gauge.ts';
import type { MetricsParts } from './parts.ts';

/** Adds what is known of one monitor, question by question, and under the names of blackbox_exporter. */
export async function probeMetrics(registry: Registry, monitor: string, { store, now }: MetricsParts): Promise<void> {
  const at = now();
  const rows = (await store.monitors()).filter(({ id }) => id === monitor);
  const spans = await store.openSpans(monitor);
  const [status] = statusOf(rows, await store.newestRuns(), spans, [], at);
  const newest = status?.newest ?? null;
  const add = (name: string, help: string, samples: readonly Sample[]) => gauge(registry, name, help, samples);
  const ends = spans.flatMap((span) => certificateEnd(span) ?? []);
  add('probe_success', '1: the newest run is not old, and found nothing that counts', [
    { value: status !== undefined && standingOf(status) === 'ok' ? 1 : 0 },
  ]);
  add('probe_duration_seconds', 'How long the newest run took', newest === null ? [] : [{ value: duration(newest) }]);
  add(
    'probe_ssl_earliest_cert_expiry',
    'When the first of the certificates ends',
    ends.length === 0 ? [] : [{ value: Math.min(...ends) }],
  );
  add(
    'mxprobe_result_age_seconds',
    'How old the newest run is: nothing is scanned because somebody asks',
    newest === null ? [] : [{ value: seconds(at - (newest.finishedAt ?? newest.dueAt)) }],
  );
  addSpans(add, spans);
}

const duration = ({ startedAt, finishedAt }: Run): number =>
  startedAt === null || finishedAt === null ? 0 : Math.max(0, seconds(finishedAt - startedAt));

function addSpans(add: (name: string, help: string, samples: readonly Sample[]) => void, spans: readonly Span[]): void {
  const figures = (of: (span: Span) => number | null) =>
    spans.flatMap((span) => {
      const value = of(span);
      return value === null ? [] : [{ labels: subject(span), value }];
    });
  add(
    'mxprobe_probe_result',
    'Always 1: what a question comes to, as its labels say; waived is yes where the policy lets it pass',
    spans.map((span) => ({
      labels: {
        ...subject(span),
        verdict: span.verdict,
        severity: span.severity,
        waived: span.waived === undefined ? 'no' : 'yes',
      },
      value: 1,
    })),
  );
  add(
    'mxprobe_probe_since_timestamp_seconds',
    'Since when a question has had its answer',
    figures(({ firstAt }) => seconds(firstAt)),
  );
  add(
    'mxprobe_probe_limit',
    'A limit that was measured: rates per minute, waits in seconds, sizes in bytes',
    figures(measuredLimit),
  );
  add('mxprobe_probe_certificate_expiry_timestamp_seconds', 'When a certificate ends', figures(certificateEnd));
}

const subject = ({ host, port, address, probe }: Span) => ({ endpoint: serverWords({ host, port }), address, probe });
