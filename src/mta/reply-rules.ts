import { limitRules } from './rules/limits.ts';
import type { ReplyRule } from './rules/rule.ts';
import { sessionRules } from './rules/session.ts';
import { troubleRules } from './rules/trouble.ts';
import { whatRules } from './rules/what.ts';
import { whomRules } from './rules/whom.ts';

export { codeRules } from './rules/codes.ts';
export { lastStraw } from './rules/limits.ts';
export { vagueRules } from './rules/what.ts';

/**
 * Rules that a statement of the server's is held against; the first match wins. The order is the sense of it: limits,
 * states of the session, trouble of its own, whom the server refuses, and then what.
 */
export const wordRules: readonly ReplyRule[] = [
  ...limitRules,
  ...sessionRules,
  ...troubleRules,
  ...whomRules,
  ...whatRules,
];
