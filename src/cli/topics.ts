/** A question that people who scan mail servers ask, and what this program does about it. */
export interface Topic {
  /** For `mxprobe help <name>`. */
  readonly name: string;
  readonly question: string;
  /** Paragraphs. */
  readonly answer: readonly string[];
  /** Command lines to try, and what each is for. */
  readonly commands: readonly (readonly [line: string, about: string])[];
}

export const topics: readonly Topic[] = [
  {
    name: 'throttling',
    question: 'The server cut us off. What is the rest of the report worth?',
    answer: [
      'No answer is never read as one. A 421, a greeting of 4xx, a hang-up and silence make a question inconclusive: throttled, closed or timeout, with what the server said. None of them turns into "no STARTTLS", and none into a pass. The report begins with how many questions a limiter cost; where nothing else failed, the exit code is 2.',
      'At most 5 connections are open to one address, each session stays below the number of errors at which servers slow down or hang up, and the number goes down when one connection is turned away while others of ours are open. Once a limiter has spoken the address is left alone, unless --patience allows waiting and asking again.',
    ],
    commands: [
      ['mxprobe scan example.com --patience 300', 'wait up to 300 s in all to be let in again'],
      ['mxprobe scan example.com --probe starttls-offer', 'fewer questions need fewer connections'],
    ],
  },
  {
    name: 'reputation',
    question: 'Does scanning harm the address that I scan from?',
    answer: [
      'Block lists and log watchers count EHLO names that change, sessions broken off without QUIT, failed logins, and mail to traps. By default there is nothing of the kind: one EHLO name throughout, QUIT at the end of every session, no login, no DATA, and no mail to anyone. AUTH trials that a server logs as failed logins, and bursts of connections, need --allow intrusive and --allow load.',
      'Use --helo with a name that your address resolves to and that resolves to your address, and scan from an address that sends no mail of yours. Where a server or a list refuses our address, name or sender, the finding is inconclusive (client-blocked, sender-rejected): it is about us, not about the server. The line "cost" ends each endpoint with what was sent.',
    ],
    commands: [
      ['mxprobe scan example.com --helo scanner.example.net', 'say who you are'],
      ['mxprobe scan example.com --plan', 'what would be sent, and nothing is'],
    ],
  },
  {
    name: 'relay',
    question: 'Why should I believe the verdict on open relaying?',
    answer: [
      'fail: a recipient outside was taken with 2xx, twice, the second time in lock step, so that replies and commands cannot have slipped against each other; the finding quotes the reply and names the form of the address. pass: every form was refused in words about relaying, or beside a recipient of the server\'s own that was taken in the same session. A refusal that may be about us, such as a block list, greylisting or our sender, is inconclusive. 454 "Relay access denied" is a firm refusal.',
      "It stops at RCPT, and nothing is delivered. A server that takes everything and throws it away later, such as a sink for tests, is reported as accepting: that is what it said; relay-proof tells the two apart, by mail to a receiver of your own (mxprobe help sink). Odd local parts at the server's own name count only where an unknown local part is refused there.",
    ],
    commands: [
      ['mxprobe scan mail.example.com:25 --probe open-relay --transcript', 'every command and every reply'],
      [
        'mxprobe scan mail.example.com:25 --probe open-relay --external me@example.net',
        'a recipient outside of your own',
      ],
      ['mxprobe probes open-relay', 'how it is judged, and the fix for each server'],
    ],
  },
  {
    name: 'vantage',
    question: 'Containers, NAT, IPv6: which client did the server take us for?',
    answer: [
      "Today's open relays are open to some clients only: a proxy or source NAT gives every client an address of mynetworks, or a firewall knows one family of addresses. So each address of a host, IPv4 and IPv6, and each port is an endpoint with verdicts of its own.",
      'measured.vantage says where we stood, told by the two ends of the connection: outside, or loopback, private, same-network. A finding from inside says that the server may trust us there: scan again from outside. --vantage trusted says that it does, and then accepting is inconclusive; --vantage outside says that it does not, as before a server is on the internet. Where the server names the address that it saw, --transcript shows it: compare it with your own.',
    ],
    commands: [
      ['mxprobe scan mail.example.com --probe open-relay --ipv6', 'one family of addresses'],
      ['mxprobe scan 10.0.0.5 --domain example.com --vantage outside', 'a private address outside of mynetworks'],
    ],
  },
  {
    name: 'enumeration',
    question: 'What do 252, 550 and 450 say about users?',
    answer: [
      'By themselves nothing. A name that is known and random ones are asked alike, and only a difference between them tells users from strangers: 252 to all of them is no leak, 252 to one and 550 to the others is. Greylisting of known names only is such a difference too; a 421 or a reply about our address is none.',
      "With --recipient, a mailbox that exists, the answer is firm; without it postmaster is asked. A domain that is not the server's own is inconclusive: name one with --domain. rcpt-oracle is no more than info, because refusing unknown users at RCPT is right, and taking them to bounce them later (backscatter) is worse.",
    ],
    commands: [
      [
        'mxprobe scan mail.example.com:25 --probe vrfy rcpt-oracle --recipient alice@example.com',
        'beside a user that exists',
      ],
      ['mxprobe probes vrfy', 'how it is judged'],
    ],
  },
  {
    name: 'tls',
    question: 'Is TLS judged by the rules of the web?',
    answer: [
      'No. Other servers use TLS on port 25 where they can and deliver without where they cannot (RFC 3207, RFC 7435): there a certificate that nobody vouches for is info, a wrong name or date low. Nobody is asked to refuse mail in clear on port 25. On submission ports it is as a mail client sees it: trust, name and dates are high, and tls-required asks in clear, with MAIL and AUTH, whether TLS can be left out.',
      'Not offered, offered and broken, and a bad certificate are different findings: starttls-offer, starttls-works, tls-certificate. A handshake that fails for a reason of ours or theirs is never "no STARTTLS".',
    ],
    commands: [
      ['mxprobe scan mail.example.com --probe tls-certificate tls-version tls-required', 'the three ports of a host'],
      ['mxprobe scan mail.example.com --tls-ca ca.pem --probe tls-certificate', 'an authority of your own'],
    ],
  },
  {
    name: 'smuggling',
    question: 'What does it say about SMTP smuggling?',
    answer: [
      'Nothing, and that is on purpose. Whether two servers disagree about the end of a message shows only when a message is sent through both and comes out as two. A server that takes a bare line feed inside a message is not thereby vulnerable, and a version in a banner proves neither. mxprobe sends no DATA by default, and gives no verdict that it cannot quote.',
      'What it does look for is the same confusion at STARTTLS: a command put behind STARTTLS in one write (starttls-injection, --allow intrusive). fail needs its answer, seen inside TLS; a server that refuses or drops it passes; where STARTTLS is not offered the question does not arise.',
    ],
    commands: [
      ['mxprobe scan mail.example.com --allow intrusive --authorized --probe starttls-injection', 'ask that'],
      ['mxprobe probes starttls-injection', 'how it is judged'],
    ],
  },
  {
    name: 'slow',
    question: 'What of servers that greet late, in many lines, or slowly?',
    answer: [
      'Nothing is said before the greeting is whole, however many lines it has. Each reply, the greeting too, may take 30 s, or what --timeout says; what takes longer is inconclusive (timeout), with the limit named, and never "no SMTP here". A server that sends a byte at a time is held to a limit for the whole dialogue: 300 s, or ten times --timeout where that is more.',
      'Odd replies are data: bare line feeds, codes that change from line to line, bytes that are no text. They are kept as they came, and shown printable.',
    ],
    commands: [
      ['mxprobe scan mail.example.com --timeout 120', 'a greeting delay of two minutes'],
      ['mxprobe scan mail.example.com --probe hello --transcript', 'what it greets with, and when'],
    ],
  },
  {
    name: 'automation',
    question: 'What can a script hold on to?',
    answer: [
      'The exit code: 0 nothing at or above --fail-on (default medium), 1 findings, 2 nothing failed but something permitted could not be told, 3 bad usage or an error of ours. What cannot be reached is 2, never 0. An error comes before findings, findings before doubt.',
      'The report goes to stdout or --output, whole or not at all; progress and complaints go to stderr. --format json is one document with a schema number, "probe" and "fingerprint" of a finding stay the same from scan to scan, and "fix" holds the lines to paste, for the server that was recognised. A saved report is judged again with no network. html is a page for people, sarif is for code scanning, junit for CI, nagios for monitors: on stdout that one ends with the exit code of a plugin. One scan writes as many reports as there are pairs of --format and --output.',
    ],
    commands: [
      ['mxprobe scan example.com --fail-on high --format json --output report.json', 'for a program'],
      ['mxprobe judge report.json --fail-on critical', 'the same answers, another threshold'],
      ['mxprobe judge report.json --format nagios', 'the answers of a nightly scan, for a monitor'],
    ],
  },
  {
    name: 'limits',
    question: 'Which limiter was it, and at what number?',
    answer: [
      '--allow load measures each limit by itself: connections at once, connections, messages, recipients, AUTH and TLS sessions a minute, errors and junk commands a session, waits. Each burst begins in a window proven quiet, with one event of its kind at a time, so that what refuses can only be that limiter, whatever its words; after a refusal one connection is closed and another tried, which tells a rate from a number at once. measured.limit is the number that is kept to, measured.windowSeconds its window.',
      'No refusal within --max-events is a fail, and so is a limit far above the ceilings of the policy. A client that the server may exempt (loopback, private, near) proves nothing: inconclusive, unless --vantage outside. These probes run alone, after all others, and the one that can shut us out last, so that no limit hides another finding.',
    ],
    commands: [
      [
        'mxprobe scan mail.example.com:25 --allow load --authorized --plan',
        'what would be sent, and how long it takes',
      ],
      ['mxprobe scan mail.example.com:25 --allow load --authorized', 'measure them all'],
      ['mxprobe probes connection-count', 'how it is judged'],
    ],
  },
];
