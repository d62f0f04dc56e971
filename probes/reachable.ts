import {
  type Cite,
  cite,
  citeShape,
  defineProbe,
  fail,
  hindered,
  type Judgement,
  pass,
  type Reply,
  type Shaped,
  type Trouble,
  troubleOf,
  troubleShape,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

/** What came of a connection to the port: a reply, whatever it says, or the trouble there was instead. */
const data = (z: Zod) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('answers'), port: z.number(), at: citeShape(z) }),
    z.object({ kind: z.literal('trouble'), port: z.number(), cut: troubleShape(z) }),
  ]);
type Data = Shaped<typeof data>;

export const reachable = defineProbe({
  id: 'reachable',
  question: 'Is the port open?',
  severity: 'high',
  weighs:
    'High, and only where the policy says what the port must be: then mail does not come in, or a door is open that was to be shut.',
  safety: 'passive',
  why: 'A host that only sends mail has no business listening; one that takes mail must. What listens by mistake is found by others first.',
  judged:
    'pass: something answers, were it a refusal or another protocol; fail where the policy wants the port closed (ports). A connection that is refused (ECONNREFUSED) is a pass where the policy wants that, a fail where it wants the port open, else inconclusive(unreachable). Silence is inconclusive whatever the policy wants: a filter there, one here (many networks block outgoing port 25) and a host that is down look the same. So is a connection that is taken and closed without a word: it may have been a proxy that took it.',
  refs: ['RFC 9293 §3.10.7.1 (a closed port answers with a reset)', 'Postfix inet_interfaces, master.cf'],
  cost: { connections: 0, commands: 0 },
  wants: { hello },
  data,

  async observe(wire, { hello: seen }, { hello: trouble }) {
    const { port } = wire.subject.endpoint;
    if (seen !== undefined) return answered(port, seen.greeting);
    if (trouble !== undefined) return readTrouble(port, trouble);
    try {
      await using session = await wire.fresh();
      return answered(port, await session.greet());
    } catch (error) {
      return readTrouble(port, troubleOf(error));
    }
  },

  judge(seen, _given, { ports }) {
    const { port } = seen;
    const wanted = ports[port];
    const measured = { state: stateOf(seen), wanted: wanted ?? null };
    if (seen.kind === 'answers') {
      return wanted === 'closed'
        ? fail(`port ${port} is open, and the policy wants it closed`, seen.at, {
            measured,
            headline: 'A port is open that the policy wants closed',
          })
        : pass(`port ${port} is open: it answers`, seen.at, { measured });
    }
    const { cause, because, evidence } = seen.cut;
    const [refusal] = evidence;
    if (cause !== 'refused' || refusal === undefined || wanted === undefined)
      return hindered(seen.cut, { because: whyOpen(port, wanted, because), measured });
    return judgeRefusal(port, wanted, refusal, measured);
  },
});

function judgeRefusal(
  port: number,
  wanted: 'open' | 'closed',
  refusal: Cite,
  measured: { readonly state: string; readonly wanted: string | null },
): Judgement {
  return wanted === 'closed'
    ? pass(`port ${port} is closed, as the policy wants it: the connection is refused`, refusal, { measured })
    : fail(`port ${port} is closed, and the policy wants it open`, refusal, {
        measured,
        headline: 'A port is closed that the policy wants open',
      });
}

const answered = (port: number, reply: Reply): Data => ({ kind: 'answers', port, at: cite(reply) });

/** Any reply is an answer, whatever it says and whatever it speaks; so is a handshake where clear text was expected. */
function readTrouble(port: number, cut: Trouble): Data {
  if (cut.reply !== undefined) return answered(port, cut.reply);
  const [handshake] = cut.cause === 'tls-first' ? cut.evidence : [];
  return handshake === undefined ? { port, kind: 'trouble', cut } : { port, kind: 'answers', at: handshake };
}

function stateOf(seen: Data): string {
  if (seen.kind === 'answers') return 'open';
  return seen.cut.cause === 'refused' ? 'closed' : 'unknown';
}

const whyOpen = (port: number, wanted: string | undefined, because: string): string =>
  wanted === undefined
    ? because
    : `whether port ${port} is ${wanted}, as the policy wants it, cannot be told: ${because}`;
