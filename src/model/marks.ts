import type { Policy, Waiver } from './policy.ts';
import { refusedDomains } from './refused-domains.ts';
import type { Finding } from './report.ts';
import type { Reported } from './reported.ts';
import { visible } from './visible.ts';

type Where = Pick<Reported, 'id' | 'host' | 'address' | 'port'>;
type Rules = Pick<Policy, 'waivers' | 'mustTell'>;

/**
 * A finding with what the policy says of it as such, whatever its judge said: waived, no longer waived, or a doubt that
 * must not be. Marks of an earlier policy come off. `day` as `2026-12-31` or a longer ISO date.
 */
export function marked(finding: Finding, where: Where, { waivers, mustTell }: Rules, day: string): Finding {
  const { waived: _waived, waiverOver: _over, mustTell: _must, ...bare } = finding;
  const fitting = waivers.filter((waiver) => covers(waiver, bare, where));
  const inForce = fitting.filter(({ until }) => until >= day.slice(0, 10));
  const latest = lastOf(inForce) ?? lastOf(fitting);
  const demanded = bare.verdict === 'inconclusive' && mustTell.includes(bare.probe);
  return {
    ...bare,
    ...(latest === null
      ? {}
      : { [inForce.length > 0 ? 'waived' : 'waiverOver']: { until: latest.until, reason: visible(latest.reason) } }),
    ...(demanded ? { mustTell: true } : {}),
  };
}

/** Waivers of a policy for which a report has nothing: what was asked gave no such finding. Not asked is no reason. */
export function idleWaivers(places: readonly Reported[], { waivers }: Pick<Policy, 'waivers'>): Waiver[] {
  const found = places.flatMap((where) => where.findings.map((finding) => ({ finding, where })));
  return waivers.filter(
    (waiver) =>
      found.some(({ finding }) => finding.probe === waiver.probe && finding.doubt !== 'not-permitted') &&
      !found.some(({ finding, where }) => covers(waiver, finding, where)),
  );
}

function covers(waiver: Waiver, finding: Finding, where: Where): boolean {
  const { probe, endpoint = '*', verdict = 'fail', domains } = waiver;
  if (finding.probe !== probe || finding.verdict !== verdict || finding.doubt === 'not-permitted') return false;
  if (domains !== undefined && !areKnown(refusedDomains(finding), domains)) return false;
  return namesOf(where).some((name) => fits(name.toLowerCase(), endpoint.toLowerCase()));
}

const areKnown = (refused: readonly string[], domains: readonly string[]): boolean =>
  refused.length > 0 &&
  refused.every((domain) => domains.some((pattern) => fits(domain.toLowerCase(), pattern.toLowerCase())));

/** What a waiver may call an endpoint, or a domain. */
function namesOf({ id, host, address = '', port }: Where): string[] {
  if (host === undefined) return [id];
  const literal = address.includes(':') ? `[${address}]` : address;
  return [id, host, `${host}:${port}`, address, literal, `${literal}:${port}`];
}

/** Whether a pattern stands for a name; `*` for any characters. Each part is looked for once, so no pattern is slow. */
function fits(name: string, pattern: string): boolean {
  const [front = '', ...parts] = pattern.split('*');
  const back = parts.pop();
  if (back === undefined) return name === front;
  if (!name.startsWith(front) || !name.endsWith(back)) return false;
  let at = front.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + back.length <= name.length;
}

const lastOf = (waivers: readonly Waiver[]): Waiver | null =>
  waivers.toSorted((a, b) => a.until.localeCompare(b.until)).at(-1) ?? null;
