import { confirmed, contradicted, notTold, notVisible, type Outcome, type RowContext } from './row.ts';
import type { Told } from './shown.ts';
import { figure, toldIn, untold } from './untold.ts';
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
  const told = toldIn(context.shown, words.probe);
  if (told === null) return untold(context.shown, words.probe);
  const exempt = exemption(context, words);
  const measured = figure(told, 'limit');
  if (measured !== null) {
    const seen = `${measured} ${words.events}${windowOf(told)}`;
    if (exempt?.isSure)
      return notTold(`${exempt.words}, and a limit counts us: scan from an address that is not`, seen, told.evidence);
    if (measured === limit) return confirmed(seen, 'the limit of the file is the one that is kept to', told.evidence);
    const because =
      limit === 0 ? 'the file sets no limit, and there is one' : `${limit} in the file, ${measured} kept to`;
    return contradicted(seen, because, told.evidence);
  }
  const through = figure(told, words.tried);
  if (through === null || told.verdict !== 'fail' || told.measured.kind === 'process-pool')
    return untold(context.shown, words.probe, told.because);
  return compareWithNone({ limit, through, told, exempt }, words);
}

interface None {
  readonly limit: number;
  readonly through: number;
  readonly told: Told;
  readonly exempt: Exemption | null;
}

function compareWithNone({ limit, through, told, exempt }: None, words: LimitWords): Outcome {
  const { evidence } = told;
  const seen = `none within ${through} ${words.events}`;
  if (limit === 0) {
    if (exempt !== null) return notVisible(`${exempt.words}: a limit would not show either`, seen, evidence);
    return confirmed(seen, `no limit up to ${through}; a higher one would not have shown`, evidence);
  }
  if (exempt !== null)
    return notTold(
      `${exempt.words}, so that this limit does not count us: scan from an address that is not`,
      seen,
      evidence,
    );
  if (through <= limit)
    return notTold(`${limit} is more than the scan may try: it needs --max-events ${limit + 1}`, seen, evidence);
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

/** That the file leaves us out of a limit. */
interface Exemption {
  readonly words: string;
  /** False: whether it does cannot be told from the file. */
  readonly isSure: boolean;
}

/** Null where the file does not leave us out. */
function exemption({ service, us }: RowContext, { exceptions }: LimitWords): Exemption | null {
  if (exceptions === null) return null;
  const { value, place } = service.setting(exceptions);
  const membership = us.isIn(value ?? 'unknown');
  if (membership === 'out') return null;
  const isSure = membership !== 'unknown';
  const where = place === null ? '' : ` (${place.file}:${place.line})`;
  const list = value === null ? exceptions : `${exceptions} = ${value}`;
  return { words: `${us.words} ${isSure ? 'is' : 'may be'} in ${list}${where}`, isSure };
}

function windowOf({ measured }: Told): string {
  const { windowSeconds, windowAtLeast, windowAtMost } = measured;
  if (typeof windowSeconds === 'number') return ` in ${windowSeconds} s`;
  return typeof windowAtLeast === 'number' ? ` in ${windowAtLeast} to ${windowAtMost} s` : '';
}
