import { type Loopback, startOnLoopback } from './loopback.ts';

/** The domain that the demo server calls its own. */
export const demoDomain = 'demo.test';
const users = new Set(['alice', 'bob', 'postmaster']);

export interface DemoServer extends Loopback {
  /** What a scan must know to judge it. */
  readonly options: { readonly domain: string; readonly vantage: 'outside' };
  /** Whether it relays for everyone, as it does at first. */
  isOpen: boolean;
}

/**
 * An MTA in this process, on loopback, with deliberate weaknesses: it relays for everyone and takes passwords in clear.
 * It stores and delivers nothing.
 */
export async function startDemo(): Promise<DemoServer> {
  const state = { isOpen: true };
  const server = await startOnLoopback({
    name: `mx.${demoDomain}`,
    banner: 'demo server of mxprobe, weak on purpose',
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
    onAuth: (_auth, _session, callback) => callback(new Error('no such account')),
    onRcptTo: (address, _session, callback) => callback(refusal(address.address, state.isOpen)),
    onData: (stream, _session, callback) => {
      stream.resume();
      stream.on('end', () => callback(Object.assign(new Error('nothing is delivered here'), { responseCode: 554 })));
    },
  });
  // It trusts nobody for being near.
  return Object.assign(state, { ...server, options: { domain: demoDomain, vantage: 'outside' } as const });
}

/** Unknown users of its own are refused; strangers' domains are not while it is open, and that is the weakness. */
function refusal(address: string, isOpen: boolean): Error | null {
  const at = address.lastIndexOf('@');
  const own = address.slice(at + 1).toLowerCase() === demoDomain;
  if (!own) return isOpen ? null : refused(554, `5.7.1 <${address}>: Relay access denied`);
  if (users.has(address.slice(0, at).toLowerCase())) return null;
  return refused(550, `5.1.1 <${address}>: Recipient address rejected: User unknown`);
}

const refused = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });
