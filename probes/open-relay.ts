import { addressLiteral, defineProbe, hindered, inconclusive, offers, vantage } from '../src/kit/index.ts';
import { askForms, askRelay } from '../src/kit/relay/ask.ts';
import type { Told } from '../src/kit/relay/form-outcome.ts';
import { type RelayData, relayShape } from '../src/kit/relay/observed.ts';
import { openingOutcome, sameAnswerToControl } from '../src/kit/relay/opening-outcome.ts';
import { isWorthGoingOn } from '../src/kit/relay/opening-reading.ts';
import { openRelayDialogue } from '../src/kit/relay/openings.ts';
import { outcomesOf } from '../src/kit/relay/outcome.ts';
import { judgeAccepted, judgeRefused, judgeSameAnswer, weightiest } from '../src/kit/relay/verdict.ts';
import { hello } from './hello.ts';

export const openRelay = defineProbe({
  id: 'open-relay',
  question: 'Does it accept mail for outside from strangers?',
  severity: 'critical',
  weighs: 'Critical: the one fault that puts a server on every block list within a day.',
  safety: 'active',
  why: "An open relay is found within hours, sends other people's spam, and stands on every block list by the next morning.",
  judged:
    'MAIL and RCPT to an outside address, never DATA: 29 combinations of sender, recipient form and HELO name in clear and 12 inside TLS, each session with a recipient of the server\'s own as control. fail: a 2xx to an outside recipient, given twice; where the right-hand side is the server\'s own, only if an unknown local part is refused there, else inconclusive. pass: every form refused in words of relaying, or beside a control that was taken. Unknown or unroutable says nothing of an outside recipient: another domain is asked; and one that is taken where others are refused makes it a relay for some. A refusal of this client, our HELO, our sender or our domain, a session that is refused whatever is asked, greylisting, limiters and anything cut short are inconclusive; so is a place that the server may trust, where every plain form is taken. 454 "Relay access denied" is a firm refusal. A 2xx to RCPT is "accepts"; that mail comes out at the other end is not shown.',
  refs: [
    'RFC 5321 §3.6, §7.8, F.2',
    'RFC 2505 §2.1',
    'Postfix smtpd_relay_restrictions, mynetworks, allow_untrusted_routing',
  ],
  cost: { connections: 7, commands: 170 },
  needs: { hello },

  data: relayShape,

  async observe(wire, { hello: seen }) {
    const { endpoint, domain } = wire.subject;
    const implicit = endpoint.tls === 'implicit';
    const starttls = !implicit && offers(seen.ehlo.reply, 'STARTTLS');
    const names = { serverName: seen.serverName, ourLiteral: addressLiteral(seen.localAddress) };
    const plan = { ...names, tls: implicit, brief: false };
    const openings = await openRelayDialogue(wire, plan);
    // An MX treats strangers alike in clear and inside TLS until a form shows otherwise; a submission port offers AUTH
    // inside only.
    const borrows = endpoint.role === 'mx' && isWorthGoingOn(openings);
    const brief = { ...names, tls: true, brief: true };
    const [first, inside] = await Promise.all([
      askForms(wire, plan, openings),
      !starttls ? null : borrows ? askForms(wire, brief, openings, true) : askRelay(wire, brief),
    ]);
    const phases = [implicit ? { ...first, tls: false } : first, ...(inside === null ? [] : [inside])];
    return {
      phases,
      tls: implicit ? ('implicit' as const) : starttls ? ('starttls' as const) : ('not-offered' as const),
      vantage: vantage(wire.subject, seen),
      submission: endpoint.role !== 'mx' && phases.some((phase) => phase.openings.some(({ auth }) => auth)),
      domain,
      oneByOne: wire.oneByOne,
    };
  },

  judge(data) {
    const outcomes = data.phases.flatMap((phase) => outcomesOf(phase, data.submission));
    const stopped = data.phases.map(openingOutcome).filter((one) => one !== null);
    const accepted = outcomes.filter((outcome) => outcome.kind === 'accepted');
    const refused = outcomes.filter((outcome) => outcome.kind === 'refused');
    const untold = [...stopped, ...outcomes].filter((one) => one.kind === 'untested');
    const measured = {
      accepted: accepted.map(({ id }) => id),
      refused: refused.map(({ id }) => id),
      untested: untold.map(({ id, trouble }) => `${id}: ${trouble.because}`),
      tls: data.tls,
      vantage: data.vantage,
      ...controlsOf(data),
    };
    const [worst, ...others] = accepted;
    if (worst !== undefined) return judgeAccepted(data, [worst, ...others], refused, measured);
    const doubtful = weightiest(untold.filter(({ excused }) => !excused));
    if (doubtful !== undefined)
      return hindered(doubtful.trouble, { because: `${doubtful.id}: ${doubtful.trouble.because}`, measured });
    if (data.phases.some(sameAnswerToControl)) return judgeSameAnswer(data, measured);
    const [first, ...more] = refused;
    const tlsFirst = stopped.find((one) => one.kind === 'tls-required');
    if (first !== undefined && refused.some(isOfStranger))
      return judgeRefused(data, [first, ...more], tlsFirst !== undefined, measured);
    if (tlsFirst !== undefined && untold.length === 0)
      return inconclusive('prerequisite', tlsUntold, tlsFirst.evidence, { measured });
    const quoted = untold.flatMap(({ trouble }) => trouble.evidence).slice(0, 2);
    return inconclusive('sender-rejected', sendersRefused, quoted, { measured });
  },
});

const sendersRefused =
  'every sender from outside was turned away, so that nothing was told of recipients: give one that it takes with --sender';
const tlsUntold = 'it wants TLS first, and inside TLS nothing could be asked';

/** Asked with a sender that anybody may have. */
const isOfStranger = ({ id }: Told<'refused'>): boolean => /^(tls:)?(own-helo:)?(outside|null)>/.test(id);

function controlsOf({ phases, domain }: RelayData) {
  const last = phases[0]?.openings.at(-1);
  return {
    control: phases.find(({ control }) => control !== null)?.control ?? null,
    sender: last?.sender ?? null,
    external: last?.external ?? null,
    domain,
  };
}
