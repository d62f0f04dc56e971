import {
  aftermathShape,
  type Cite,
  cite,
  defineProbe,
  fail,
  inconclusive,
  isNegative,
  type Measured,
  pass,
  replyShape,
  type Shaped,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

const lineShape = (z: Zod) =>
  z.object({
    octets: z.number(),
    /** Of this session: where the end comes without a word, all that the server said. */
    greeting: replyShape(z).nullable(),
    line: aftermathShape(z),
    /** A short NOOP behind it. */
    noop: aftermathShape(z),
  });

type Asked = Shaped<typeof lineShape>;

const data = (z: Zod) => z.object({ lines: z.array(lineShape(z)) });

/** Octets of a line, its end included; RFC 5321 §4.5.3.1.4 has 512. */
const lengths = [512, 600, 1100, 2100, 5000, 70_000] as const;
/** Replies that are waited for: more than any server has for pieces of such lines before it hangs up. */
const most = 12;

export const lineLength = defineProbe({
  id: 'line-length',
  question: 'What does it do about lines that are too long?',
  severity: 'medium',
  weighs: 'Medium: what a client says as one argument is run as commands of its own.',
  safety: 'intrusive',
  why: 'A line that does not fit must be refused or taken whole. A server that cuts it and reads the rest as the next command runs what somebody has put into an address or an argument.',
  judged:
    'NOOP with 512 to 70,000 octets, each in a session of its own, then NOOP; replies are counted. pass: each line has one answer, yes or no, or ends the session. fail: a line has more answers than one: its rest is run as commands. inconclusive: no answer.',
  refs: ['RFC 5321 §4.5.3.1.4', 'Postfix line_length_limit'],
  cost: { connections: lengths.length, commands: 2 * lengths.length },
  needs: { hello },
  data,

  async observe(wire) {
    return { lines: await Promise.all(lengths.map((octets) => ask(wire, octets))) };
  },

  judge({ lines }) {
    const read = lines.map((one) => ({ octets: one.octets, ...readingOf(one) }));
    const of = (kind: Reading['kind']) => read.filter((one) => one.kind === kind);
    const [run] = of('run');
    const measured: Measured = {
      longestTaken: of('taken').at(-1)?.octets ?? null,
      refusedFrom: of('refused')[0]?.octets ?? null,
      runFrom: run?.octets ?? null,
    };
    if (run !== undefined) {
      const [first, ...more] = run.evidence;
      if (first !== undefined)
        return fail(
          `a line of ${run.octets} octets has ${more.length + 1} answers: its rest is run as commands`,
          [first, ...more.slice(0, 2)],
          {
            headline: 'The rest of a line that is too long is run as commands',
            measured,
          },
        );
    }
    const [untold] = of('untold');
    if (untold !== undefined)
      return inconclusive('ambiguous', `a line of ${untold.octets} octets is not answered as one`, untold.evidence, {
        measured,
      });
    const [quote, ...others] = [of('taken').at(-1), of('refused')[0]].flatMap((one) => one?.evidence ?? []);
    if (quote === undefined) return inconclusive('ambiguous', 'nothing was asked', [], { measured });
    const taken = measured.longestTaken === null ? '' : `, up to ${measured.longestTaken} octets yes`;
    const refused =
      measured.refusedFrom === null ? '' : `, from ${measured.refusedFrom} octets on no or the end of the session`;
    return pass(`each line has one answer${taken}${refused}`, [quote, ...others], { measured });
  },
});

interface Reading {
  readonly kind: 'taken' | 'refused' | 'run' | 'untold';
  readonly evidence: readonly Cite[];
}

async function ask(wire: Wire, octets: number) {
  await using session = await wire.apart({ until: 'introduced' });
  // No verb begins with these letters, wherever the line is cut.
  const line = await session.dare(`NOOP ${'z'.repeat(octets - 7)}\r\n`, { most: 1 });
  const noop = await session.dare('NOOP\r\n', { most, seconds: session.quietSeconds(1) });
  return { octets, greeting: session.greeting, line, noop };
}

function readingOf({ greeting, line, noop }: Asked): Reading {
  const [first] = line.replies.map(({ reply }) => reply);
  const more = noop.replies.map(({ reply }) => reply);
  const endAt = noop.endAt ?? line.endAt;
  if (first === undefined)
    return more.length === 0 && endAt !== null
      ? { kind: 'refused', evidence: [...(greeting === null ? [] : [cite(greeting)]), endAt] }
      : { kind: 'untold', evidence: more.length === 0 ? [line.sent] : more.map((reply) => cite(reply)) };
  const all = [first, ...more];
  // Where the session stands, the last answer is the one to NOOP; 421 and its like are the end of the session.
  const rest = endAt === null ? more.slice(0, -1) : more;
  const isRun = rest.some(({ code }) => code === 500 || code === 502);
  if (isRun) return { kind: 'run', evidence: all.map((reply) => cite(reply)) };
  if (isNegative(first)) return { kind: 'refused', evidence: [cite(first)] };
  return more.length === 0 ? { kind: 'untold', evidence: [cite(first)] } : { kind: 'taken', evidence: [cite(first)] };
}
