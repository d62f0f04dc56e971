import { nothingFor, postfix } from './postfix.ts';
import type { Scenario } from './scenario.ts';

/** Nobody there, or nobody who answers. */
export const availability: readonly Scenario[] = [
  postfix({
    id: 'down',
    sentence: 'Nothing listens.',
    state: 'down',
    expect: nothingFor('unreachable'),
  }),
  postfix({
    id: 'loopback-only',
    sentence: 'A null client: it listens on its own loopback, and what comes from outside is refused.',
    state: 'hidden',
    config: { 'main:inet_interfaces': 'loopback-only' },
    // Docker's proxy in front of the mapped port takes the connection first, and then finds nobody to pass it on to.
    expect: nothingFor('closed'),
  }),
  postfix({
    id: 'silent',
    sentence: 'Connections are accepted and nothing is ever said.',
    config: { 'master:smtp/inet': 'smtp inet n n n - - spawn user=nobody argv=/bin/sh -c {cat >/dev/null}' },
    scan: { timeoutSeconds: 2 },
    expect: nothingFor('timeout'),
  }),
  postfix({
    id: 'hangs-up',
    sentence: 'Connections are accepted and closed without a word.',
    config: { 'master:smtp/inet': 'smtp inet n n n - - spawn user=nobody argv=/bin/true' },
    expect: nothingFor('closed'),
  }),
];
