import { type ReplyRule, recipientIfAny, recipientStages } from './rule.ts';

/**
 * Where no words are known: the enhanced code, and last of all the basic one, where it means one thing at this stage.
 */
export const codeRules: readonly ReplyRule[] = [
  { meaning: 'greylisted', enhanced: /^4\.7\.500$/, from: 'Exchange Online' },
  { meaning: 'limit-messages', enhanced: /^4\.7\.28$/, from: 'Gmail' },
  {
    meaning: 'limit-recipients-per-message',
    code: /^452$/,
    enhanced: /^4\.5\.3$/,
    stages: ['rcpt'],
    from: 'RFC 5321 §4.5.3.1.10, RFC 3463 X.5.3',
  },
  {
    meaning: 'relay-denied',
    enhanced: /^5\.7\.(54|64)$/,
    stages: ['rcpt'],
    about: recipientIfAny,
    from: 'Exchange, Exchange Online, in whatever language',
  },
  { meaning: 'client-blocked', enhanced: /^[45]\.7\.25$/, from: 'RFC 7372 §3.2: reverse DNS' },
  { meaning: 'sender-rejected', enhanced: /^[45]\.(1\.7|7\.2[0-46])$/, from: 'RFC 7372: DKIM, SPF; RFC 3463 X.1.7' },
  { meaning: 'our-domain', enhanced: /^[45]\.(1\.8|7\.27)$/, from: 'RFC 3463 X.1.8, RFC 7505' },
  { meaning: 'our-domain', code: /^556$/, from: 'RFC 7504' },
  {
    meaning: 'our-domain',
    enhanced: /^[45]\.1\.2$/,
    stages: ['rcpt'],
    about: recipientIfAny,
    from: 'RFC 3463 X.1.2: bad destination system',
  },
  {
    meaning: 'unknown-user',
    enhanced: /^[45]\.1\.1$/,
    stages: recipientStages,
    about: recipientIfAny,
    from: 'RFC 3463 X.1.1',
  },
  {
    meaning: 'address-syntax',
    enhanced: /^[45]\.1\.3$/,
    stages: recipientStages,
    about: recipientIfAny,
    from: 'RFC 3463 X.1.3',
  },
  { meaning: 'too-big', enhanced: /^[45]\.3\.4$/, from: 'RFC 3463 X.3.4' },
  { meaning: 'server-error', enhanced: /^4\.3\./, from: 'RFC 3463 X.3' },

  { meaning: 'mechanism-unsupported', code: /^(504|534)$/, stages: ['auth'], from: 'RFC 4954 §4, §6' },
  { meaning: 'tls-required', code: /^(523|538)$/, stages: ['auth'], from: 'RFC 4954 §6; Dovecot' },
  { meaning: 'auth-unavailable', code: /^50[023]$/, stages: ['auth'], from: 'RFC 4954 §4' },
  { meaning: 'auth-failed', code: /^5[23]5$/, stages: ['auth'], from: 'RFC 4954 §6' },
  { meaning: 'server-error', code: /^4/, stages: ['auth', 'starttls'], from: 'RFC 4954 §6, RFC 3207 §4' },
  { meaning: 'disabled-command', code: /^50[023]$/, stages: ['starttls'], from: 'RFC 3207 §4' },
  { meaning: 'client-blocked', code: /^5/, stages: ['greeting'], from: 'RFC 5321 §3.1' },
  { meaning: 'not-smtp', code: /^(50[02]|530)$/, stages: ['helo'], from: 'RFC 5321 §4.5.1; RFC 959 §5.4' },
  { meaning: 'helo-rejected', code: /^50[14]$/, stages: ['helo'], from: 'RFC 5321 §4.1.1.1' },
  { meaning: 'auth-required', code: /^5(30|35)$/, from: 'RFC 4954 §6; Courier says 535 before AUTH' },
  { meaning: 'relay-denied', code: /^551$/, stages: ['rcpt'], about: recipientIfAny, from: 'RFC 5321 §3.4' },
  { meaning: 'too-big', code: /^(552|523|534)$/, stages: ['mail', 'data'], from: 'RFC 1870 §6; Courier' },
  { meaning: 'address-syntax', code: /^(501|555)$/, stages: ['rcpt', 'vrfy', 'expn'], from: 'RFC 5321 §4.3.2' },
  { meaning: 'command-syntax', code: /^(501|504|555)$/, from: 'RFC 5321 §4.3.2' },
  { meaning: 'disabled-command', code: /^50[02]$/, from: 'RFC 5321 §4.3.2' },
  { meaning: 'bad-sequence', code: /^503$/, from: 'RFC 5321 §4.3.2' },
  { meaning: 'unavailable', code: /^421$/, from: 'RFC 5321 §3.8' },
];
