import { expect } from 'vitest';
import { z } from 'zod';
import { probes } from '../../probes/index.ts';
import type { Report } from '../../src/index.ts';

/** What was observed, once stored, is as the probe's own description says. */
export function expectObservationsToFit(report: Report): void {
  const stored: Report = JSON.parse(JSON.stringify(report));
  const misfits = stored.endpoints.flatMap(({ observations }) =>
    Object.entries(observations).flatMap(([id, data]) => {
      const shape = probes.find((probe) => probe.id === id)?.data ?? null;
      const read = shape === null ? { success: true as const } : shape(z).safeParse(data);
      return read.success ? [] : [`${id}: ${z.prettifyError(read.error)}`];
    }),
  );
  expect(misfits).toEqual([]);
}
