import { z } from 'zod';
import { brief } from '../../model/host-port.ts';
import { UsageError } from '../../model/usage-error.ts';
import { mailAddress } from '../../scan/option-values.ts';
import { cronProblem } from '../schedule/cron.ts';
import { windowForm, windowOf } from '../schedule/window.ts';
import { zoneProblem } from '../schedule/zone.ts';
import { durationForm, durationOf, durationText } from './duration.ts';

/** What a name in the file may be: it stands in URLs, metrics and file names. */
export const nameForm = '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$';

/** A name of one's own for something, as a key. */
export const nameKey = z.string().regex(new RegExp(nameForm));

/** A text with a check: `problem` gives the rest of a sentence that begins with the text, or null. */
export const text = (about: string, problem: (text: string) => string | null, meta: object = {}) =>
  z
    .string()
    .superRefine((value, context) => {
      const wrong = problem(value);
      if (wrong !== null) context.addIssue({ code: 'custom', message: `: "${brief(value)}" ${wrong}` });
    })
    .meta({ description: about, ...meta });

/** The same by a reader of the command line, which throws a `UsageError` that begins with the option, here ''. */
export const readBy = (about: string, read: (option: string, text: string) => unknown) =>
  z
    .string()
    .superRefine((value, context) => {
      const message = refusalOf(() => read('', value));
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .meta({ description: about });

/** An address of somebody who is told, in a part of the file where nothing that is wrong is shown. */
export const mailbox = (about: string) =>
  z
    .string()
    .superRefine((value, context) => {
      if (refusalOf(() => mailAddress('', value)) !== null)
        context.addIssue({ code: 'custom', message: ' is no mail address: write user@example.com' });
    })
    .meta({ description: about });

/** What a reader says against a value; null where it takes it. */
function refusalOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** From `least` to `most`, both durations as written. */
export const duration = (about: string, least = '0s', most = '10y') =>
  text(
    about,
    (value) => {
      const read = durationOf(value);
      if (read === null) return 'is no duration: write a number and s, m, h, d, w or y, such as 2m';
      const [low = 0, high = 0] = [least, most].map(durationOf).map(Number);
      if (read >= low && read <= high) return null;
      return `is too ${read < low ? 'short' : 'long'}: it takes ${durationText(low)} to ${durationText(high)}`;
    },
    { pattern: durationForm },
  );

export const cron = (about: string) => text(about, cronProblem);
export const timezone = text('Whose clocks count: an IANA name, such as Europe/Berlin; default UTC', zoneProblem);
export const window = text(
  'The part of the day in which it may run, by those clocks, such as 02:00-05:00; outside it waits',
  (value) => (windowOf(value) === null ? 'is no part of a day: write 02:00-05:00, or 22:00-04:00' : null),
  { pattern: windowForm },
);

/** A URL that says no secret. What it was is not shown: it may hold one all the same. */
export const url = (about: string) =>
  z
    .string()
    .superRefine((value, context) => {
      const wrong = urlProblem(value);
      if (wrong !== null) context.addIssue({ code: 'custom', message: ` ${wrong}` });
    })
    .meta({ description: about, pattern: '^https?://' });

function urlProblem(value: string): string | null {
  const read = URL.canParse(value) ? new URL(value) : null;
  if (read === null || !/^https?:$/.test(read.protocol)) return 'is no URL: it takes one that begins with https://';
  if (read.username === '' && read.password === '') return null;
  return 'has a name or a password in it: a secret stands in the environment or in a file of its own';
}

/** Where a secret is. */
export const secret = (about: string) =>
  z
    .strictObject({
      env: z
        .string()
        .regex(/^[A-Za-z_]\w*$/)
        .optional()
        .describe('The variable of the environment that holds it'),
      file: z.string().min(1).optional().describe('The file that holds it, and nothing else'),
    })
    .describe(about);
