import type { RowDefinition } from './row.ts';
import { anvilWindow } from './rows/anvil-window.ts';
import { pwcheckMethod, saslPath, saslType } from './rows/auth-backend.ts';
import { authEnable } from './rows/auth-enable.ts';
import { banner } from './rows/banner.ts';
import { forbidBareNewline } from './rows/bare-newline.ts';
import { clientRates } from './rows/client-rates.ts';
import { clientRestrictions } from './rows/client-restrictions.ts';
import { connectionCount } from './rows/connection-count.ts';
import { domainRows } from './rows/domains.ts';
import { discardKeywords } from './rows/ehlo-keywords.ts';
import { eventExceptions } from './rows/event-exceptions.ts';
import { headerSizeLimit } from './rows/header-size.ts';
import { heloRequired } from './rows/helo-required.ts';
import { hostname } from './rows/hostname.ts';
import { inetInterfaces } from './rows/interfaces.ts';
import { brokenClients } from './rows/legacy-auth.ts';
import { authMechanisms } from './rows/mechanisms.ts';
import { messageSizeLimit } from './rows/message-size.ts';
import { mynetworks, mynetworksStyle } from './rows/mynetworks.ts';
import { processLimit } from './rows/process-limit.ts';
import { queueMinfree } from './rows/queue-minfree.ts';
import { relayRestrictions } from './rows/relay-restrictions.ts';
import { saslLocalDomain } from './rows/sasl-realm.ts';
import { securityOptions, tlsSecurityOptions } from './rows/security-options.ts';
import { errorSleepTime, hardErrorLimit, softErrorLimit } from './rows/session-errors.ts';
import { junkCommandLimit, recipientLimit, requestDeadline, smtpdTimeout } from './rows/session-limits.ts';
import { tlsAuthOnly } from './rows/tls-auth-only.ts';
import { tlsExcludeCiphers } from './rows/tls-exclude-ciphers.ts';
import { tlsLevel } from './rows/tls-level.ts';
import { tlsProtocols } from './rows/tls-protocols.ts';
import { forbidUnauthPipelining } from './rows/unauth-pipelining.ts';
import { disableVrfy } from './rows/vrfy.ts';

/** Every directive that shows on the wire, in the order of its rows. */
export const allRows: readonly RowDefinition[] = [
  inetInterfaces,
  hostname,
  banner,
  discardKeywords,
  // Whose mail is taken, and for whom
  mynetworks,
  mynetworksStyle,
  ...domainRows,
  ...relayRestrictions,
  clientRestrictions,
  disableVrfy,
  forbidBareNewline,
  forbidUnauthPipelining,
  heloRequired,
  // AUTH
  authEnable,
  saslType,
  saslPath,
  pwcheckMethod,
  authMechanisms,
  securityOptions,
  tlsSecurityOptions,
  saslLocalDomain,
  brokenClients,
  // TLS
  tlsLevel,
  tlsAuthOnly,
  ...tlsProtocols,
  tlsExcludeCiphers,
  // Sizes and room
  messageSizeLimit,
  headerSizeLimit,
  queueMinfree,
  // Limits of a session
  hardErrorLimit,
  softErrorLimit,
  errorSleepTime,
  junkCommandLimit,
  recipientLimit,
  smtpdTimeout,
  requestDeadline,
  // Limits on clients
  ...clientRates,
  connectionCount,
  anvilWindow,
  eventExceptions,
  processLimit,
];
