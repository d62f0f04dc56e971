import type { Report } from '../../model/report.ts';
import type { ComparedScan } from './diff.ts';

/** Which scan a report is of. */
export function comparedScan({ tool, startedAt, finishedAt, options, policy }: Report): ComparedScan {
  return {
    version: tool.version,
    startedAt,
    finishedAt,
    allow: options.allow,
    policy: policy?.name ?? String(options.policy ?? 'default'),
  };
}

/** Why a difference may be ours and not the server's. */
export function notesOn(before: Report, after: Report): string[] {
  const [was, is] = [comparedScan(before), comparedScan(after)];
  const common = after.endpoints.filter(({ id }) => before.endpoints.some((endpoint) => endpoint.id === id));
  return [
    ...(is.startedAt < was.startedAt ? ['the second report is the older one: the order is <before> <after>'] : []),
    ...(common.length === 0 ? ['the two have no endpoint in common'] : []),
    ...(was.allow === is.allow
      ? []
      : [`allowed was ${was.allow}, and is ${is.allow}: what only one of them asks is not compared, but for fails`]),
    ...(JSON.stringify(before.policy ?? null) === JSON.stringify(after.policy ?? null) && was.policy === is.policy
      ? []
      : [`the policies differ (${was.policy}, ${is.policy}): mxprobe judge gives both reports the same`]),
    ...(was.version === is.version ? [] : [`judged by versions ${was.version} and ${is.version}`]),
    ...(before.options.helo === after.options.helo
      ? []
      : [`the EHLO name was ${before.options.helo}, and is ${after.options.helo}`]),
  ];
}
