import { answerOf } from '../src/kit/auth/answer.ts';
import { loginsToBegin, mayBeLogged } from '../src/kit/auth/log-watchers.ts';
import { cancelledThenBegun, unlistedRefused, untoldOf } from '../src/kit/auth/reading.ts';
import { askRules, type RulesDialogue, rulesDialogueShape } from '../src/kit/auth/rules.ts';
import { type SeenInClear, type SeenInTls, type SeenPhase, seenPhases } from '../src/kit/auth/seen.ts';
import { isCountedAsFailure, logsStrangers } from '../src/kit/auth/trial.ts';
import {
  type Cite,
  cite,
  defineProbe,
  type Exchange,
  fail,
  hindered,
  inconclusive,
  type Judgement,
  notApplicable,
  pass,
  type Trouble,
  type Zod,
} from '../src/kit/index.ts';
import { authAfterTls } from './auth-after-tls.ts';
import { authBeforeTls } from './auth-before-tls.ts';

/** Null: no mechanism works, so there was nothing to ask. */
const data = (z: Zod) => rulesDialogueShape(z).nullable();

export const authState = defineProbe({
  id: 'auth-state',
  question: 'Does AUTH keep to its rules?',
  severity: 'low',
  weighs: 'Low: a rule of the protocol that is broken, and no way in by itself.',
  safety: 'active',
  why: 'A server that lets a login begin where none may, or by a mechanism that does not exist, does not check what it is told; one that refuses every login after a cancelled one locks users out.',
  judged:
    "fail: AUTH is taken up in a mail transaction, a mechanism that is not listed is answered 334 or 235, or a login after a cancelled one is refused. pass: all as RFC 4954 §4 has it; 504 and Postfix's 535 are both refusals. A Postfix is not asked for a mechanism that it does not list, as it would log a failed login. A second AUTH after a login needs a password: not asked.",
  refs: ['RFC 4954 §4', 'RFC 4422 §3.1', 'RFC 5321 §4.1.4'],
  cost: { connections: 1, commands: 6 },
  needs: { clear: authBeforeTls, inside: authAfterTls },
  data,

  async observe(wire, { clear, inside }) {
    const chosen = whereItWorks(clear, inside);
    if (chosen === null || countsCancelled(chosen.phase)) return null;
    if (loginsToBegin(chosen.phase.phase.ehlo.reply) <= 1 && !mayBeLogged(wire)) return null;
    const { phase, mechanism } = chosen;
    const known = unlistedRefused(phase.phase) !== null;
    const spare = phase.phase.trials.some(logsStrangers) && !mayBeLogged(wire);
    const unlisted = known ? 'known' : spare ? 'spare' : 'ask';
    const again = cancelledThenBegun(phase.phase.trials) === null;
    return await askRules(wire, { tls: phase.phase.tls, mechanism, again, unlisted });
  },

  judge(data, { clear, inside }) {
    const { phases, missing } = seenPhases(clear, inside);
    const chosen = whereItWorks(clear, inside);
    if (data !== null && chosen !== null) {
      const { phase } = chosen.phase;
      const again = cancelledThenBegun(phase.trials)?.exchange ?? data.again;
      return judgeDialogue({ ...data, again, unlisted: unlistedRefused(phase)?.exchange ?? data.unlisted });
    }
    if (chosen !== null) {
      const ends = chosen.phase.phase.trials.flatMap(({ cancel }) => (cancel === null ? [] : [cite(cancel.reply)]));
      return inconclusive(
        'not-permitted',
        'this server counts a login that is called off as a failed one: no more of them',
        ends,
      );
    }
    const untold = phases.find(({ reading }) => reading.untold !== null)?.reading.untold ?? missing;
    const offered = phases.some(({ reading }) => reading.listed.length > 0);
    if (untold !== null) return hindered(untold);
    if (offered) return inconclusive('prerequisite', 'AUTH is listed, and no mechanism works');
    return notApplicable('AUTH is not offered');
  },
});

