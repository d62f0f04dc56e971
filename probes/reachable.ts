import {
  type Cite,
  type Cut,
  cite,
  cutOf,
  defineProbe,
  fail,
  fixesFor,
  inconclusive,
  type Judgement,
  pass,
  WireError,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

/** What came of a connection to the port: a reply, whatever it says, or the trouble there was instead. */
export type ReachableData = { readonly port: number } & (
  | { readonly kind: 'answers'; readonly at: Cite }
  | { readonly kind: 'trouble'; readonly cut: Cut }
);

export const reachable = defineProbe<ReachableData, Record<never, never>, { hello: typeof hello }>({
  id: 'reachable',
  question: 'Is the port open?',
  severity: 'high',
  safety: 'passive',
  why: 'A host that only sends mail has no business listening; one that takes mail must. What listens by mistake is found by others first.',
  judged:
    'pass: something answers, were it a refusal; fail where the policy wants the port closed (ports). A connection that is refused (ECONNREFUSED) is a pass where the policy wants that, a fail where it wants the port open, else inconclusive(unreachable). Silence is inconclusive whatever the policy wants: a filter there, one here (many networks block outgoing port 25) and a host that is down look the same. So is a connection that is taken and closed without a word: it may have been a proxy that took it.',
  refs: ['RFC 9293 §3.10.7.1 (a closed port answers with a reset)', 'Postfix inet_interfaces, master.cf'],
  fix: fixesFor('reachable'),
  cost: { connections: 0, commands: 0 },
  wants: { hello },

  async observe(wire, { hello: seen }, { hello: trouble }) {
    const { port } = wire.subject.endpoint;
    if (seen !== undefined) return { port, kind: 'answers', at: cite(seen.greeting) };
    if (trouble !== undefined) return readTrouble(port, trouble);
    try {
      await using session = await wire.fresh();
      return { port, kind: 'answers', at: cite(await session.greet()) };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return readTrouble(port, cutOf(error));
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
    const { doubt, because, evidence } = data.cut;
    const [refusal] = evidence;
    if (!isRefused(data.cut) || refusal === undefined || wanted === undefined)
      return inconclusive(doubt, whyOpen(data.port, wanted, because), evidence, { measured });
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
function readTrouble(port: number, { doubt, because, evidence }: Cut): ReachableData {
  const reply = doubt === 'throttled' ? undefined : evidence.find(({ quote }) => /^\d{3}(?:[ -]|$)/.test(quote));
  return reply === undefined
    ? { port, kind: 'trouble', cut: { doubt, because, evidence } }
    : { port, kind: 'answers', at: reply };
}

const isRefused = ({ doubt, because }: Cut): boolean => doubt === 'unreachable' && because.includes('ECONNREFUSED');

function stateOf(data: ReachableData): string {
  if (data.kind === 'answers') return 'open';
  return isRefused(data.cut) ? 'closed' : 'unknown';
}

const whyOpen = (port: number, wanted: string | undefined, because: string): string =>
  wanted === undefined
    ? because
    : `whether port ${port} is ${wanted}, as the policy wants it, cannot be told: ${because}`;
