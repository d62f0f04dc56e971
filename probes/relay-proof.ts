import {
  type Cite,
  cite,
  defineProbe,
  doubtOf,
  fail,
  hindered,
  inconclusive,
  type Judgement,
  type Measured,
  meaningOf,
  notApplicable,
  pass,
  vantage,
} from '../src/kit/index.ts';
import { awaitMail } from '../src/kit/proof/await-mail.ts';
import { isTaken, lastAnswer, queueIdOf } from '../src/kit/proof/hand-in.ts';
import { messageOf } from '../src/kit/proof/message.ts';
import { acceptedForms, sendThrough } from '../src/kit/proof/send-through.ts';
import { type Came, type RelayProof, receivedFromUs, relayProofShape, type Sent } from '../src/kit/proof/sent.ts';
import { isPlain } from '../src/kit/relay/forms.ts';
import { outcomesOf } from '../src/kit/relay/outcome.ts';
import { hello } from './hello.ts';
import { openRelay } from './open-relay.ts';

export const relayProof = defineProbe({
  id: 'relay-proof',
  question: 'Does mail for outside come out at the other end?',
  severity: 'critical',
  weighs: 'Critical: it is an open relay, and no longer only says so.',
  safety: 'intrusive',
  why: 'A 250 says that a server takes a message. A relay sends it on, a sink keeps it, another bounces it: on the wire all three look alike, and only who receives it can tell.',
  judged:
    'Runs with --sink, a receiver of your own (mxprobe sink). First a message straight to the sink, as control; then one message in up to three of the forms that open-relay found accepted, to an address of the sink that nobody else knows, and from one. fail: it arrives, with the Received field of the server. pass: it is refused at RCPT or DATA after all, or it comes back as a bounce. inconclusive: it is taken, and in --wait (10 minutes) nothing comes: kept, thrown away or late. Not applicable where no form was accepted: nothing is sent then.',
  refs: ['RFC 5321 §3.6.3, §4.4', 'RFC 3834 §5', 'Postfix smtpd_relay_restrictions, mynetworks, relay_domains'],
  fix: openRelay.fix,
  cost: { connections: 4, commands: 16, seconds: 10 },
  needs: { hello, relay: openRelay },
  data: relayProofShape,

  async observe(wire, { hello: seen, relay }) {
    const { receiving, subject } = wire;
    const { sink } = receiving;
    const forms = acceptedForms(relay);
    const outcomes = relay.phases.flatMap((phase) => outcomesOf(phase, relay.submission));
    const base = {
      receiver: sink?.shown ?? null,
      accepted: forms.map(({ id }) => id),
      controlFailed: null,
      sent: [],
      waitedSeconds: 0,
      helo: subject.helo,
      vantage: vantage(subject, seen),
      plainRefused: outcomes.some((outcome) => outcome.kind === 'refused' && isPlain(outcome)),
    };
    if (sink === null || forms.length === 0) return base;
    const token = sink.mint(`${subject.endpoint.id} control`);
    const address = `${token}@${sink.domain}`;
    const control = messageOf({ sender: address, recipient: address, helo: subject.helo, token, at: new Date() });
    const refusal = await receiving.handToSink(control);
    if (refusal !== null) return { ...base, controlFailed: refusal };
    const soon = { ...receiving, waitSeconds: Math.min(controlSeconds, receiving.waitSeconds) };
    const arrived = await awaitMail(soon, async () => (await sink.arrivals()).get(token) ?? null).catch(whyNot);
    if (typeof arrived === 'string') return { ...base, controlFailed: arrived };
    if (arrived === null)
      return { ...base, controlFailed: `the sink took the control message, and ${sink.shown} does not show it` };
    const from = receiving.now();
    const sent = await sendThrough(wire, sink, forms);
    return { ...base, sent, waitedSeconds: Math.round(receiving.now() - from) };
  },

  judge(data) {
    const { receiver, accepted, controlFailed, sent } = data;
    if (accepted.length === 0) return notApplicable('it accepted no recipient outside: no message was sent');
    const named = 'name a receiver of your own with --sink (mxprobe help sink): no message was sent';
    if (receiver === null) return inconclusive('prerequisite', named, []);
    if (controlFailed !== null)
      return inconclusive('prerequisite', `the control did not reach the sink: ${controlFailed}`, []);
    const measured = { receiver, tried: sent.map(({ form }) => form), waitedSeconds: data.waitedSeconds };
    const relayed = sent.find(({ came }) => came !== null);
    if (relayed?.came) return judgeRelayed(data, relayed, relayed.came, measured);
    return judgeUnseen(sent, measured);
  },
});

