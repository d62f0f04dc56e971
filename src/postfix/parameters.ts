import { clientsRead } from './parameters/clients.ts';
import { deliveryReads } from './parameters/delivery.ts';
import { everyoneReads } from './parameters/everyone.ts';
import { postscreenReads } from './parameters/postscreen.ts';
import { smtpdReads } from './parameters/smtpd.ts';
import { texts } from './parameters/texts.ts';
import { isIn, type Version } from './version.ts';

/**
 * `switch`: yes or no. `number`, `size`: whole numbers of 32 and 64 bits. `time`: a number and a unit. `text`:
 * anything.
 */
type Kind = 'switch' | 'number' | 'size' | 'time' | 'text';

/** What Postfix knows of a parameter of its own. */
export interface Parameter {
  readonly kind: Kind;
  /** Of a number, of a time in seconds, of the length of a text; null: no bound. */
  readonly min: number | null;
  readonly max: number | null;
  /**
   * Programs that look at it when they start: `all`, `tls` (those that speak TLS), `smtpd`; none for a text that may be
   * empty.
   */
  readonly readers: readonly string[];
  /** The versions that have it, as `isIn` reads them; none: all that we know. */
  readonly since: readonly string[];
  /** The last series that has it; null: the newest has. */
  readonly until: string | null;
}

/** The parameter of this name, of whatever version; undefined where none has one. */
export const parameterOf = (name: string): Parameter | undefined => parameters().get(name) ?? ofTransport(name);

/** Names without those that each transport of master.cf makes for itself. */
export const parameterNames = (): readonly string[] => [...parameters().keys()];

export const isParameter = (name: string): boolean => parameterOf(name) !== undefined;

/**
 * The transport whose own parameter a name is, such as `slow` of `slow_destination_rate_delay`; null where it is
 * Postfix's.
 */
export function transportOf(name: string): string | null {
  if (parameters().has(name)) return null;
  const suffix = perTransport.map(([one]) => one.exec(name)).find((found) => found !== null);
  return suffix === undefined || suffix === null ? null : name.slice(0, suffix.index);
}

export function exists({ since, until }: Parameter, version: Version): boolean {
  if (since.length > 0 && !since.some((one) => isIn(one, version))) return false;
  const [major = 0, minor = 0] = (until ?? '99.0').split('.').map(Number);
  return version[0] < major || (version[0] === major && version[1] <= minor);
}

let read: ReadonlyMap<string, Parameter> | null = null;

function parameters(): ReadonlyMap<string, Parameter> {
  read ??= new Map(
    [
      everyoneReads,
      smtpdReads,
      postscreenReads,
      clientsRead,
      deliveryReads,
      ` text: ${texts.replaceAll('\n', ' ')}`,
    ].flatMap(entriesOf),
  );
  return read;
}

/**
 * Lines as `smtpd,postscreen number 1..100: name name@3.4 name@3.4-3.6`; a line that begins with white space goes on
 * with the one above.
 */
function entriesOf(table: string): [string, Parameter][] {
  return table
    .trimEnd()
    .split(/\n(?=\S)/)
    .filter(Boolean)
    .flatMap((line) => {
      const [head = '', names = ''] = line.split(':');
      const [readers = '', kind = 'text', range = '..'] = head.trimEnd().split(' ');
      const [min = null, max = null] = range.split('..').map((bound) => (bound === '' ? null : Number(bound)));
      const facts = { kind: kindOf(kind), min, max, readers: readers.trim().split(',').filter(Boolean) };
      return names
        .trim()
        .split(/\s+/)
        .map((entry): [string, Parameter] => {
          const [name = '', versions = ''] = entry.split('@');
          const [since = '', until = null] = versions.split('-');
          return [name, { ...facts, since: since.split('+').filter(Boolean), until }];
        });
    });
}

const kinds: readonly Kind[] = ['switch', 'number', 'size', 'time', 'text'];
const kindOf = (word: string): Kind => kinds.find((kind) => kind === word) ?? 'text';

/** Parameters that every transport in master.cf has under its own name, and the one whose values theirs are like. */
const perTransport: readonly (readonly [RegExp, like: string | null])[] = [
  [/_initial_destination_concurrency$/, 'initial_destination_concurrency'],
  [/_time_limit$/, 'command_time_limit'],
  [
    /_(delivery_slot_(?:cost|discount|loan)|destination_(?:concurrency_(?:failed_cohort_limit|limit|negative_feedback|positive_feedback)|rate_delay|recipient_limit)|extra_recipient_limit|minimum_delivery_slots|recipient_limit|recipient_refill_(?:delay|limit)|transport_rate_delay)$/,
    null,
  ],
];

function ofTransport(name: string): Parameter | undefined {
  for (const [suffix, like] of perTransport) {
    const found = suffix.exec(name);
    if (found !== null) return parameters().get(like ?? `default_${found[1]}`);
  }
  return undefined;
}
