/** All that a probe author imports. */

export { type Aftermath, aftermathShape } from '../model/aftermath.ts';
export {
  allSuites,
  faultOf,
  type SuiteFault,
  suiteFaults,
  suiteName,
  suitesWith,
} from '../model/cipher-suites.ts';
export { type Endpoint, type Role, roles } from '../model/endpoint.ts';
export * from '../model/in-words.ts';
export {
  fail,
  hindered,
  type Inconclusive,
  inconclusive,
  type Judgement,
  type Measured,
  notApplicable,
  pass,
  type Severity,
  type Told,
} from '../model/judgement.ts';
export {
  type Answered,
  answerShape,
  type Fetched,
  fetchedShape,
  type Lookup,
  type RecordOf,
  type RecordType,
} from '../model/lookup.ts';
export type { Policy } from '../model/policy.ts';
export * from '../model/reply.ts';
export type { Shape, Shaped, Zod } from '../model/shape.ts';
export { withTimeline } from '../model/timeline.ts';
export { type CertificateFacts, type TlsFacts, tlsFactsShape } from '../model/tls.ts';
export {
  type HelloOffer,
  type HelloVersion,
  helloVersions,
  type TlsAnswer,
  tlsAnswerShape,
} from '../model/tls-answer.ts';
export { type Cite, citeShape } from '../model/transcript.ts';
export { type Cause, type Doubt, type Trouble, trouble, troubleShape } from '../model/trouble.ts';
export { type Vantage, vantages } from '../model/vantage.ts';
export { fixesFor } from '../mta/fixes.ts';
export { type GreetingClaims, greetingClaims } from '../mta/greeting-claims.ts';
export { isServerTrouble } from '../mta/meanings.ts';
export { recognise } from '../mta/recognise.ts';
export { type Meaning, meaningOf, type Reading, type Said, tellingLine } from '../mta/reply-meaning.ts';
export * from '../mta/unanswered.ts';
export type { HandshakeWay, TlsVersion } from '../wire/handshake.ts';
export type { Flight, IntroducedSession, SmtpSession, StartTls } from '../wire/session.ts';
export { ignoreTrouble, inTrouble, TroubleError, troubleOf } from '../wire/trouble-error.ts';
export { askTls } from './ask-tls.ts';
export * from './domain-probe.ts';
export * from './probe.ts';
export * from './refused.ts';
export * from './subject.ts';
export { askTransactions } from './transactions/ask.ts';
export type { Transaction, TransactionAnswer } from './transactions/transaction.ts';
