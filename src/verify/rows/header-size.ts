import { confirmed, contradicted, defineRow, notTold, notVisible } from '../row.ts';
import { isTold, type Silent } from '../shown.ts';
import { figure, untold } from '../untold.ts';

/** Octets by which the length of what came out may miss the limit: a folded line that was sent has three. */
const resolution = 2;

/** cleanup throws away what is too much, and says nothing: the mailbox that the message went to shows it. */
export const headerSizeLimit = defineRow({
  directive: 'header_size_limit',
  scope: 'host',
  probes: ['header-limit'],

  compare(value, { shown }) {
    const told = shown.told('header-limit');
    if (!isTold(told)) return isAsked(told) ? untold(shown, 'header-limit') : unseen;
    const { evidence } = told;
    const limit = figure(told, 'limit');
    const sent = figure(told, 'sent');
    const wanted = Number(value);
    if (limit !== null) {
      const seen = `a field is cut at ${limit} to ${limit + resolution} octets`;
      return wanted >= limit && wanted <= limit + resolution
        ? confirmed(seen, 'that is the limit', evidence)
        : contradicted(seen, 'the file has another limit', evidence);
    }
    if (sent === null || figure(told, 'refused') !== null)
      return notTold('the message with a long field was refused, which Postfix itself does not do', null, evidence);
    const whole = `a field of ${sent} octets arrives whole`;
    return wanted >= sent
      ? confirmed(whole, 'the limit is above that', evidence)
      : contradicted(whole, 'the file has it cut', evidence);
  },
});

const unseen = notVisible(
  'what is too much is cut off a message without a word: it shows only in a mailbox of your own (--allow intrusive --inbox)',
);

/** Whether a message was sent. */
const isAsked = ({ verdict, doubt }: Silent): boolean =>
  verdict !== null && doubt !== 'not-permitted' && doubt !== 'prerequisite';
