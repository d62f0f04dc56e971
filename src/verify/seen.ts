import { z } from 'zod';
import type { EndpointReport, Finding, ReportOptions } from '../model/report.ts';

/** What a report shows of one endpoint. */
export interface Seen {
  readonly endpoint: EndpointReport;
  readonly options: ReportOptions;
  finding(probe: string): Finding | null;
  /** What a probe observed; null where it saw nothing, or where a saved report holds something else. */
  observed<T>(probe: string, shape: z.ZodType<T>): T | null;
}

export function seenOf(endpoint: EndpointReport, options: ReportOptions): Seen {
  return {
    endpoint,
    options,
    finding: (probe) => endpoint.findings.find((finding) => finding.probe === probe) ?? null,
    observed(probe, shape) {
      const read = shape.safeParse(endpoint.observations[probe]);
      return read.success ? read.data : null;
    },
  };
}

const line = z.object({ text: z.string(), event: z.number() });

const replyShape = z.object({
  session: z.string(),
  code: z.number().nullable(),
  enhanced: z.string().nullable(),
  text: z.string(),
  lines: z.tuple([line], line),
  defects: z.array(z.any()),
});

const exchangeShape = z.object({
  command: z.string(),
  reply: replyShape,
  sentAt: z.number(),
  seconds: z.number(),
});

/** Of `hello`. */
export const helloShape = z.object({
  greeting: replyShape,
  ehlo: exchangeShape,
  localAddress: z.string(),
  remoteAddress: z.string(),
  tls: z.boolean(),
});

const phase = z.object({
  tls: z.boolean(),
  ehlo: exchangeShape,
  trials: z.array(z.object({ mechanism: z.string(), exchange: exchangeShape })),
});

/** Of `auth-before-tls` and `auth-after-tls`; other kinds have no list. */
export const authShape = z.object({ kind: z.literal('asked'), phase });

/** Of `starttls-works`. */
export const startTlsShape = z.object({
  kind: z.enum(['refused', 'failed', 'established']),
  exchange: exchangeShape,
  ehlo: exchangeShape.nullable().optional(),
});

/** Of `open-relay`. */
export const relayShape = z.object({
  phases: z.array(
    z.object({
      tls: z.boolean(),
      openings: z.array(
        z.object({
          external: z.string(),
          mail: exchangeShape.nullable(),
          rcpt: exchangeShape.nullable(),
          controls: z.array(z.object({ recipient: z.string(), exchange: exchangeShape })),
        }),
      ),
    }),
  ),
});

/** Of `rcpt-oracle`. */
export const recipientsShape = z.object({
  rounds: z.array(
    z.object({
      tls: z.boolean(),
      domain: z.string().nullable(),
      mail: exchangeShape.nullable(),
      answers: z.array(z.object({ name: z.string(), recipient: z.string(), exchange: exchangeShape })),
    }),
  ),
});

/** Of `vrfy`. */
export const namesShape = z.object({
  phases: z.array(z.object({ tls: z.boolean(), answers: z.array(z.object({ exchange: exchangeShape })) })),
});

/** Of `message-size`. */
export const sizeShape = z.object({
  ehlo: exchangeShape.nullable(),
  tls: z.boolean(),
  trials: z.array(z.object({ size: z.number().nullable(), exchange: exchangeShape })),
});

/** Of `error-limit`. */
export const errorsShape = z.object({ exchanges: z.array(exchangeShape) });

/** Of `auth-state`. */
export const authRulesShape = z.object({ unlisted: exchangeShape.nullable() });

/** Of the probes that measure a limit on clients: `none` where nothing was refused. */
export const outcomeShape = z.object({ result: z.object({ outcome: z.string() }) });
