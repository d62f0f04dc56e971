import { hostNameOf } from '../model/host-name.ts';
import { say } from './complain.ts';
import type { Io } from './io.ts';

/** The EHLO name of this host, and a word to the user where it is made up. */
export function ownName(io: Pick<Io, 'hostname' | 'stderr'>): string {
  const { name, note } = heloOf(io.hostname);
  if (note !== null) say(note, io);
  return name;
}

/**
 * The EHLO name of a host: its own where that is fully qualified, else one that cannot be anybody's (RFC 2606), and a
 * note that says so.
 */
export function heloOf(host: string): { readonly name: string; readonly note: string | null } {
  const read = hostNameOf(host);
  const name = read.kind === 'name' ? read.name.replaceAll('_', '-') : 'scanner';
  if (name.includes('.')) return { name, note: null };
  const made = `${name}.invalid`;
  return {
    name: made,
    note: `this host has no fully qualified name: EHLO says ${made}, which some servers refuse; give your own with --helo`,
  };
}
