import type { Report } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import { readInput } from './files.ts';
import type { Io } from './io.ts';

/** A report saved in a file, or given on standard input as `-`. */
export async function readReport(name: string, io: Io): Promise<Report> {
  return asReport(await readInput(name, io), name);
}

/** A report of schema 1 out of text, or a `UsageError` that says what is wrong with `name`. Checks what judging and printing lean on. */
function asReport(text: string, name: string): Report {
  const value = parsed(text, name);
  if (!isRecord(value) || !('schema' in value))
    throw unfit(name, 'is no mxprobe report: save one with scan --format json');
  if (value.schema !== 1) {
    throw unfit(name, `is a report of schema ${JSON.stringify(value.schema)}; this version reads schema 1`);
  }
  const problem = missing(value);
  if (problem !== null) throw unfit(name, `is damaged: ${problem}; scan again with --format json`);
  return value as unknown as Report;
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    const lines = text.trim().split('\n');
    const streamed = lines.length > 1 && lines[0]?.startsWith('{"type":');
    throw unfit(name, streamed ? 'is a stream of events (ndjson): save with --format json' : 'is not JSON');
  }
}

type Fields = Readonly<Record<string, unknown>>;
type Kind = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Kind = (value) => typeof value === 'string';
const isNumber: Kind = (value) => typeof value === 'number';
const listOf =
  (of: Kind): Kind =>
  (value) =>
    Array.isArray(value) && value.every(of);
const recordOf =
  (fields: Readonly<Record<string, Kind>>): Kind =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([field, kind]) => kind(value[field]));

const cite = recordOf({ session: isText, event: isNumber, quote: isText });

const report: Readonly<Record<string, Kind>> = {
  tool: recordOf({ name: isText, version: isText }),
  startedAt: isText,
  finishedAt: isText,
  options: recordOf({ allow: isText, helo: isText, failOn: isText }),
  targets: listOf(recordOf({ input: isText, endpoints: listOf(isText), notes: listOf(isText) })),
  endpoints: listOf(
    recordOf({
      id: isText,
      host: isText,
      address: isText,
      port: isNumber,
      role: isText,
      tls: isText,
      mta: isRecord,
      findings: listOf(
        recordOf({
          probe: isText,
          verdict: isText,
          severity: isText,
          because: isText,
          fingerprint: isText,
          evidence: listOf(cite),
        }),
      ),
      observations: isRecord,
      sessions: listOf(
        recordOf({ id: isText, events: listOf(recordOf({ at: isNumber, from: isText, probe: isText, text: isText })) }),
      ),
      cost: recordOf({
        connections: isNumber,
        commands: isNumber,
        bytesSent: isNumber,
        bytesReceived: isNumber,
        seconds: isNumber,
      }),
    }),
  ),
};

function missing(value: Fields): string | null {
  const field = Object.entries(report).find(([name, kind]) => !kind(value[name]))?.[0];
  return field === undefined ? null : `"${field}" is missing or not what it should be`;
}

const unfit = (name: string, problem: string): UsageError => new UsageError(`"${name}" ${problem}`);
