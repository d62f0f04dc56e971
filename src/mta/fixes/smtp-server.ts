import type { Fixes } from '../../model/mtas.ts';

/** It has no configuration file: its options are what a program gives it. */
const options = (...lines: readonly string[]): Fixes => ({
  'smtp-server': ['# among the options of new SMTPServer({ … }), then start the program again', ...lines],
});

const isOwn = '# isOwn: a function of yours that knows the domains you take mail for';

export const smtpServerFixes: Readonly<Record<string, Fixes>> = {
  'open-relay': options(
    isOwn,
    "onRcptTo: (to, session, callback) => callback(session.user || isOwn(to.address) ? null : new Error('Relaying denied')),",
  ),
  'own-domain-spoof': options(
    isOwn,
    "onMailFrom: (from, session, callback) => callback(!session.user && isOwn(from.address) ? new Error('This sender must log in') : null),",
  ),
  'submission-auth': options('authOptional: false,'),
  'auth-weak': options("authMethods: ['PLAIN', 'LOGIN'],"),
  'auth-on-mx': options("disabledCommands: ['AUTH'],"),
  'tls-certificate': options(
    "key: readFileSync('/etc/letsencrypt/live/mx.example.com/privkey.pem'),",
    "cert: readFileSync('/etc/letsencrypt/live/mx.example.com/fullchain.pem'),",
  ),
  'tls-version': options("minVersion: 'TLSv1.2',"),
  'tls-ciphers': options("ciphers: 'HIGH:!aNULL:!eNULL:!kRSA:!3DES:!RC4',"),
  xclient: options('useXClient: false,', 'useXForward: false,'),
  'message-size': options('size: 52428800,'),
  'recipients-per-message': options('maxRecipients: 100,'),
  'connection-count': options('# of all clients together', 'maxClients: 100,'),
  'idle-timeout': options('socketTimeout: 300000,'),
};
