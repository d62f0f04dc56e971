import { cite, ehloKeywords, isNegative, type Reply } from '../model/reply.ts';
import type { Cite } from '../model/transcript.ts';
import type { Observations } from '../observations.ts';
import { clearEhlo, insideEhlo } from './ehlo.ts';
import type { RowContext } from './row.ts';
import type { Shown } from './shown.ts';
import { isOn } from './values.ts';

/** What EHLO says of AUTH on one side of STARTTLS, and what AUTH itself was told there. */
export interface AuthSide {
  readonly mechanisms: readonly string[];
  /** The old spelling, `AUTH=PLAIN`. */
  readonly legacy: Cite | null;
  /** The line that lists them; the last line of EHLO where none does. */
  readonly at: Cite;
  /** Answers to AUTH with a mechanism: 334 where it is there. */
  readonly works: readonly Cite[];
  readonly refused: readonly Cite[];
  readonly replies: readonly Reply[];
}

/** Both sides; null where that side was not seen, or is not there. */
export function authOf(shown: Shown): { readonly clear: AuthSide | null; readonly inside: AuthSide | null } {
  return {
    clear: sideOf(clearEhlo(shown), trialsIn(shown.observed('auth-before-tls'))),
    inside: sideOf(insideEhlo(shown), trialsIn(shown.observed('auth-after-tls'))),
  };
}

/** What AUTH was told, where it was asked. */
function trialsIn(seen: Observations['auth-before-tls'] | Observations['auth-after-tls'] | null): Reply[] {
  return seen?.kind === 'asked' ? seen.phase.trials.map(({ exchange }) => exchange.reply) : [];
}

function sideOf(ehlo: Reply | null, replies: readonly Reply[]): AuthSide | null {
  if (ehlo === null) return null;
  const lines = ehloKeywords(ehlo).filter(({ keyword }) => keyword === 'AUTH' || keyword.startsWith('AUTH='));
  const names = lines.flatMap(({ keyword, params }) => [...keyword.split('=').slice(1), ...params]);
  const old = lines.find(({ keyword }) => keyword.startsWith('AUTH='));
  const [first] = lines;
  return {
    mechanisms: [...new Set(names.map((name) => name.toUpperCase()).filter((name) => name !== ''))],
    legacy: old === undefined ? null : cite(ehlo, old.line),
    at: cite(ehlo, first?.line ?? ehlo.lines.length - 1),
    works: replies.filter(({ code }) => code === 334 || code === 235).map((reply) => cite(reply)),
    refused: replies.filter(isNegative).map((reply) => cite(reply)),
    replies,
  };
}

/**
 * Whether AUTH can be there before TLS at all, by the file: STARTTLS comes first with `encrypt`, and with
 * `smtpd_tls_auth_only`.
 */
export function isOnlyInside({ service }: RowContext): boolean {
  const level = service.setting('smtpd_tls_security_level').value ?? '';
  return isOn(service, 'smtpd_tls_auth_only') || demandsTls(level);
}

/** `encrypt`, and the levels of smtp(8) that smtpd takes for it. */
export const demandsTls = (level: string): boolean =>
  /^(encrypt|fingerprint|verify|secure|dane-only)$/i.test(level.trim());

/** smtpd hides AUTH from these clients, and takes it all the same. Null where nobody is hidden from. */
export function hiddenFrom({ service, us }: RowContext): string | null {
  const networks = service.setting('smtpd_sasl_exceptions_networks').value ?? '';
  if (networks.trim() === '' || us.isIn(networks) === 'out') return null;
  return `smtpd_sasl_exceptions_networks = ${networks} may hide AUTH from us`;
}
