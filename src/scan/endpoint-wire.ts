import type { AddressBudget } from '../budget/address-budget.ts';
import type { SessionWant } from '../budget/session-want.ts';
import {
  type LoadWire,
  offers,
  type Receiving,
  refusalOf,
  type SessionRequest,
  type Subject,
  sayHello,
} from '../kit/index.ts';
import type { Recorder } from '../wire/recorder.ts';
import { type IntroducedSession, isIntroduced, type SessionOptions, SmtpSession } from '../wire/session.ts';
import { TroubleError } from '../wire/trouble-error.ts';
import type { LoadHalf } from './load-wire.ts';
import type { ScanOptions } from './options.ts';

/** The wire of one probe on one endpoint: sessions from the budget of its address, recorded under the probe's id. */
export function endpointWire(
  probe: string,
  subject: Subject,
  options: ScanOptions,
  budget: AddressBudget,
  recorder: Recorder,
  load: LoadHalf,
  receiving: Receiving,
): LoadWire {
  const { endpoint } = subject;
  const { restraint, tlsCa, signal } = options;
  const open = (begin: Pick<SessionOptions, 'tls' | 'way'> = {}) =>
    SmtpSession.open({ endpoint, restraint, recorder, probe, tlsCa, signal, ...begin });
  const allowance = () => ({
    refusals: budget.refusalsPerSession,
    mistakes: restraint.mistakesPerSession,
    nonMail: restraint.nonMailPerSession,
    recipients: budget.recipientsPerSession,
    transactions: budget.transactionsPerSession,
  });
  const want = (request: SessionRequest, fresh: boolean): SessionWant => ({
    probe,
    endpoint: endpoint.id,
    fresh,
    tls: request.tls ?? endpoint.tls === 'implicit',
    forTls: request.forTls ?? false,
    helo: request.helo ?? subject.helo,
    room: { refusals: request.refusals ?? 1, mistakes: request.mistakes ?? 0, nonMail: request.nonMail ?? 1 },
    allowance: allowance(),
  });
  return {
    subject,
    get allowance() {
      return allowance();
    },
    get oneByOne() {
      return budget.isOneByOne(endpoint.id);
    },
    sessionsPerProbe: restraint.sessionsPerProbe,
    get load() {
      return load.load;
    },
    clock: load.clock,
    receiving,
    service: load.service,
    quiet: load.quiet,
    handshakesSince: load.handshakesSince,
    raw: (given) => load.raw(probe, given),
    rested: load.rested,
    own: async ({ tls, ...times } = {}) => {
      const session = await load.raw(probe, times);
      try {
        return introduced(await ownSession(session, subject, tls));
      } catch (error) {
        await session.release(session);
        throw error;
      }
    },
    session: async (request = {}) => {
      await load.rested();
      const wanted = want(request, false);
      const session = await budget.lease(
        wanted,
        () => open(),
        (leased) => adapt(leased, wanted, subject),
      );
      return introduced(session);
    },
    fresh: async (begin) => {
      await load.rested();
      return await budget.lease(
        want({}, true),
        () => open(begin),
        async (session) => session,
      );
    },
    apart: async ({ until, tls = endpoint.tls === 'implicit', helo = subject.helo }) => {
      await load.rested();
      // Greeted within the budget, which knows what to do where one connection less is the answer.
      const session = await budget.lease(
        { ...want({}, true), greeted: until !== 'connected' },
        () => open(),
        async (leased) => (until === 'introduced' ? await adapt(leased, { tls, helo }, subject) : leased),
      );
      session.setApart();
      return session;
    },
  };
}

function introduced(session: SmtpSession): IntroducedSession {
  if (!isIntroduced(session)) throw new Error('a session that is handed out is introduced');
  return session;
}

/** Greets, and introduces us as users do, unless told whether inside TLS. */
async function ownSession(session: SmtpSession, subject: Subject, tls?: boolean): Promise<SmtpSession> {
  const { endpoint, helo } = subject;
  await session.greet();
  await sayHello(session, helo);
  const asUsers = endpoint.role === 'submission' && session.ehlo !== null && offers(session.ehlo.reply, 'STARTTLS');
  return await adapt(session, { tls: tls ?? asUsers, helo }, subject);
}

/** Brings a greeted session into the state that is wanted: TLS, EHLO, HELO name. */
async function adapt(
  session: SmtpSession,
  want: Pick<SessionWant, 'tls' | 'helo'>,
  subject: Subject,
): Promise<SmtpSession> {
  if (want.tls && session.tls === null) {
    if (session.helo === null) await sayHello(session, want.helo);
    const outcome = await session.startTls();
    if (outcome.kind === 'failed') throw new TroubleError(outcome.trouble);
    if (outcome.kind === 'refused') throw await refusalOf(session, outcome.exchange, 'STARTTLS', 'tls-failed', subject);
  }
  if (session.helo !== want.helo) await sayHello(session, want.helo);
  return session;
}
