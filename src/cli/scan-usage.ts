import { safeties, severities } from '../model/judgement.ts';
import type { Report } from '../model/report.ts';
import { type Document, scanDocument } from '../report/documents.ts';
import { documentOptions } from './document-options.ts';
import type { Option, Options, Usage } from './usage.ts';

const which = 'What is asked';
const names = 'Names and addresses used';
const how = 'How loud and how patient';
const out = 'What comes out';

/** What decides how a report comes out. */
export const reportOptions = (document: Document<Report>) =>
  ({
    ...documentOptions(document, out),
    'fail-on': {
      group: out,
      value: 'severity',
      values: severities,
      about: 'Exit code 1 from here on: info, low, medium, high, critical (default medium)',
    },
    quiet: { group: out, about: 'Print the end alone: counts, findings in a line each, what could not be told' },
    verbose: { group: out, about: 'Print every answer with its quotes, and the figures that machines read' },
    transcript: { group: out, about: 'Show whole dialogues in terminal output' },
  }) satisfies Options;

export const policyOption: Option = {
  group: which,
  value: 'file',
  values: 'policies',
  about: 'Judge by this policy: YAML or JSON, or the name of a built-in (mxprobe policy lists them)',
};

export const scanUsage: Usage = {
  words: '<target>...',
  about: `Asks mail servers what they let strangers do, and quotes the answers.

A target is
  example.com  mail.example.com  mail.example.com:587  192.0.2.1  [2001:db8::1]:25
  smtp://host:port  smtps://host:port  submission://host  submissions://host
  -  (targets from standard input, one a line)     @file or ./file  (from a file)`,
  options: {
    ports: {
      group: which,
      value: '25,587,465',
      about: 'Ports of a host or domain (default: 25 of an MX domain; 25, 587, 465 of a host)',
    },
    allow: {
      group: which,
      value: 'class',
      values: safeties,
      about: 'Loudest class of probe: passive, active, intrusive, load (default active)',
    },
    authorized: {
      group: which,
      about: 'You may run intrusive and load probes on this public address; kept in the report',
    },
    plan: { group: which, about: 'Say what would be sent, and stop' },
    probe: { group: which, value: 'id', values: 'probe ids', several: true, about: 'Only these, and those they need' },
    skip: { group: which, value: 'id', values: 'probe ids', several: true, about: 'Not these' },
    policy: policyOption,
    domain: { group: names, value: 'domain', about: "A domain the server takes mail for (default: the target's)" },
    recipient: { group: names, value: 'address', about: 'A mailbox known to exist there (default: postmaster)' },
    external: {
      group: names,
      value: 'address',
      about: "A recipient elsewhere, for relay tests (default: at the EHLO name's domain)",
    },
    sender: { group: names, value: 'address', about: "Envelope sender (default: at the EHLO name's domain)" },
    helo: { group: names, value: 'name', about: "Name given in EHLO (default: this host's)" },
    timeout: { group: how, value: 'seconds', about: 'Wait so long for each reply (default 30)' },
    concurrency: { group: how, value: 'n', about: 'Addresses scanned side by side (default 32)' },
    patience: {
      group: how,
      value: 'seconds',
      about: 'Wait so long in all for a limiter to let us in again (default 0)',
    },
    'max-events': {
      group: how,
      value: 'n',
      about: 'What a load probe may send at most to find one limit (default 120)',
    },
    'max-minutes': {
      group: how,
      value: 'n',
      about: 'How long a server may take (default 10; load probes, 60 on top): what was told by then is told',
    },
    vantage: {
      group: how,
      value: 'place',
      values: ['outside', 'trusted'],
      about: 'Where we stand for the server: outside or trusted (default: told by the addresses)',
    },
    ipv4: { group: how, about: 'IPv4 only' },
    ipv6: { group: how, about: 'IPv6 only' },
    dns: { group: how, value: 'server', about: "DNS server, address or address:port (default: the system's)" },
    'dns-trusted': { group: how, about: 'Believe that server about DNSSEC; one on this machine is believed as it is' },
    private: { group: which, about: 'MX hosts may have private and loopback addresses: a network of your own' },
    dnsbl: {
      group: which,
      value: 'zone',
      about: "Ask this block list about the addresses of a domain's servers; may be given several times",
    },
    'vantage-address': {
      group: how,
      value: 'address',
      about: 'The address that servers see of us, for what is said of where the scan stands',
    },
    sink: {
      group: names,
      value: 'where',
      about: 'Where relayed mail comes out: embedded, or the results of mxprobe sink (a file, https://…)',
    },
    'sink-domain': {
      group: names,
      value: 'domain',
      about: "Of an embedded sink: its mail comes to this machine (default: this host's name)",
    },
    'sink-listen': { group: names, value: 'address:port', about: 'Where an embedded sink listens (default :25)' },
    inbox: {
      group: names,
      value: 'mailbox',
      about: 'Where mail for --recipient arrives: imaps://user@host/folder, imap://… or maildir:/path',
    },
    wait: { group: how, value: 'seconds', about: 'Wait so long for a message to come out (default 600)' },
    'tls-ca': { group: how, value: 'file', values: 'files', about: 'CA bundle (PEM) to judge certificates by' },
    ...reportOptions(scanDocument),
  },
  examples: [
    ['example.com', 'every MX host of a domain, port 25'],
    ['mail.example.com --ports 25,587', 'two ports of one host'],
    ['192.0.2.1:25 --probe open-relay --transcript', 'one question, with the whole dialogue'],
    ['@hosts.txt --format json --output report.json', 'many servers, one JSON report'],
    ['example.com --allow load --plan', 'what a loud scan would send'],
  ],
  epilogue: `Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 something permitted could not be told, 3 bad usage or an error of our own. An error (3) comes before findings (1), findings before doubt (2).`,
};
