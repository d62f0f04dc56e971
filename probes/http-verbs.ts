import {
  aftermathShape,
  type Cite,
  cite,
  defineProbe,
  fail,
  inconclusive,
  isPositive,
  type Measured,
  meaningOf,
  pass,
  replyShape,
  type Shaped,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

const askedShape = (z: Zod) =>
  z.object({
    verb: z.string(),
    /** Of this session: where the end comes without a word, all that the server said. */
    greeting: replyShape(z).nullable(),
    request: aftermathShape(z),
    /** A NOOP behind it, where the session stood. */
    noop: aftermathShape(z).nullable(),
  });

type Asked = Shaped<typeof askedShape>;

const data = (z: Zod) => z.object({ asked: z.array(askedShape(z)) });

const requests = { GET: '/', POST: '/', CONNECT: 'mx.example.net:25' };
/** Of a request: verb, Host and an empty line. */
const lines = 3;

export const httpVerbs = defineProbe({
  id: 'http-verbs',
  question: 'Does it cut off what is no SMTP?',
  severity: 'info',
  weighs: 'Info: browsers refuse to post to port 25, and what they would post begins with words that no server knows.',
  safety: 'intrusive',
  why: 'A page or a proxy that can be made to connect to port 25 sends a request, and in its body whatever its author likes. A server that goes on after "GET / HTTP/1.1" runs that as commands.',
  judged:
    'The head of a request by GET, POST and CONNECT, each in a session of its own, then NOOP. pass: each ends its session before NOOP is answered. fail: NOOP is run behind one of them. inconclusive: no answer.',
  refs: ['RFC 5321 §4.1.1, §4.3.2', 'Postfix smtpd_forbidden_commands'],
  cost: { connections: 3, commands: 12 },
  needs: { hello },
  data,

  async observe(wire) {
    return { asked: await Promise.all(Object.entries(requests).map(([verb, what]) => ask(wire, verb, what))) };
  },

  judge({ asked }) {
    const read = asked.map((one) => ({ verb: one.verb, ...readingOf(one) }));
    const verbs = (kind: Reading['kind']) => read.filter((one) => one.kind === kind).map(({ verb }) => verb);
    const measured: Measured = { cutOff: verbs('cut off'), goesOn: verbs('goes on') };
    const first = (kind: Reading['kind']) => read.find((one) => one.kind === kind)?.evidence ?? [];
    const [worst, ...more] = first('goes on');
    if (worst !== undefined)
      return fail(`commands are run behind ${verbs('goes on').join(', ')}`, [worst, ...more], {
        headline: 'It goes on after the request of a browser, and runs commands behind it',
        measured,
      });
    const untold = verbs('untold');
    if (untold.length > 0)
      return inconclusive('ambiguous', `what it does after ${untold.join(', ')} was not told`, first('untold'), {
        measured,
      });
    const [quote, ...others] = first('cut off');
    if (quote === undefined) return inconclusive('ambiguous', 'nothing was asked', [], { measured });
    return pass(`${verbs('cut off').join(', ')} end the session`, [quote, ...others], { measured });
  },
});

interface Reading {
  readonly kind: 'cut off' | 'goes on' | 'untold';
  readonly evidence: readonly Cite[];
}

async function ask(wire: Wire, verb: string, what: string) {
  await using session = await wire.apart({ until: 'greeted' });
  const head = `${verb} ${what} HTTP/1.1\r\nHost: mx.example.net\r\n\r\n`;
  const request = await session.dare(head, { most: lines, seconds: session.quietSeconds(2) });
  const noop =
    request.end === 'open'
      ? await session.dare('NOOP\r\n', { most: lines + 1, seconds: session.quietSeconds(2) })
      : null;
  return { verb, greeting: session.greeting, request, noop };
}

function readingOf({ greeting, request, noop }: Asked): Reading {
  const replies = [...request.replies, ...(noop?.replies ?? [])].map(({ reply }) => reply);
  const endAt = noop?.endAt ?? request.endAt;
  const quotes = replies.slice(0, 1).map((reply) => cite(reply));
  const isLimited = replies.some((reply) => meaningOf(reply, { stage: 'other' }).startsWith('limit-conn'));
  const run = noop?.replies.find(({ reply }) => isPositive(reply) && reply.code !== 221);
  if (run !== undefined) return { kind: 'goes on', evidence: [...quotes, cite(run.reply)] };
  if (endAt === null || isLimited) return { kind: 'untold', evidence: quotes.length > 0 ? quotes : [request.sent] };
  const said = quotes.length > 0 || greeting === null ? quotes : [cite(greeting)];
  return { kind: 'cut off', evidence: [...said, endAt] };
}
