import {
  cite,
  defineProbe,
  exchangeShape,
  fail,
  inconclusive,
  pass,
  type Reply,
  replyShape,
  serverName,
  type Zod,
} from '../src/kit/index.ts';

/** The opening of a session, and its two ends. */
const data = (z: Zod) =>
  z.object({
    greeting: replyShape(z),
    /** The answer to EHLO, or to HELO where EHLO is not known. */
    ehlo: exchangeShape(z),
    serverName: z.string().nullable(),
    localAddress: z.string(),
    remoteAddress: z.string(),
    /** Inside TLS, on a port with implicit TLS. */
    tls: z.boolean(),
  });

export const hello = defineProbe({
  id: 'hello',
  question: 'Does it greet us and speak SMTP?',
  severity: 'medium',
  safety: 'passive',
  why: 'Everything else is asked on a session that begins with a greeting and EHLO. A server that turns us away here can be judged on nothing.',
  judged:
    'pass: greeted with 220, and EHLO answered with 250. fail: only HELO is known. inconclusive: turned away, silent, hung up, or an EHLO reply that shows nothing but ENHANCEDSTATUSCODES, as Sendmail and milters show to clients that they have rejected.',
  refs: ['RFC 5321 §3.1, §3.2, §4.1.1.1', 'RFC 5321 §4.5.3.2 (time-outs)'],
  cost: { connections: 1, commands: 2 },
  data,

  async observe(wire) {
    await using session = await wire.session();
    const { greeting, ehlo, localAddress, remoteAddress, tls } = session;
    return {
      greeting,
      ehlo,
      serverName: serverName(greeting, ehlo.reply),
      localAddress,
      remoteAddress,
      tls: tls !== null,
    };
  },

  judge({ greeting, ehlo }) {
    const evidence = [cite(greeting), cite(ehlo.reply)] as const;
    if (ehlo.command.startsWith('HELO'))
      return fail('it knows HELO only, so STARTTLS and AUTH are out of reach', evidence);
    if (onlyStatusCodes(ehlo.reply)) {
      return inconclusive(
        'client-blocked',
        'EHLO shows nothing but ENHANCEDSTATUSCODES: this server has rejected us already',
        [cite(ehlo.reply), cite(ehlo.reply, 1)],
      );
    }
    return pass('it greets with 220 and answers EHLO', evidence);
  },
});

function onlyStatusCodes(ehlo: Reply): boolean {
  return ehlo.lines.length === 2 && /^\d{3} ENHANCEDSTATUSCODES$/i.test(ehlo.lines[1]?.text ?? '');
}
