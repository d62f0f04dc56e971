import type { Report } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import { readInput } from './files.ts';
import type { Io } from './io.ts';

/**
 * A report of schema 1 saved in a file, or given on standard input as `-`, checked whole; else a `UsageError` that says
 * what is wrong with it.
 */
export async function readReport(name: string, io: Io): Promise<Report> {
  return await asReport(await readInput(name, io), name);
}

async function asReport(text: string, name: string): Promise<Report> {
  const value = parsed(text, name);
  if (typeof value !== 'object' || value === null || !('schema' in value))
    throw unfit(name, 'is no mxprobe report: save one with scan --format json');
  if (value.schema !== 1)
    throw unfit(name, `is a report of schema ${JSON.stringify(value.schema)}; this version reads schema 1`);
  const [{ savedReport }, { probes }] = await Promise.all([
    import('../scan/saved-report.ts'),
    import('../../probes/index.ts'),
  ]);
  try {
    return await savedReport(value, probes);
  } catch (error) {
    throw error instanceof UsageError ? unfit(name, `${error.message}; scan again with --format json`) : error;
  }
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

const unfit = (name: string, problem: string): UsageError => new UsageError(`"${name}" ${problem}`);
