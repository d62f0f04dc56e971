import type { Report } from './report.ts';

/** The report of a scan that was ended before its end: what was known by then, and never all clear. */
export function cutShort(report: Report): Report {
  return { ...report, stopped: true, summary: { ...report.summary, exitCode: report.summary.exitCode || 2 } };
}
