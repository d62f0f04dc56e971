import type { z } from 'zod';
import type { Probe } from '../kit/domain-probe.ts';
import { type Report, reportShape } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import { upgraded } from './older-reports.ts';

/**
 * A report of schema 1 that was saved, checked whole: what the model says of a report, and what each probe says of its
 * observation. Fails with a `UsageError` that names the wrong field by its path. Observations of probes that are not
 * known stay unchecked.
 */
export async function savedReport(value: unknown, probes: readonly Probe[]): Promise<Report> {
  const { z } = await import('zod');
  const saved = upgraded(value);
  const read = reportShape(z).safeParse(saved);
  if (!read.success) throw damaged(read.error, [], saved);
  for (const { path, observations } of observed(read.data))
    for (const { id, data } of probes) {
      if (data === null || !Object.hasOwn(observations, id)) continue;
      const fits = data(z).safeParse(observations[id]);
      if (!fits.success) throw damaged(fits.error, [...path, 'observations', id], saved);
    }
  // What no shape knows (an addition of a later version) stays in it.
  return saved as Report;
}

/** What was observed of each target and each endpoint, and where that stands. */
const observed = ({ targets, endpoints }: Pick<Report, 'targets' | 'endpoints'>) => [
  ...targets.map(({ observations = {} }, at) => ({ path: ['targets', at], observations })),
  ...endpoints.map(({ observations }, at) => ({ path: ['endpoints', at], observations })),
];

type Path = readonly PropertyKey[];

function damaged({ issues }: z.ZodError, base: Path, saved: unknown): UsageError {
  const issue = deepest(issues);
  const path = [...base, ...issue.path];
  const what = valueAt(saved, path) === undefined ? 'is missing' : `is not right: ${issue.message}`;
  return new UsageError(`is damaged: ${inWords(path)} ${what}`);
}

/** Of the ways in which a value fits none of several, the one that came farthest. */
function deepest(issues: readonly z.core.$ZodIssue[]): { readonly path: Path; readonly message: string } {
  const all = issues.flatMap((issue): { path: Path; message: string }[] => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
    const inner = deepest(issue.errors.flat());
    return [{ path: [...issue.path, ...inner.path], message: inner.message }];
  });
  const [first = { path: [], message: 'unknown' }] = all.toSorted((a, b) => b.path.length - a.path.length);
  return first;
}

const inWords = (path: Path): string =>
  path.reduce<string>((name, step) => {
    if (typeof step === 'number') return `${name}[${step}]`;
    return name === '' ? String(step) : `${name}.${String(step)}`;
  }, '') || 'the report';

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((inner: unknown, step) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    return Object.entries(inner).find(([name]) => name === String(step))?.[1];
  }, value);
}
