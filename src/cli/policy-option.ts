import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { idleWaivers } from '../model/marks.ts';
import { didYouMean } from '../model/nearest.ts';
import type { Policy } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import { reportedIn } from '../model/reported.ts';
import { UsageError } from '../model/usage-error.ts';
import { whyNot } from '../model/why-not.ts';
import type { CommandLine } from './arguments.ts';

/**
 * The policy that `--policy` names, a built-in or a file; null where it is not given. The readers of YAML are loaded
 * only here.
 */
export async function readPolicyOption(given: CommandLine, probes: readonly string[]): Promise<Policy | null> {
  const named = given.one('policy');
  if (named === null) return null;
  const { builtIns } = await import('../policy/built-in/built-ins.ts');
  const { readPolicy } = await import('../policy/read-policy.ts');
  const text = Object.hasOwn(builtIns, named) ? (builtIns[named] ?? '') : await contents(named, Object.keys(builtIns));
  return readPolicy(text, { file: named, name: plain(basename(named, extname(named))), probes });
}

/** A file may be called what it likes; a policy has a name that every format can show. */
const plain = (name: string): string => name.replace(/[^\w .-]/g, '-').slice(0, 80) || 'policy';

/** The policy that a saved report was judged by; null where it keeps none. */
export async function keptPolicy(report: Report, file: string, probes: readonly string[]): Promise<Policy | null> {
  const { policy } = report;
  if (policy === undefined) return null;
  const asked = reportedIn(report).flatMap(({ findings }) => findings.map(({ probe }) => probe));
  const { policyOf } = await import('../policy/read-policy.ts');
  const source = { file: `"${file}" is damaged: policy`, name: 'default', probes: [...new Set([...probes, ...asked])] };
  return policyOf(policy, source);
}

/** The waivers that nothing in a report has use for, one line each: they can go, or name the wrong thing. */
export function idleLines(report: Report): string[] {
  const { policy } = report;
  return idleWaivers(reportedIn(report), policy ?? { waivers: [] }).map(
    ({ probe, endpoint, verdict = 'fail', until }) =>
      `the waiver of ${probe}${endpoint === undefined ? '' : ` at ${endpoint}`} until ${until} matches nothing: no such ${verdict} was found`,
  );
}

async function contents(name: string, known: readonly string[]): Promise<string> {
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    const isBare = /^[\w-]+$/.test(name);
    if (!isBare) throw new UsageError(`--policy: "${name}" cannot be read: ${whyNot(error)}`);
    throw new UsageError(
      `--policy: "${name}" is no built-in policy${didYouMean(name, known)}; there are ${known.join(', ')}, and as a file it cannot be read: ${whyNot(error)}`,
    );
  }
}
