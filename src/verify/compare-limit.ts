import type { Finding } from '../model/report.ts';
import { confirmed, contradicted, notTold, notVisible, type Outcome, quoted, type RowContext } from './row.ts';
import { outcomeShape } from './seen.ts';
import { figure, untold } from './untold.ts';
import { numberOf } from './values.ts';

export interface LimitWords {
  readonly probe: string;
  /** What is counted, such as `connections`. */
  readonly events: string;
  /** Where the probe has the number of those that were let through. */
  readonly tried: 'tried' | 'held';
  /** Clients that are not counted at all, where there are such. */
  readonly exceptions: 'smtpd_client_event_limit_exceptions' | null;
}

/** Holds a limit of the file (0: none) against the one that a probe measured. */
export function compareLimit(value: string, context: RowContext, words: LimitWords): Outcome {
  const limit = numberOf(value);
  if (limit === null) return notTold(`"${value}" is no number`);
  const finding = context.seen.finding(words.probe);
  const measured = figure(finding, 'limit');
  const evidence = quoted(finding?.evidence ?? []);
  if (finding !== null && measured !== null && evidence !== null) {
    const seen = `${measured} ${words.events}${windowOf(finding)}`;
    if (measured === limit) return confirmed(seen, 'the limit of the file is the one that is kept to', evidence);
    const because =
      limit === 0 ? 'the file sets no limit, and there is one' : `${limit} in the file, ${measured} kept to`;
    return contradicted(seen, because, evidence);
  }
  const through = figure(finding, words.tried);
  if (finding === null || through === null || !isUnlimited(finding, context) || evidence === null)
    return untold(words.probe, finding) ?? notTold(finding?.because ?? '');
  return compareWithNone({ limit, through, finding, evidence }, context, words);
}

/** Nothing was refused, be it with a verdict, or without one because the server may leave us out. */
function isUnlimited({ verdict, measured, probe }: Finding, { seen }: RowContext): boolean {
  if (verdict === 'fail') return measured?.kind !== 'process-pool';
  return seen.observed(probe, outcomeShape)?.result.outcome === 'none';
}

interface None {
  readonly limit: number;
  readonly through: number;
  readonly finding: Finding;
  readonly evidence: NonNullable<ReturnType<typeof quoted>>;
}

function compareWithNone({ limit, through, finding, evidence }: None, context: RowContext, words: LimitWords): Outcome {
  const seen = `none within ${through} ${words.events}`;
  const exempt = exemption(context, words);
  if (limit === 0) {
    if (exempt !== null) return notVisible(`${exempt}: a limit would not show either`, seen, evidence);
    if (finding.verdict !== 'fail') return notTold(finding.because, seen, evidence);
    return confirmed(seen, `no limit up to ${through}; a higher one would not have shown`, evidence);
  }
  if (exempt !== null)
    return notTold(`${exempt}, so that this limit does not count us: scan from an address that is not`, seen, evidence);
  if (through <= limit)
    return notTold(`${limit} is more than the scan may try: it needs --max-events ${limit + 1}`, seen, evidence);
  if (finding.verdict !== 'fail') return notTold(finding.because, seen, evidence);
  const counted =
    words.exceptions === null
      ? ''
      : `, or the server takes us for one of ${words.exceptions} (a proxy or NAT in front?)`;
  return contradicted(
    seen,
    `${limit} in the file, and number ${limit + 1} was let through: it is not in force${counted}`,
    evidence,
  );
}

/** That the file itself leaves us out; null where it does not, or where that is not known. */
export function exemption({ service, standing }: RowContext, { exceptions }: LimitWords): string | null {
  if (exceptions === null) return null;
  const { value, place } = service.setting(exceptions);
  if (value === null || standing.isIn(value) !== 'in') return null;
  const where = place === null ? '' : ` (${place.file}:${place.line})`;
  return `${standing.words} is in ${exceptions} = ${value}${where}`;
}

function windowOf({ measured }: Finding): string {
  const { windowSeconds, windowAtLeast, windowAtMost } = measured ?? {};
  if (typeof windowSeconds === 'number') return ` in ${windowSeconds} s`;
  return typeof windowAtLeast === 'number' ? ` in ${windowAtLeast} to ${windowAtMost} s` : '';
}
