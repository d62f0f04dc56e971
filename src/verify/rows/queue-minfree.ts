import { cite, isPositive } from '../../model/reply.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible } from '../row.ts';
import { toldIn, untold } from '../untold.ts';
import { numberOf } from '../values.ts';

/** A thousand terabytes: no disk has so much free. */
const beyondAnyDisk = 1e15;

/** Below it MAIL is refused with 452. How much is free cannot be seen; that there is too little can. */
export const queueMinfree = defineRow({
  directive: 'queue_minfree',
  probes: ['queue-space', 'message-size'],

  compare(value, { shown }) {
    const least = numberOf(value);
    if (least === null) return notTold(`"${value}" is no number`);
    const replies = (shown.observed('message-size')?.trials ?? []).map(({ exchange }) => exchange.reply);
    const taken = replies.find(isPositive);
    const full = toldIn(shown, 'queue-space');
    if (taken !== undefined) {
      const seenIs = 'MAIL is taken';
      if (least === 0) return confirmed(seenIs, 'nothing is held back', cite(taken));
      if (least >= beyondAnyDisk)
        return contradicted(seenIs, `no disk has ${least} octets free, so MAIL should be refused`, cite(taken));
      return notVisible('it has more room than that, and how much does not show', seenIs, [cite(taken)]);
    }
    if (full?.verdict === 'fail') {
      if (least > 0)
        return confirmed(
          'MAIL is refused for want of storage',
          'there is less room than the file wants',
          full.evidence,
        );
      return notTold('the disk is full, or another value is in force', 'MAIL is refused for want of storage', [
        ...full.evidence,
      ]);
    }
    return untold(shown, 'queue-space', 'MAIL was not answered');
  },
});
