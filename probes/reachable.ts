import {
  type Cite,
  cite,
  defineProbe,
  fail,
  hindered,
  type Judgement,
  pass,
  type Trouble,
  troubleOf,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

/** What came of a connection to the port: a reply, whatever it says, or the trouble there was instead. */
export type ReachableData = { readonly port: number } & (
  | { readonly kind: 'answers'; readonly at: Cite }
  | { readonly kind: 'trouble'; readonly cut: Trouble }
);

export const reachable = defineProbe({
  id: 'reachable',
  question: 'Is the port open?',
  severity: 'high',
  safety: 'passive',
  why: 'A host that only sends mail has no business listening; one that takes mail must. What listens by mistake is found by others first.',
  judged:
    'pass: something answers, were it a refusal; fail where the policy wants the port closed (ports). A connection that is refused (ECONNREFUSED) is a pass where the policy wants that, a fail where it wants the port open, else inconclusive(unreachable). Silence is inconclusive whatever the policy wants: a filter there, one here (many networks block outgoing port 25) and a host that is down look the same. So is a connection that is taken and closed without a word: it may have been a proxy that took it.',
  refs: ['RFC 9293 §3.10.7.1 (a closed port answers with a reset)', 'Postfix inet_interfaces, master.cf'],
  cost: { connections: 0, commands: 0 },
  wants: { hello },

  async observe(wire, { hello: seen }, { hello: trouble }): Promise<ReachableData> {
    const { port } = wire.subject.endpoint;
    if (seen !== undefined) return { port, kind: 'answers', at: cite(seen.greeting) };
    if (trouble !== undefined) return readTrouble(port, trouble);
    try {
      await using session = await wire.fresh();
      return { port, kind: 'answers', at: cite(await session.greet()) };
    } catch (error) {
      return readTrouble(port, troubleOf(error));
    }
  },

  judge(data, _given, { ports }) {
    const wanted = ports[data.port];
    const measured = { state: stateOf(data), wanted: wanted ?? null };
    if (data.kind === 'answers') {
      return wanted === 'closed'
        ? fail(`port ${data.port} is open, and the policy wants it closed`, data.at, { measured })
        : pass(`port ${data.port} is open: it answers`, data.at, { measured });
    }
    const { cause, because, evidence } = data.cut;
    const [refusal] = evidence;
    if (cause !== 'refused' || refusal === undefined || wanted === undefined)
      return hindered(data.cut, { because: whyOpen(data.port, wanted, because), measured });
    return judgeRefusal(data.port, wanted, refusal, measured);
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
    : fail(`port ${port} is closed, and the policy wants it open`, refusal, { measured });
}

/** A limiter may have spoken on another port of the address: that is no answer of this one. */
function readTrouble(port: number, cut: Trouble): ReachableData {
  return cut.reply === undefined || cut.doubt === 'throttled'
    ? { port, kind: 'trouble', cut }
    : { port, kind: 'answers', at: cite(cut.reply) };
}

function stateOf(data: ReachableData): string {
  if (data.kind === 'answers') return 'open';
  return data.cut.cause === 'refused' ? 'closed' : 'unknown';
}

const whyOpen = (port: number, wanted: string | undefined, because: string): string =>
  wanted === undefined
    ? because
    : `whether port ${port} is ${wanted}, as the policy wants it, cannot be told: ${because}`;
