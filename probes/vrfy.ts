import { defineProbe, inconclusive, randomLocalPart } from '../src/kit/index.ts';
import { askNames } from '../src/kit/names/ask.ts';
import { compareNames } from '../src/kit/names/compare.ts';
import { hearNames } from '../src/kit/names/hear.ts';
import { type AskedName, namesShape } from '../src/kit/names/phase.ts';
import { hello } from './hello.ts';

export const vrfy = defineProbe({
  id: 'vrfy',
  question: 'Does VRFY tell users from strangers?',
  severity: 'medium',
  weighs:
    'Medium: RCPT tells the same, but counts, slows and logs; VRFY serves nobody but guessers, and one line switches it off.',
  safety: 'active',
  why: 'VRFY was made to look up users. Today it serves those who gather addresses and names of accounts to guess passwords for, one command a name and without a trace in most mail logs.',
  judged:
    'VRFY for the mailbox named with --recipient and for random names, each as address and as local part, whether EHLO lists VRFY or not; again inside TLS where the server wants that. fail: known and random names are answered differently (Postfix: 252 against 550), or, without a known mailbox, a random name is called unknown. pass: disabled (502, 500, or a 252 that says so), or all names answered alike. inconclusive: the domain is not its own, or the mailbox unknown.',
  refs: [
    'RFC 5321 §3.5, §7.3',
    'Postfix disable_vrfy_command',
    'Sendmail PrivacyOptions novrfy, goaway',
    'Exim acl_smtp_vrfy',
  ],
  cost: { connections: 1, commands: 4 },
  // Nothing of it is read: but where nobody greets, one connection is enough.
  needs: { hello },

  data: namesShape,

  async observe(wire) {
    const { recipient, domain } = wire.subject;
    const at = recipient === null ? (domain === null ? '' : `@${domain}`) : recipient.slice(recipient.lastIndexOf('@'));
    const names: AskedName[] = [
      { who: 'known', form: 'address', name: recipient ?? '' },
      { who: 'random', form: 'address', name: at === '' ? '' : `${randomLocalPart()}${at}` },
      { who: 'random', form: 'local', name: randomLocalPart() },
      { who: 'known', form: 'local', name: recipient?.slice(0, recipient.lastIndexOf('@')) ?? '' },
    ];
    const asked = names.filter(({ name }) => name !== '');
    return { phases: await askNames(wire, 'VRFY', asked) };
  },

  judge(data) {
    const { heard, measured, untold } = hearNames(data, 'vrfy');
    if (untold !== null) return untold;
    const of = (wanted: AskedName['form']) =>
      compareNames(
        heard.filter(({ form }) => form === wanted),
        measured,
      );
    const results = [of('address'), of('local')].filter((result) => result !== null);
    return (
      results.find(({ verdict }) => verdict === 'fail') ??
      results.find(({ verdict }) => verdict === 'inconclusive') ??
      results[0] ??
      inconclusive('ambiguous', 'no name could be asked for', [], { measured })
    );
  },
});
