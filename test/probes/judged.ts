import { expect } from 'vitest';
import type { DefinedProbe } from '../../src/kit/probe.ts';
import type { Judgement } from '../../src/model/judgement.ts';
import { defaultPolicy, type Policy } from '../../src/model/policy.ts';

/**
 * What a probe's judge says of data, `given` by probe id. As the engine, it sees only what survives being stored. The
 * verdict with its weight, its doubt and cause, and every quote is held against the snapshot of the test: a row that
 * names the verdict alone still fails where another line is quoted.
 */
export function judge(
  probe: DefinedProbe,
  data: unknown,
  given: Record<string, unknown> = {},
  policy: Partial<Policy> = {},
): Judgement {
  const stored = JSON.parse(JSON.stringify({ data, given })) as { data: unknown; given: Record<string, unknown> };
  const judgement = probe.judge(stored.data, stored.given, { ...defaultPolicy, ...policy });
  if (judgement.verdict === 'fail') expectHeadline(judgement);
  expect(inFull(judgement)).toMatchSnapshot();
  return judgement;
}

/** Every fail has its sentence for people: short, plain, without a full stop. */
export function expectHeadline({ headline }: { readonly headline?: string }): void {
  expect(headline).toMatch(/^[A-Z].{10,98}[^.]$/);
}

/** `fail low: 250 2.1.5 Ok | 550 No such user`. */
function inFull(judgement: Judgement): string {
  const quotes = 'evidence' in judgement ? judgement.evidence.map((cite) => cite?.quote) : [];
  const { severity = '', cause = '' } = { severity: undefined, cause: undefined, ...judgement };
  return `${[said(judgement), severity, cause].filter((word) => word !== '').join(' ')}: ${quotes.join(' | ')}`;
}

/** `pass`, `inconclusive(timeout)`… */
export function said(judgement: Judgement): string {
  return judgement.verdict === 'inconclusive' ? `inconclusive(${judgement.doubt})` : judgement.verdict;
}
