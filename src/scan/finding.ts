import { createHash } from 'node:crypto';
import { fixSeen, type SeenServer } from '../kit/fix-seen.ts';
import type { CatalogueEntry } from '../kit/probe.ts';
import { hindered, type Inconclusive, type Judgement, type Told } from '../model/judgement.ts';
import type { Policy } from '../model/policy.ts';
import type { Finding } from '../model/report.ts';
import { TroubleError } from '../wire/trouble-error.ts';

/** A defect of ours, made visible. */
export interface Bug {
  readonly verdict: 'error';
  readonly because: string;
}

export function judgementOfError(error: unknown): Judgement | Bug {
  if (error instanceof TroubleError) return hindered(error.trouble);
  const where =
    error instanceof Error ? (/^ +at .*?(?<![\w-])([\w-]+\.[jt]s:\d+)/m.exec(error.stack ?? '')?.[1] ?? '') : '';
  return {
    verdict: 'error',
    because: `internal error: ${error instanceof Error ? error.message : String(error)}${where === '' ? '' : ` (${where})`}`,
  };
}

/** What a finding is about: an endpoint, or a domain by its own name. */
type Asked = SeenServer & { readonly id: string };

/** The finding that a judgement makes. */
export function findingOf(
  probe: Pick<CatalogueEntry, 'id' | 'question' | 'severity' | 'fix'>,
  asked: Asked,
  judgement: Judgement | Bug,
  policy: Policy,
): Finding {
  const { id, question } = probe;
  const told = 'evidence' in judgement ? judgement : null;
  const ofJudge = judgement.verdict === 'pass' || judgement.verdict === 'fail' ? judgement.severity : undefined;
  return {
    probe: id,
    question,
    verdict: judgement.verdict,
    severity: policy.severities[id] ?? ofJudge ?? probe.severity,
    ...(judgement.verdict === 'inconclusive' ? doubtAndCause(judgement) : {}),
    because: judgement.because,
    ...(judgement.verdict === 'fail' ? forPeople(judgement) : {}),
    ...(told?.measured === undefined ? {} : { measured: told.measured }),
    evidence: told?.evidence ?? [],
    ...(judgement.verdict === 'fail' ? { fix: fixSeen(id, probe.fix, asked, told?.measured) } : {}),
    fingerprint: createHash('sha256').update(`${asked.id} ${id}`).digest('hex').slice(0, 16),
  };
}

const forPeople = ({ headline, likely }: Told) => ({
  ...(headline === undefined ? {} : { headline }),
  ...(likely === undefined ? {} : { likely }),
});

const doubtAndCause = ({ doubt, cause }: Inconclusive) => ({ doubt, ...(cause === undefined ? {} : { cause }) });