/** Inside TLS where AUTH works there, else in clear; with a mechanism that is worth nothing to whoever listens. */
function whereItWorks(clear: SeenInClear, inside: SeenInTls): { phase: SeenPhase; mechanism: string } | null {
  const phase = seenPhases(clear, inside).phases.findLast(({ reading }) =>
    reading.works.some(({ answer }) => answer === 'works'),
  );
  const mechanism = phase?.reading.works.find(({ answer }) => answer === 'works')?.mechanism;
  return phase === undefined || mechanism === undefined ? null : { phase, mechanism };
}

const countsCancelled = ({ phase }: SeenPhase): boolean =>
  phase.trials.some(({ cancel }) => isCountedAsFailure(cancel));

type AuthAnswer =
  | { readonly kind: 'refused' | 'taken'; readonly at: Cite }
  | { readonly kind: 'untold'; readonly untold: Trouble };

function judgeDialogue(data: RulesDialogue): Judgement {
  const { mechanism } = data;
  const unlisted = read(data.unlisted, 'of a mechanism that nobody has');
  const inTransaction = read(data.inTransaction, `${mechanism} in a mail transaction`);
  const afterCancel = read(data.again, `${mechanism} after a cancelled login`);
  const measured = {
    mechanism,
    tls: data.tls,
    unlisted: data.spared ? 'not asked: the server would log a failed login' : wordOf(unlisted),
    inTransaction:
      data.mail !== null && data.inTransaction === null && data.cut === null
        ? 'not asked: MAIL was refused'
        : wordOf(inTransaction),
    afterCancel: wordOf(afterCancel),
  };
  const breaches: { because: string; at: Cite }[] = [];
  if (unlisted?.kind === 'taken')
    breaches.push({ because: 'it takes up a mechanism that nobody has', at: unlisted.at });
  if (inTransaction?.kind === 'taken')
    breaches.push({ because: 'it lets a login begin in a mail transaction (RFC 4954 §4)', at: inTransaction.at });
  if (afterCancel?.kind === 'refused')
    breaches.push({ because: 'after a cancelled login it refuses the next', at: afterCancel.at });
  const [first, ...more] = breaches;
  if (first !== undefined) {
    const evidence: [Cite, ...Cite[]] = [first.at, ...more.map(({ at }) => at)];
    const headline = 'It takes AUTH where the protocol forbids it, or refuses it where it must not';
    return fail(breaches.map(({ because }) => because).join('; '), evidence, { measured, headline });
  }
  const asked = [inTransaction, unlisted, afterCancel].filter((one) => one !== null);
  const untold = asked.find((one) => one.kind === 'untold');
  if (untold?.kind === 'untold') return hindered(untold.untold, { measured });
  if (data.cut !== null) return hindered(data.cut, { measured });
  const [quote, ...quotes] = asked.flatMap((one) => (one.kind === 'untold' ? [] : [one.at]));
  if (quote === undefined) return inconclusive('prerequisite', 'none of it could be asked', [], { measured });
  const kept = [
    ...(inTransaction === null ? [] : ['refused in a mail transaction']),
    ...(unlisted === null ? [] : ['refused by a name that is not listed']),
    ...(afterCancel === null ? [] : ['taken up again after a cancelled one']),
  ];
  return pass(`a login is ${kept.join(', ')}`, [quote, ...quotes], { measured });
}

function read(exchange: Exchange | null, what: string): AuthAnswer | null {
  if (exchange === null) return null;
  const at = cite(exchange.reply);
  const answer = answerOf(exchange.reply);
  if (answer === 'works' || answer === 'logged-in') return { kind: 'taken', at };
  const untold = untoldOf({ mechanism: what, answer, reply: exchange.reply });
  // A 501 for a name that it does not know is a refusal as well.
  return untold === null || (answer === 'unclear' && exchange.reply.code === 501)
    ? { kind: 'refused', at }
    : { kind: 'untold', untold };
}

const wordOf = (asked: AuthAnswer | null): string => (asked === null ? 'not asked' : asked.kind);
