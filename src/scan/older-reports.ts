import { type RemarkKind, remarkKinds } from '../model/transcript.ts';
import { type Cause, causes } from '../model/trouble.ts';

/**
 * A saved report as this version writes it. Earlier ones said in sentences alone what trouble there was and what a
 * remark of the scanner's told; this is the one place that reads those sentences, as those versions wrote them. Tags
 * that a later version has added are read as `unknown`.
 */
export function upgraded(value: unknown): unknown {
  if (!isFields(value) || !Array.isArray(value.endpoints)) return value;
  return {
    ...value,
    endpoints: value.endpoints.map((endpoint) => (isFields(endpoint) ? ofEndpoint(endpoint) : endpoint)),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function ofEndpoint(endpoint: Fields): Fields {
  const { findings, observations, sessions } = endpoint;
  const causeOf = causeReader(listOf(sessions).filter(isFields));
  const older = isFields(observations)
    ? mapFields(observations, (observed, probe) => inShape(probe, observed))
    : observations;
  return {
    ...endpoint,
    ...(Array.isArray(findings) && saysNoKinds(sessions)
      ? { findings: findings.map((one) => withCause(one, causeOf)) }
      : {}),
    ...(older === undefined ? {} : { observations: everyTrouble(older, causeOf) }),
    ...(Array.isArray(sessions) ? { sessions: sessions.map(ofSession) } : {}),
  };
}

/** A version that gave remarks no kind gave findings no cause; today a finding without a cause has none to give. */
const saysNoKinds = (sessions: unknown): boolean =>
  !listOf(sessions).some((session) =>
    listOf(isFields(session) ? session.events : []).some((event) => isFields(event) && event.kind !== undefined),
  );

type CauseReader = (trouble: Fields) => Cause;

/** Trouble is whatever has a doubt, a sentence and quotes. */
const isTrouble = (value: Fields): boolean =>
  typeof value.doubt === 'string' && typeof value.because === 'string' && Array.isArray(value.evidence);

function withCause(value: unknown, causeOf: CauseReader): unknown {
  if (!isFields(value) || !isTrouble(value)) return value;
  return { ...value, cause: causes.find((one) => one === value.cause) ?? causeOf(value) };
}

function everyTrouble(value: unknown, causeOf: CauseReader): unknown {
  if (Array.isArray(value)) return value.map((one) => everyTrouble(one, causeOf));
  if (!isFields(value)) return value;
  return withCause(
    mapFields(value, (one) => everyTrouble(one, causeOf)),
    causeOf,
  );
}

const mapFields = (fields: Fields, change: (value: unknown, name: string) => unknown): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value, name)]));

/** The cause is that of the remark which the trouble quotes; a reply that it quotes ended the dialogue. */
function causeReader(sessions: readonly Fields[]): CauseReader {
  return ({ cause, evidence }) => {
    if (cause !== undefined) return 'unknown';
    const quoted = listOf(evidence)
      .filter(isFields)
      .map((cite) => {
        const session = sessions.find(({ id }) => id === cite.session);
        return listOf(session?.events)[Number(cite.event)];
      });
    const events = quoted.filter(isFields);
    const remark = events.find(({ from }) => from === 'scanner');
    if (remark === undefined) return events.some(({ from }) => from === 'them') ? 'reply' : 'unknown';
    return causesOfRemarks.find(([words]) => words.test(String(remark.text)))?.[1] ?? 'unknown';
  };
}

/** Remarks as earlier versions wrote them. */
const causesOfRemarks: readonly (readonly [RegExp, Cause])[] = [
  [/^TCP connection failed: ECONNREFUSED$/, 'refused'],
  [/^TCP connection failed: /, 'no-route'],
  [/^no TCP connection within /, 'filtered'],
  [/^connection lost: /, 'reset'],
  [/^the server closed the connection/, 'hang-up'],
  [/^nothing within the /, 'deadline'],
  [/^(nothing|no TLS handshake) within /, 'silence'],
  [/^TLS handshake failed: .*ALERT/, 'tls-alert'],
  [/^TLS handshake failed/, 'tls-broken'],
  [/^the server sent /, 'too-much'],
  [/^the scan was ended/, 'stopped'],
];

function ofSession(session: unknown): unknown {
  if (!isFields(session) || !Array.isArray(session.events)) return session;
  return { ...session, events: session.events.map(ofEvent) };
}

function ofEvent(event: unknown): unknown {
  if (!isFields(event) || event.from !== 'scanner') return event;
  const { kind, ...rest } = event;
  const known =
    remarkKinds.find((one) => one === kind) ??
    (kind === undefined ? kindsOfRemarks.find(([words]) => words.test(String(event.text)))?.[1] : undefined);
  return known === undefined ? rest : { ...rest, kind: known };
}

const kindsOfRemarks: readonly (readonly [RegExp, RemarkKind])[] = [
  [/^connected to /, 'connected'],
  [/^TLS established: /, 'handshake'],
  [/^TLS handshake failed/, 'handshake-failed'],
  [/^sent "/, 'part'],
  [/^closed by the server /, 'closed'],
  [/^/, 'trouble'],
];

/** Observations that had another shape. */
function inShape(probe: string, observed: unknown): unknown {
  if (!isFields(observed)) return observed;
  if (probe === 'starttls-works') return ofStartTls(observed);
  if (probe !== 'tls-version' || !Array.isArray(observed.attempts)) return observed;
  return { ...observed, attempts: observed.attempts.map(ofAttempt), control: ofAttempt(observed.control) };
}

/** A handshake that broke was told in the fields of its trouble, with one quote at most. */
function ofStartTls(observed: Fields): Fields {
  const { doubt, because, at, after, ...rest } = observed;
  if (observed.kind === 'failed' && observed.cut === undefined)
    return { ...rest, cut: { doubt, because, evidence: isFields(at) ? [at] : [] } };
  if (typeof after === 'string') return { ...rest, after: { doubt: 'closed', because: after, evidence: [] } };
  return observed;
}

/** One attempt at a handshake, likewise; what was settled on stood in the place of the sentence. */
function ofAttempt(attempt: unknown): unknown {
  if (!isFields(attempt) || !('code' in attempt)) return attempt;
  const { version, result, code, heard, doubt, because, at } = attempt;
  if (result === 'established') return { version, result, protocol: because, at: listOf(at)[0] };
  const alert = typeof code === 'string' ? /_ALERT_([A-Z_]{1,60})$/.exec(code)?.[1]?.toLowerCase() : undefined;
  const handshake = code === null ? {} : { handshake: { code, heard, ...(alert === undefined ? {} : { alert }) } };
  return { version, result, cut: { doubt, because, evidence: at, ...handshake } };
}
