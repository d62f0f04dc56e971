import type { Stage } from './reply-meaning.ts';

/** What a reply to a verb is read as. */
export function stageOf(verb: string): Stage {
  return stages[verb] ?? 'other';
}

const stages: Readonly<Record<string, Stage>> = {
  EHLO: 'helo',
  HELO: 'helo',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
  VRFY: 'vrfy',
  EXPN: 'expn',
  AUTH: 'auth',
  '*': 'auth',
  STARTTLS: 'starttls',
};
