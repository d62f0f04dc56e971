import type { DefinedProbe } from '../../src/kit/probe.ts';
import type { Judgement } from '../../src/model/judgement.ts';
import { defaultPolicy, type Policy } from '../../src/model/policy.ts';

/** What a probe's judge says of data, `given` by probe id. As the engine, it sees only what survives being stored. */
export function judge(
  probe: DefinedProbe,
  data: unknown,
  given: Record<string, unknown> = {},
  policy: Partial<Policy> = {},
): Judgement {
  const stored = JSON.parse(JSON.stringify({ data, given })) as { data: unknown; given: Record<string, unknown> };
  return probe.judge(stored.data, stored.given, { ...defaultPolicy, ...policy });
}

/** `pass`, `inconclusive(timeout)`… */
export function said(judgement: Judgement): string {
  return judgement.verdict === 'inconclusive' ? `inconclusive(${judgement.doubt})` : judgement.verdict;
}
