import { compareLimit } from '../compare-limit.ts';
import { defineRow, notTold, notVisible } from '../row.ts';
import { figure, toldIn } from '../untold.ts';
import { numberOf } from '../values.ts';
import { processLimitOf } from './process-limit.ts';

const words = {
  probe: 'connection-count',
  events: 'connections at once',
  tried: 'held',
  exceptions: 'smtpd_client_event_limit_exceptions',
} as const;

/** How many connections one client may hold. Where the service has fewer processes than that, they run out first. */
export const connectionCount = {
  words,
  ...defineRow({
    directive: 'smtpd_client_connection_count_limit',
    probes: ['connection-count'],

    compare(value, context) {
      const told = toldIn(context.shown, 'connection-count');
      if (told?.measured.kind !== 'process-pool') return compareLimit(value, context, words);
      const held = figure(told, 'held') ?? 0;
      const limit = numberOf(value) ?? 0;
      const processes = processLimitOf(context).value;
      const seen = `${held} held, then no greeting`;
      if (limit === 0 || held <= limit) {
        const because = `the service has ${processes ?? 'so few'} processes: they run out before a client reaches ${limit === 0 ? 'any limit' : limit}`;
        return notVisible(because, seen, told.evidence);
      }
      return notTold(
        'more were held than the file allows, before the processes ran out: the server may exempt us',
        seen,
        told.evidence,
      );
    },
  }),
} as const;
