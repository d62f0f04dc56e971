/** What a server does with one command. */
export type Action =
  /** A reply with codes, its lines parted by `\n`; or bytes as they are. */
  | string
  | Uint8Array
  /** No answer. */
  | null
  | {
      readonly say?: string | Uint8Array;
      readonly and: 'hang up' | 'reset' | 'start TLS' | 'endless line' | 'endless reply' | 'endless replies';
    };

/** Undefined: as the stock server would. */
export type Handler = (turn: Turn) => Action | undefined;

/** What the server knows of one connection. */
export interface Dialogue {
  /** The number of this connection, from 1. */
  readonly connection: number;
  /** Commands heard so far, from 1 while the first is answered. */
  commands: number;
  errors: number;
  helo: string | null;
  tls: boolean;
  /** Reverse-path of the open transaction. */
  sender: string | null;
  /** Recipients asked for in it, the one that is answered included. */
  recipients: number;
}

/** One command and all that it may be judged by. */
export interface Turn {
  readonly verb: string;
  readonly argument: string;
  /** The path of MAIL or RCPT, without brackets. */
  readonly address: string;
  /** Where mail for that path goes, by Postfix's default address rewriting. */
  readonly destination: Destination;
  readonly dialogue: Dialogue;
}

interface Destination {
  readonly local: string;
  /** Null: the server's own. */
  readonly outside: string | null;
}

export const serverName = 'mx.example.test';
export const ownDomain = 'example.test';
const ownPlaces = new Set([ownDomain, serverName, 'localhost', 'localhost.localdomain', '[127.0.0.1]']);
const users = new Set(['postmaster', 'abuse', 'alice', 'bob']);

/** Reads a command line. */
export function turnOf(line: string, dialogue: Dialogue): Turn {
  const [, verb = '', argument = ''] = /^(\S*)\s*(.*)$/s.exec(line) ?? [];
  const address = /^(?:FROM|TO):<(.*)>/i.exec(argument)?.[1] ?? argument;
  return { verb: verb.toUpperCase(), argument, address, destination: destinationOf(address), dialogue };
}

/** The answer of a well-behaved, closed MTA: stock Postfix with `relay_domains_reject_code = 554`. */
export function stockAnswer(turn: Turn, keywords: readonly string[]): Action {
  const { verb, argument, dialogue } = turn;
  switch (verb) {
    case 'EHLO':
      return ehlo(dialogue.tls ? keywords.filter((keyword) => keyword !== 'STARTTLS') : keywords);
    case 'HELO':
      return `250 ${serverName}`;
    case 'MAIL':
      return dialogue.sender === null ? '250 2.1.0 Ok' : '503 5.5.1 Error: nested MAIL command';
    case 'RCPT':
      return dialogue.sender === null ? '503 5.5.1 Error: need MAIL command' : recipientAnswer(turn);
    case 'VRFY':
      return destinationOf(argument).outside === null && users.has(destinationOf(argument).local)
        ? `252 2.0.0 ${argument}`
        : unknown(argument);
    case 'STARTTLS':
      if (!keywords.includes('STARTTLS')) return '502 5.5.1 Error: command not implemented';
      return dialogue.tls
        ? '554 5.5.1 Error: TLS already active'
        : { say: '220 2.0.0 Ready to start TLS', and: 'start TLS' };
    case 'RSET':
    case 'NOOP':
      return '250 2.0.0 Ok';
    case 'DATA':
      return '554 5.5.1 Error: no valid recipients';
    case 'QUIT':
      return { say: '221 2.0.0 Bye', and: 'hang up' };
    default:
      return '500 5.5.2 Error: command not recognized';
  }
}

/** What an answered command changes. */
export function settle({ verb, argument, address, dialogue }: Turn, code: number): void {
  const positive = code >= 200 && code < 300;
  if (code >= 400) dialogue.errors += 1;
  if (!positive) return;
  if (verb === 'EHLO' || verb === 'HELO') dialogue.helo = argument;
  if (verb === 'MAIL') dialogue.sender = address;
  if (verb === 'MAIL') dialogue.recipients = 0;
  if (verb === 'RSET' || verb === 'EHLO' || verb === 'HELO') dialogue.sender = null;
}

/**
 * Where mail for a path goes: source routes are dropped, quotes opened, `%` and `!` swapped wherever the right-hand
 * side is the server's own (`allow_percent_hack`, `swap_bangpath`, `resolve_dequoted_address`).
 */
function destinationOf(path: string): Destination {
  const address = path.replace(/^@[^:]*:/, '');
  const at = address.endsWith('"') ? -1 : address.lastIndexOf('@');
  const local = (at < 0 ? address : address.slice(0, at)).replace(/^"(.*)"$/, '$1');
  const host = at < 0 ? null : address.slice(at + 1).toLowerCase();
  if (host !== null && !ownPlaces.has(host)) return { local, outside: host };
  const bang = /^([^!@%]+)!(.+)$/.exec(local);
  if (bang !== null) return destinationOf(`${bang[2]}@${bang[1]}`);
  if (local.includes('@')) return destinationOf(local);
  if (local.includes('%')) return destinationOf(local.replace(/%(?=[^%]*$)/, '@'));
  return { local: local.toLowerCase(), outside: null };
}

function recipientAnswer({ address, destination }: Turn): string {
  if (destination.outside !== null) return denied(address);
  return users.has(destination.local) ? '250 2.1.5 Ok' : unknown(address);
}

/** Postfix's refusal to relay. */
export const denied = (recipient: string) => `554 5.7.1 <${recipient}>: Relay access denied`;
/** Postfix's answer to a local part that nobody has. */
export const unknown = (recipient: string) =>
  `550 5.1.1 <${recipient}>: Recipient address rejected: User unknown in local recipient table`;

function ehlo(keywords: readonly string[]): string {
  const lines = [serverName, ...keywords];
  return lines.map((line, index) => `250${index === lines.length - 1 ? ' ' : '-'}${line}`).join('\n');
}
