import { groupOf } from '../src/kit/command-group.ts';
import {
  aftermathShape,
  type Cite,
  cite,
  defineProbe,
  fail,
  inconclusive,
  type Measured,
  offers,
  pass,
  type Zod,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

const data = (z: Zod) =>
  z.object({
    /** EHLO, MAIL and RSET in one write, as the first words of a session. */
    ehlo: aftermathShape(z),
    /** MAIL, DATA and RSET in one write. */
    data: aftermathShape(z),
  });

export const pipeliningOrder = defineProbe({
  id: 'pipelining-order',
  question: 'Does it insist on the order of commands in a group?',
  severity: 'info',
  weighs: 'Info: clients have the duty (RFC 2920 §3.1), and servers may leave it at that.',
  safety: 'intrusive',
  why: 'EHLO and DATA are the last of a group, as what follows depends on their answers. Who does not wait is a spam engine, or a message that was cut in two on the way: to stop there takes the sting out of smuggling.',
  judged:
    'EHLO, MAIL and RSET in one write; then MAIL, DATA and RSET. pass: both are stopped, by a refusal or the end of the session. fail: all commands of one of them are run. inconclusive: replies are missing.',
  refs: ['RFC 2920 §3.1', 'Postfix smtpd_forbid_unauth_pipelining', 'Exim smtp_enforce_sync'],
  cost: { connections: 2, commands: 7 },
  needs: { hello },
  data,

  async observe(wire) {
    const { helo, sender } = wire.subject;
    const mail = `MAIL FROM:<${sender}>\r\n`;
    await using first = await wire.apart({ until: 'greeted' });
    const ehlo = await first.dare(`EHLO ${helo}\r\n${mail}RSET\r\n`, { most: 3 });
    await first.quit();
    await using second = await wire.apart({ until: 'introduced' });
    const group = await second.dare(`${mail}DATA\r\nRSET\r\n`, { most: 3 });
    // Without a recipient there may be 354 all the same (RFC 2920 §3.1): RSET is in a message then.
    if (group.replies.at(-1)?.reply.code === 354) await second.dare('.\r\n', { most: 1 });
    return { ehlo, data: group };
  },

  judge({ ehlo, data: group }, { hello: seen }) {
    const groups = [groupOf(ehlo, 3), groupOf(group, 3)] as const;
    const [afterEhlo, afterData] = groups;
    const measured: Measured = {
      ehlo: afterEhlo.kind,
      data: afterData.kind,
      offered: offers(seen.ehlo.reply, 'PIPELINING'),
    };
    const taken = groups.find(({ kind }) => kind === 'taken');
    if (taken !== undefined) {
      const words = [afterEhlo, afterData].map(({ kind }, index) => (kind === 'taken' ? ['EHLO', 'DATA'][index] : ''));
      const behind = words.filter((word) => word !== '').join(' and ');
      return fail(
        `what stands behind ${behind} in the same write is run`,
        quotes(taken.evidence, cite(seen.greeting)),
        {
          headline: 'It runs commands that came before it had answered the one before',
          measured,
        },
      );
    }
    const untold = groups.find(({ kind }) => kind === 'untold');
    if (untold !== undefined)
      return inconclusive('ambiguous', 'replies to a group of commands are missing', untold.evidence, { measured });
    return pass(
      'commands behind EHLO and DATA in the same write are stopped',
      quotes([...afterEhlo.evidence, ...afterData.evidence], cite(seen.greeting)),
      { measured },
    );
  },
});

function quotes([first, ...more]: readonly Cite[], otherwise: Cite): readonly [Cite, ...Cite[]] {
  return first === undefined ? [otherwise] : [first, ...more];
}
