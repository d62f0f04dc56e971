import { expect } from 'vitest';
import type { Report } from '../../src/model/report.ts';

/** No pass and no fail without a quote, and every quote stands in the transcript where it is said to stand. */
export function expectQuotesToStand(report: Report): void {
  for (const { findings, sessions } of report.endpoints) {
    for (const { probe, verdict, evidence } of findings) {
      if (verdict === 'pass' || verdict === 'fail')
        expect(evidence.length, `${probe}: ${verdict} without a quote`).toBeGreaterThan(0);
      for (const { session, event, quote } of evidence) {
        const said = sessions.find(({ id }) => id === session)?.events[event]?.text;
        expect(said, `${probe} quotes ${session}/${event}`).toBe(quote);
      }
    }
  }
}
