import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** Markup that would run script, load things and close whatever it stands in, if a page let it. */
export const markup =
  '</style></script></title><script>window.pwned=1</script><img src=https://evil.test/x onerror=window.pwned=1><svg onload=window.pwned=1><a href="javascript:window.pwned=1">click</a><style>*{display:none}</style>';

/**
 * A server that greets, introduces itself and refuses in markup. It takes mail for everybody, so that there is much to
 * report.
 */
export async function startHostileServer(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = new SMTPServer({
    name: `mx.${markup.replaceAll(' ', '/')}`,
    banner: `${markup} \u202eevil \u05d0\u05d1\u05d2 ${'x'.repeat(700)}`,
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 500,
    logger: false,
    onAuth: (_auth, _session, callback) => callback(new Error(markup)),
    onRcptTo: ({ address }, _session, callback) => callback(address.includes('"') ? new Error(markup) : null),
  });
  server.on('error', () => {});
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise((closed) => server.close(() => closed())) };
}
