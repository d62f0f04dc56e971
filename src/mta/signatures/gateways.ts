import type { Portraits } from './portrait.ts';

/** What stands in front of other servers, and services that nobody but their owner sets up. */
export const gateways = {
  // Its mail proxy: no words of its own after RCPT, where the server behind takes over.
  nginx: {
    outer: true,
    replies: [
      { to: 'any', says: /^500 5\.5\.1 Invalid command$/, weight: 3 },
      { to: 'any', says: /^503 5\.5\.1 Bad sequence of commands$/, weight: 2 },
      { to: 'any', says: /^501 5\.5\.4 Invalid argument$/, weight: 2 },
      { to: 'MAIL', says: /^250 2\.0\.0 OK$/, weight: 2 },
      { to: 'MAIL', says: /^530 5\.7\.1 Authentication required$/, weight: 2 },
      { to: 'STARTTLS', says: /^220 2\.0\.0 Start TLS$/, weight: 3 },
      { to: 'any', says: /^421 4\.7\.1 (SSL certificate error|No required SSL certificate)$/, weight: 4 },
    ],
  },

  IronPort: {
    replies: [
      { to: 'MAIL', says: /^250 sender <.{0,500}> ok$/, weight: 4 },
      { to: 'RCPT', says: /^250 recipient <.{0,500}> ok$/, weight: 4 },
      { to: 'RCPT', says: /^550 #5\.1\.0 Address rejected/, weight: 4 },
    ],
  },

  // Made from Sendmail, and set up elsewhere.
  FortiMail: { outer: true, greeting: /^220[- ]\S+ ESMTP Smtpd; /, replies: [] },

  Barracuda: {
    greeting: /^220[- ]\S+ ESMTP \([\da-f]{32}\)$/,
    replies: [
      { to: 'MAIL', says: /^250 Sender <.{0,500}> OK$/, weight: 3 },
      { to: 'RCPT', says: /^250 Recipient <.{0,500}> OK$/, weight: 3 },
    ],
  },

  Coremail: {
    greeting: /^220[- ].{0,200} for Coremail System ?\(/,
    replies: [{ to: 'keywords', says: /\bCOREMAIL\b/, weight: 4 }],
  },

  Gmail: {
    outer: true,
    greeting: /^220[- ]\S+ ESMTP \S{1,80}(?: - |\.\d+ - )gsmtp/,
    replies: [
      { to: 'any', says: / - (gsmtp|gcdp)$/, weight: 4 },
      { to: 'EHLO', says: /^250-\S+ at your service, \[/, weight: 3 },
    ],
  },

  // An Exchange whose connectors nobody can reach.
  'Exchange Online': {
    outer: true,
    greeting: /^220[- ]\S+\.(?:mail\.protection\.outlook\.com|outlook\.office365\.com|mx\.microsoft) Microsoft ESMTP /,
    replies: [
      {
        to: 'EHLO',
        says: /^250[- ]\S+\.(mail\.protection\.outlook\.com|outlook\.office365\.com|mx\.microsoft) Hello \[/,
        weight: 4,
      },
      { to: 'any', says: / \[\S+\.prod\.(protection\.)?outlook\.com /, weight: 4 },
    ],
  },

  Proofpoint: { outer: true, greeting: /^220[- ]\S+\.(?:pphosted|ppe-hosted)\.com ESMTP /, replies: [] },

  Mimecast: {
    greeting: /^220[- ]\S+\.mimecast\.com ESMTP/,
    replies: [
      { to: 'MAIL', says: /^250 Sender OK \[[\w-]{8,40}\.\w{2,8}\]$/, weight: 4 },
      { to: 'any', says: / https:\/\/community\.mimecast\.com\/\S+\s\[[\w-]{8,40}\.\w{2,8}\]$/, weight: 4 },
    ],
  },

  Yandex: {
    outer: true,
    greeting: /^220[- ]\S+\.yandex\.net (?:ESMTP )?\(Want to use Yandex\.Mail for your domain\?/,
    replies: [],
  },

  'QQ Mail': { outer: true, greeting: /^220[- ]\S+\.qq\.com (?:MX QQ|Esmtp QQ) ?Mail Server/i, replies: [] },
} satisfies Portraits;
