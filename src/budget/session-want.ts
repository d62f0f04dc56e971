import type { SmtpSession } from '../wire/session.ts';

/** What a lease asks for. */
export interface SessionWant {
  readonly probe: string;
  /** Endpoint id: sessions of other ports of the address do not fit. */
  readonly endpoint: string;
  /** A connection of its own. */
  readonly fresh: boolean;
  /** Of a fresh one: the greeting has been read, and it is adapted. Default: nothing is read yet. */
  readonly greeted?: boolean;
  readonly tls: boolean;
  /** Nothing but EHLO was said in it: STARTTLS is to be, or AUTH, by whoever asks. */
  readonly forTls?: boolean;
  readonly helo: string;
  /** Refusals, mistakes and non-mail commands that the session must still stand. */
  readonly room: { readonly refusals: number; readonly mistakes: number; readonly nonMail: number };
  /** What a session may collect in all. */
  readonly allowance: {
    readonly refusals: number;
    readonly mistakes: number;
    readonly nonMail: number;
    readonly recipients: number;
    readonly transactions: number;
  };
}

/** Whether the session is as wanted already. */
export function fits(session: SmtpSession, want: SessionWant): boolean {
  return session.helo === want.helo && (session.tls !== null) === want.tls;
}

/**
 * Takes the idle session that fits best out of the list: one as wanted, else one that can be made so (by STARTTLS, by
 * another EHLO). STARTTLS is said at the beginning of a session only: Courier takes it nowhere else, and behind a RCPT
 * it may be another server that answers (nginx's mail proxy).
 */
export function takeFitting(idle: SmtpSession[], want: SessionWant): SmtpSession | null {
  const able = idle.filter(
    (session) =>
      session.endpoint.id === want.endpoint &&
      hasRoom(session, want) &&
      (want.tls || session.tls === null) &&
      (!want.forTls || !session.isTouched) &&
      (!want.tls || session.tls !== null || !session.isTouched),
  );
  const chosen = able.find((session) => fits(session, want)) ?? able.find((session) => !session.isHealthy) ?? able[0];
  if (chosen === undefined) return null;
  idle.splice(idle.indexOf(chosen), 1);
  return chosen;
}

function hasRoom({ spent, isWorn }: SmtpSession, { room, allowance }: SessionWant): boolean {
  return (
    (!isWorn || room.refusals === 0) &&
    spent.refusals + room.refusals <= allowance.refusals &&
    spent.mistakes + room.mistakes <= allowance.mistakes &&
    spent.nonMail + room.nonMail <= allowance.nonMail &&
    spent.recipients + room.refusals < allowance.recipients &&
    spent.transactions < allowance.transactions
  );
}
