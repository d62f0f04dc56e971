import { expect } from 'vitest';
import { compareReports, judgeAgain, pluginStateOf, type Report, toHtml } from '../../src/index.ts';

/**
 * Holds that nothing is decided by the words of our own sentences: with every `because` and every remark of the
 * scanner's replaced by one constant, all that is judged, settled, compared and drawn stays the same.
 */
export function expectTextIsLast(report: Report): void {
  const saved = JSON.parse(JSON.stringify(report)) as Report;
  const told = judgeAgain(saved);
  const mute = judgeAgain(withoutWords(saved));
  expect(verdictsOf(mute)).toEqual(verdictsOf(told));
  expect(mute.summary).toEqual(told.summary);
  expect(pluginStateOf(mute)).toBe(pluginStateOf(told));
  expect(compareReports(told, mute).summary).toEqual(compareReports(told, told).summary);
  expect(drawn(mute)).toEqual(drawn(told));
}

/** The one constant; such words as somebody might look for are in it. */
const noWords = 'ECONNREFUSED EHLO was refused TLS connected nothing within';

function withoutWords(report: Report): Report {
  const remarks = new Set(
    report.endpoints.flatMap(({ id, sessions }) =>
      sessions.flatMap((session) =>
        session.events.flatMap(({ from }, event) => (from === 'scanner' ? [`${id} ${session.id} ${event}`] : [])),
      ),
    ),
  );
  const mute = (endpoint: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((one) => mute(endpoint, one));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).map(([name, one]) => [name, mute(endpoint, one)] as const);
    const made: Record<string, unknown> = Object.fromEntries(fields);
    if (typeof made.because === 'string') made.because = noWords;
    if (made.from === 'scanner') made.text = noWords;
    if (remarks.has(`${endpoint} ${String(made.session)} ${String(made.event)}`)) made.quote = noWords;
    return made;
  };
  return {
    ...report,
    endpoints: report.endpoints.map((endpoint) => mute(endpoint.id, endpoint) as Report['endpoints'][number]),
  };
}

const verdictsOf = (report: Report) =>
  report.endpoints.map(({ id, findings }) => [
    id,
    findings.map(({ probe, verdict, severity, doubt = '', cause = '' }) => [probe, verdict, severity, doubt, cause]),
  ]);

/** The pictures of a page, without any text. */
const drawn = (report: Report): string[] =>
  [...toHtml(report).matchAll(/<svg.*?<\/svg>|<td class="[^"]*"/gs)].map(([picture]) =>
    picture.replaceAll(/>[^<]*</g, '><').replaceAll(/ (aria-\w+|title|id)="[^"]*"/g, ''),
  );
