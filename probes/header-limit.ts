import { cite, defineProbe, inconclusive, pass } from '../src/kit/index.ts';
import { lastAnswer } from '../src/kit/proof/hand-in.ts';
import { roundTrip, roundTripShape } from '../src/kit/proof/round-trip.ts';
import { untoldTrip } from '../src/kit/proof/untold-trip.ts';
import { hello } from './hello.ts';

const longName = 'X-Mxprobe-Long';
const controlName = 'X-Mxprobe-Control';
const long = longName.toLowerCase();
const control = controlName.toLowerCase();

/** One over twice what Postfix has as a default: a folded line is a blank and a letter, three octets with its end. */
const continuations = 70_000;
const longField = `${longName}: x${'\r\n x'.repeat(continuations)}`;
const controlField = `${controlName}: behind the long one`;
const octetsOf = (field: string) => field.replaceAll('\r\n', '\n').length;
const sentOctets = octetsOf(longField);

export const headerLimit = defineProbe({
  id: 'header-limit',
  question: 'How long may a header field be?',
  severity: 'info',
  weighs: 'Info: nothing is open by it, and what is cut, users do not miss.',
  safety: 'intrusive',
  why: 'A field without end eats the memory of whatever reads the mail. Most servers cut it and say nothing: the limit shows in a mailbox alone.',
  judged: `Runs with --inbox, a mailbox of your own on that server, and --recipient, whose it is: one message with a field of ${sentOctets} octets, folded in lines of three, and a short one behind it. pass: it arrives, and its length is the limit, to two octets; or it is refused for good; or it arrives whole, and there is no limit up to there. inconclusive: the field behind it is gone too, it does not arrive in --wait, or it is put off.`,
  refs: ['RFC 5322 §2.1.1, §2.2.3', 'RFC 5321 §4.5.3.1', 'Postfix header_size_limit', 'Exim header_maxsize'],
  fix: {
    postfix: ["postconf -e 'header_size_limit = 102400'", 'postfix reload'],
    exim: ['# exim4.conf, main section: header_maxsize = 1M'],
    sendmail: ["# sendmail.mc: define(`confMAX_HEADERS_LENGTH', `32768')dnl"],
  },
  cost: { connections: 1, commands: 7, seconds: 10 },
  needs: { hello },
  applies: ({ role }) => role === 'mx' || 'mail from outside comes in elsewhere',
  data: roundTripShape,

  observe: (wire, { hello: seen }) =>
    roundTrip(wire, seen, {
      fields: [longField, controlField],
      counted: [long, control],
      shown: (_, octets) =>
        `${longName} has ${octets[long]} of ${sentOctets} octets, ${controlName} ${octets[control]} of ${octetsOf(controlField)}`,
    }),

  judge(data) {
    const { arrived, handed, waitedSeconds } = data;
    const measured = { sent: sentOctets, limit: null, waitedSeconds };
    const untold = untoldTrip(data, measured);
    if (untold !== null) return untold;
    const last = handed === null ? null : lastAnswer(handed);
    if (last === null) return inconclusive('ambiguous', 'no answer came', [], { measured });
    const quote = cite(last.exchange.reply);
    if (arrived === null) {
      if (handed?.end === null)
        return inconclusive('ambiguous', 'it refuses the message before it has seen it', [quote]);
      return pass(`it refuses a message with a field of ${sentOctets} octets`, quote, {
        measured: { ...measured, refused: sentOctets },
      });
    }
    const { octets, at } = arrived;
    const length = octets[long] ?? 0;
    if (octets[control] !== octetsOf(controlField) || length === 0)
      return inconclusive(
        'ambiguous',
        'what stood behind the long field is changed: something else rewrites it',
        [at],
        {
          measured: { ...measured, found: length },
        },
      );
    return length >= sentOctets
      ? pass(`a field of ${sentOctets} octets arrives whole`, [at, quote], { measured })
      : pass(`a field is cut at ${length} to ${length + 2} octets`, [at, quote], {
          measured: { ...measured, limit: length },
        });
  },
});
