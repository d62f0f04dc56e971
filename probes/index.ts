import type { Probe } from '../src/kit/index.ts';
import { authAfterTls } from './auth-after-tls.ts';
import { authAnonymous } from './auth-anonymous.ts';
import { authBeforeTls } from './auth-before-tls.ts';
import { authOnMx } from './auth-on-mx.ts';
import { authRate } from './auth-rate.ts';
import { authState } from './auth-state.ts';
import { authWeak } from './auth-weak.ts';
import { backscatter } from './backscatter.ts';
import { banner } from './banner.ts';
import { bareNewline } from './bare-newline.ts';
import { commandDeadline } from './command-deadline.ts';
import { connectionCount } from './connection-count.ts';
import { connectionRate } from './connection-rate.ts';
import { delivers } from './delivers.ts';
import { domainProbes } from './domain/index.ts';
import { earlyTalker } from './early-talker.ts';
import { errorLimit } from './error-limit.ts';
import { etrn } from './etrn.ts';
import { expn } from './expn.ts';
import { harvestBrake } from './harvest-brake.ts';
import { headerLimit } from './header-limit.ts';
import { hello } from './hello.ts';
import { heloOwnName } from './helo-own-name.ts';
import { heloRequired } from './helo-required.ts';
import { httpVerbs } from './http-verbs.ts';
import { idleTimeout } from './idle-timeout.ts';
import { junkLimit } from './junk-limit.ts';
import { lineLength } from './line-length.ts';
import { messageRate } from './message-rate.ts';
import { messageSize } from './message-size.ts';
import { openRelay } from './open-relay.ts';
import { ownDomainSpoof } from './own-domain-spoof.ts';
import { pipeliningOrder } from './pipelining-order.ts';
import { postmaster } from './postmaster.ts';
import { queueSpace } from './queue-space.ts';
import { rcptOracle } from './rcpt-oracle.ts';
import { reachable } from './reachable.ts';
import { recipientRate } from './recipient-rate.ts';
import { recipientsPerMessage } from './recipients-per-message.ts';
import { relayProof } from './relay-proof.ts';
import { starttlsInjection } from './starttls-injection.ts';
import { starttlsOffer } from './starttls-offer.ts';
import { starttlsTrailing } from './starttls-trailing.ts';
import { starttlsWorks } from './starttls-works.ts';
import { submissionAuth } from './submission-auth.ts';
import { takesItsMail } from './takes-its-mail.ts';
import { tlsCertificate } from './tls-certificate.ts';
import { tlsCiphers } from './tls-ciphers.ts';
import { tlsRequired } from './tls-required.ts';
import { tlsSessionRate } from './tls-session-rate.ts';
import { tlsVersion } from './tls-version.ts';
import { vrfy } from './vrfy.ts';
import { xclient } from './xclient.ts';

/** The catalogue, in the order of its findings; each below the probes that it needs. */
export const probes: readonly Probe[] = [
  hello,
  reachable,
  starttlsWorks,
  starttlsOffer,
  // Relay
  openRelay,
  relayProof,
  submissionAuth,
  // Enumeration, and who may speak for whom
  rcptOracle,
  takesItsMail,
  delivers,
  ownDomainSpoof,
  vrfy,
  expn,
  postmaster,
  backscatter,
  // AUTH
  authBeforeTls,
  authAfterTls,
  authAnonymous,
  authWeak,
  authOnMx,
  authState,
  // TLS
  tlsRequired,
  tlsCertificate,
  tlsVersion,
  tlsCiphers,
  starttlsInjection,
  starttlsTrailing,
  // Protocol hygiene
  bareNewline,
  xclient,
  heloRequired,
  earlyTalker,
  pipeliningOrder,
  httpVerbs,
  lineLength,
  etrn,
  banner,
  heloOwnName,
  // Limits: message size and queue space cost next to nothing, the others are load; what can lock us out comes last
  messageSize,
  queueSpace,
  headerLimit,
  errorLimit,
  junkLimit,
  idleTimeout,
  commandDeadline,
  recipientsPerMessage,
  harvestBrake,
  messageRate,
  recipientRate,
  authRate,
  tlsSessionRate,
  // It shuts us out until its window is over, which is waited for. Nothing but the number at once comes after it, as
  // that is told from the rate by it.
  connectionRate,
  connectionCount,
  // Of a domain: what its records say, held against what its servers showed
  ...domainProbes,
];
