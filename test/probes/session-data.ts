import type { ErrorLimitData } from '../../probes/error-limit.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';

/** What error-limit brings back from a server that ends a session at the first error. */
export const underStress: ErrorLimitData = {
  ehlo: exchange('EHLO us', '250 mx.example.test'),
  exchanges: [exchange('XPROBE1', '500 Error')],
  ending: { reply: replyFrom('421 4.7.0 mx Error: too many errors'), unasked: true, cut: null },
  spent: null,
  seconds: 1,
};
