import { normalAddress } from '../model/address.ts';
import { type ServerTitle, serverTitles } from '../model/mtas.ts';
import type { Reply } from '../model/reply.ts';
import { portraits } from './signatures.ts';

/** What a greeting says of the program behind it, each as it stands there, and the line where it stands. */
export interface GreetingClaims {
  /** A server that is known; where it is not, nothing is claimed but a version. */
  readonly software: Claim | null;
  readonly version: Claim | null;
  /** An operating system, or the distribution that built the server. */
  readonly system: Claim | null;
}
interface Claim {
  readonly text: string;
  readonly line: number;
}

/** Reads every line of a greeting (RFC 5321 §4.2), also a teaser. */
export function greetingClaims({ lines }: Pick<Reply, 'lines'>): GreetingClaims {
  const texts = lines.map(({ text }) => text);
  // Of a service that others run, and of what stands in front, there is nothing to hide.
  if (texts.some((text) => portraitsOf(text).some(({ outer }) => outer)))
    return { software: null, version: null, system: null };
  const first = (read: (text: string) => string | null): Claim | null => {
    const line = texts.findIndex((text) => read(text) !== null);
    const text = texts[line] === undefined ? null : read(texts[line]);
    return text === null ? null : { text, line };
  };
  return { software: first(softwareIn), version: first(versionIn), system: first(systemIn) };
}

const portraitsOf = (text: string) =>
  serverTitles.flatMap((mta: ServerTitle) => {
    const { greeting, outer = false } = portraits[mta];
    const found = greeting?.exec(text) ?? null;
    return found === null ? [] : [{ mta, version: found[1] ?? null, outer }];
  });

const softwareIn = (text: string): string | null => portraitsOf(text)[0]?.mta ?? null;

/** Behind the name of a server that is known; else a word of numbers and dots that is no address, date or host name. */
function versionIn(text: string): string | null {
  const known = portraitsOf(text).find(({ version }) => version !== null)?.version ?? null;
  return known ?? wordsOf(text).find(isVersion) ?? null;
}

/** Behind the code and the name of the host. */
const wordsOf = (text: string): string[] =>
  text
    .slice(4)
    .split(/[\s()[\],;/]+/)
    .slice(1);

const isVersion = (word: string): boolean =>
  /^v?\d{1,4}(\.\d{1,6}){1,4}([a-z+_-][\w.+-]{0,40})?$/i.test(word) &&
  normalAddress(word) === null &&
  !/^(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}\.\d{1,2}\.\d{1,2})$/.test(word);

function systemIn(text: string): string | null {
  return systems.exec(wordsOf(text).join(' '))?.[0] ?? null;
}

const systems =
  /\b(Debian|Ubuntu|Raspbian|CentOS|Red ?Hat|RHEL|AlmaLinux|Rocky Linux|Fedora|SUSE|SLES|Gentoo|Arch Linux|Linux|FreeBSD|OpenBSD|NetBSD|Windows|Solaris|SunOS|AIX|macOS|Darwin)\b/i;
