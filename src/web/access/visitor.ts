import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { normalAddress, unmapped } from '../../model/address.ts';
import { isLoopbackAddress } from '../../model/vantage.ts';
import { type Permission, permissions, type Web } from '../../monitor/config/config.ts';
import type { Visitor, WebEnv, WebParts } from '../parts.ts';
import { passwordCheck } from './password.ts';

type Asked = Context<WebEnv>;

/** Lets in who has said who they are, as the file wants it; without auth whoever is on this machine. */
export function known({ config }: Pick<WebParts, 'config'>): MiddlewareHandler<WebEnv> {
  const check = passwordCheck();
  return async (c, next) => {
    const { web } = config();
    const visitor = await visitorOf(c, web, check);
    if (visitor === null) {
      const wants = web.users.length > 0 ? 'Basic realm="mxprobe", charset="UTF-8"' : 'Bearer realm="mxprobe"';
      return c.text('Say who you are.\n', 401, { 'www-authenticate': wants });
    }
    c.set('visitor', visitor);
    return next();
  };
}

/** Lets in who may do that. */
export const may =
  (permission: Permission): MiddlewareHandler<WebEnv> =>
  async (c, next) =>
    c.get('visitor').may.includes(permission) ? next() : c.text(`That needs the permission to ${permission}.\n`, 403);

type Check = ReturnType<typeof passwordCheck>;

async function visitorOf(c: Asked, web: Web, check: Check): Promise<Visitor | null> {
  const { tokens, users, proxy } = web;
  if (tokens.length === 0 && users.length === 0 && proxy === null) return isOnThisMachine(c) ? anybody : null;
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+)$/.exec(c.req.header('authorization') ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return tokenOf(credentials, tokens);
  if (scheme.toLowerCase() === 'basic' && users.length > 0) return await userOf(credentials, users, check);
  return proxy === null ? null : proxiedOf(c, proxy);
}

const anybody: Visitor = { name: null, may: permissions };

/** By the socket, not by the file: that may have changed since. A socket in the file system has its own mode. */
function isOnThisMachine(c: Asked): boolean {
  const { localAddress } = c.env.incoming.socket;
  return localAddress === undefined || isLoopbackAddress(localAddress);
}

/** Compares with each, so that the time it takes tells nothing. */
function tokenOf(token: string, tokens: Web['tokens']): Visitor | null {
  const given = createHash('sha256').update(token).digest();
  const [found] = tokens.filter(({ sha256 }) => timingSafeEqual(given, Buffer.from(sha256, 'hex')));
  return found === undefined ? null : { name: found.name, may: found.may };
}

async function userOf(credentials: string, users: Web['users'], check: Check): Promise<Visitor | null> {
  const [, name = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
  const user = users.find((one) => one.name === name);
  return (await check(password, user?.scrypt ?? null)) ? { name, may: permissions } : null;
}

/** What a proxy says counts only where it comes from that proxy: anybody may write a header. */
function proxiedOf(c: Asked, { header, addresses }: NonNullable<Web['proxy']>): Visitor | null {
  const plain = (address: string) => normalAddress(unmapped(address));
  const from = plain(c.env.incoming.socket.remoteAddress ?? '');
  const isProxy = from !== null && addresses.some((address) => plain(address) === from);
  const name = c.req.header(header) ?? '';
  return isProxy && name !== '' ? { name, may: permissions } : null;
}