/** Seconds for what was handed straight to the sink. */
const controlSeconds = 60;

const whyNot = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** It came out: a relay, unless the server may trust us where we stand. */
function judgeRelayed(data: RelayProof, { form, handed }: Sent, came: Came, known: Measured): Judgement {
  const { arrival, seconds, at } = came;
  const own = receivedFromUs(arrival, data.helo);
  const measured = {
    ...known,
    via: form,
    seconds,
    seenAs: own === null ? null : (/^from (\S+ \([^)]*\))/i.exec(own)?.[1] ?? null),
    egress: arrival.peer,
    egressHelo: arrival.helo,
  };
  const end = handed.end === null ? [] : [cite(handed.end.reply)];
  const evidence: readonly [Cite, ...Cite[]] = [at, ...end];
  const because = `a message in the form ${form} came out at ${data.receiver} after ${seconds} s, from ${arrival.peer ?? 'there'}`;
  if (data.vantage !== 'outside' && !data.plainRefused)
    return inconclusive(
      'ambiguous',
      `${because}; it may trust us here (${data.vantage}): scan from outside, or say --vantage outside if it does not`,
      evidence,
      { measured },
    );
  return fail(because, evidence, {
    measured,
    headline: 'It relays: a message of a stranger for outside was delivered',
  });
}

/** Nothing came out. */
function judgeUnseen(sent: readonly Sent[], measured: Measured): Judgement {
  const bounced = sent.find((one) => one.bounced !== null);
  const lost = sent.find((one) => isTaken(one.handed) && one.bounced === null);
  if (lost !== undefined) {
    const queueId = queueIdOf(lost.handed);
    const where = queueId === null ? 'its own log tells' : `look for ${queueId} in its own log`;
    const because = `it took a message in the form ${lost.form}, and nothing came out in ${measured.waitedSeconds} s: kept, thrown away or late; ${where}`;
    const quote = lost.handed.end === null ? [] : [cite(lost.handed.end.reply)];
    return inconclusive('ambiguous', because, quote, { measured: { ...measured, queueId } });
  }
  const untold = sent.map(untoldOf).find((one) => one !== null);
  if (untold !== undefined) return { ...untold, measured };
  if (bounced?.bounced) {
    const end = bounced.handed.end === null ? [] : [cite(bounced.handed.end.reply)];
    const because = `it took a message for outside, and sent it back as a bounce after ${bounced.bounced.seconds} s`;
    return pass(because, [bounced.bounced.at, ...end], { measured });
  }
  const [first, ...more] = sent.flatMap(({ handed }) => {
    const last = lastAnswer(handed);
    return last === null ? [] : [cite(last.exchange.reply)];
  });
  if (first === undefined)
    return inconclusive('ambiguous', 'none of the accepted forms can be written with an address of the sink', [], {
      measured,
    });
  return pass('it refuses the message after all', [first, ...more], { measured });
}

/** Where the server refused for a reason that speaks of us, or the dialogue broke. */
function untoldOf({ handed }: Sent) {
  if (handed.cut !== null) return hindered(handed.cut, { because: handed.cut.because });
  const last = lastAnswer(handed);
  if (last === null || isTaken(handed)) return null;
  const { reply } = last.exchange;
  const meaning = meaningOf(reply, { stage: last.stage });
  const isFirm = reply.code !== null && (reply.code >= 500 || meaning === 'relay-denied');
  const doubt = doubtOf(meaning);
  // A firm no to a stranger, or to whoever has not logged in, is the answer that was asked for.
  if (isFirm && (doubt === 'ambiguous' || meaning === 'auth-required')) return null;
  return inconclusive(doubt, `the message was refused: "${reply.lines[0].text}"`, [cite(reply)]);
}
