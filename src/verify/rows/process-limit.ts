import type { Configured } from '../../model/verification.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type RowContext } from '../row.ts';
import { figure, toldIn, untold } from '../untold.ts';
import { numberOf } from '../values.ts';
import { whereOf } from '../where.ts';

/** The processes that a service may have: of its line in master.cf, or `default_process_limit` where that says `-`. */
export function processLimitOf({ service, configuration }: RowContext): Configured {
  if (service.maxproc !== null) {
    const line = service.line === null ? 'master.cf' : `master.cf:${service.line}`;
    return { value: String(service.maxproc), where: `maxproc, ${line}` };
  }
  const setting = service.setting('default_process_limit');
  return { value: setting.value, where: whereOf(setting, configuration) };
}

/** Shows only to a client that may hold as many connections as the service has processes. */
export const processLimit = defineRow({
  directive: 'default_process_limit',
  probes: ['connection-count'],
  configured: processLimitOf,

  compare(value, context) {
    const limit = numberOf(value);
    const told = toldIn(context.shown, 'connection-count');
    const held = figure(told, 'held');
    if (limit === null) return notTold(`"${value}" is no number`);
    if (told === null || held === null) return untold(context.shown, 'connection-count');
    const { evidence } = told;
    const pool = told.measured.kind === 'process-pool';
    if (limit > 0 && held > limit)
      return contradicted(`${held} greeted at once`, `more than ${limit} processes answered`, evidence);
    if (pool) {
      const seen = `${held} held, then no greeting`;
      if (held === limit)
        return confirmed(seen, 'with as many connections open as there are processes, nobody greets', evidence);
      return notTold(
        `${held} of ${limit} were ours when none was left: others held the rest, or the limit is lower`,
        seen,
        evidence,
      );
    }
    const client = numberOf(context.service.setting('smtpd_client_connection_count_limit').value ?? '') ?? 0;
    if (client > 0 && (limit === 0 || client < limit))
      return notVisible(
        `no client may hold more than ${client} connections (smtpd_client_connection_count_limit): the ${limit} processes do not run out`,
      );
    return notTold(
      `${held} connections did not use them up: it needs --max-events ${limit + 1}`,
      `${held} at once`,
      evidence,
    );
  },
});
