import type { Report } from '../model/report.ts';
import { pieces } from './html/page.tsx';

/**
 * One self-contained page: no script but that of the copy buttons, no request, light and dark, for screens, phones and
 * paper.
 */
export function toHtml(report: Report): string {
  return [...htmlParts(report)].join('');
}

/** The same in parts, one an endpoint: a report on hundreds of servers never stands in memory as one text. */
export function htmlParts(report: Report): Generator<string> {
  return pieces(report);
}
