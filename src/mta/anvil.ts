/**
 * What Postfix says for its six limits on clients (smtpd.c, smtpd_sasl_glue.c); the count and the rate of connections
 * share one text.
 */
const words = /Error: too (much mail|many (recipients|AUTH commands|new TLS sessions|connections)) from /;

/**
 * Whether a refusal is that of Postfix's anvil, whose counters all share one window, fixed and as long for each. Of any
 * other limiter the window of one says nothing about that of another: Haraka has a setting for each, and a policy
 * daemon knows nothing of the server behind it.
 */
export const isAnvils = (text: string): boolean => words.test(text);
