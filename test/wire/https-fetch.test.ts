import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { fetchByHttps, type HttpsOptions } from '../../src/wire/https-fetch.ts';
import { fakeNames, type Zone } from '../fakes/names.ts';
import { type HttpsAnswer, httpAnswer, startHttps } from '../support/https-server.ts';
import { certificatePem, shows, testRoot } from '../support/tls-mta.ts';

const host = 'mx.example.test';
const url = `https://${host}/.well-known/mta-sts.txt`;
const file = 'version: STSv1\r\nmode: enforce\r\nmx: mx.example.test\r\nmax_age: 604800\r\n';
const here: Zone = { [`${host} A`]: ['127.0.0.1'] };

const fetchFrom = (port: number, parts: Partial<HttpsOptions> = {}, zone: Zone = here) =>
  fetchByHttps(url, {
    ask: (name, type) => fakeNames(zone).ask(name, type),
    tlsCa: testRoot,
    mayBePrivate: true,
    signal: null,
    seconds: 5,
    ...parts,
    port,
  });

/** What a server with this certificate and this answer comes to. */
async function fetched(answer: HttpsAnswer, context: Parameters<typeof startHttps>[0] = shows('good'), seconds = 5) {
  await using server = await startHttps(context, answer);
  return await fetchFrom(server.port, { seconds });
}

const broken = (because: RegExp | string) => ({
  kind: 'failed',
  why: 'broken',
  because: expect.stringMatching(because),
});
const tooLarge = { kind: 'failed', why: 'too-large' };

describe('a file over HTTPS', () => {
  test('is asked for in one request, and comes as it is', async () => {
    await using server = await startHttps(shows('good'), httpAnswer(file));
    expect(await fetchFrom(server.port)).toEqual({
      kind: 'fetched',
      status: 200,
      contentType: 'text/plain',
      location: null,
      body: file,
    });
    expect(server.requests).toEqual([
      [
        'GET /.well-known/mta-sts.txt HTTP/1.1',
        'host: mx.example.test',
        'user-agent: mxprobe',
        'accept: text/plain',
        'Connection: close',
        '',
        '',
      ].join('\r\n'),
    ]);
  });

  test.each<[string, string]>([
    ['in chunks', `Transfer-Encoding: chunked\r\n\r\n5\r\nversi\r\n2;x=y\r\non\r\n0\r\nTrailer: 1\r\n\r\n`],
    ['without a length, to the end of the connection', '\r\nversion'],
    ['behind a 103', '\r\nversion'],
  ])('%s', async (how, rest) => {
    const before = how.endsWith('103') ? 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' : '';
    expect(await fetched(`${before}HTTP/1.1 200 OK\r\n${rest}`)).toMatchObject({ kind: 'fetched', body: 'version' });
  });

  test('octets that are no text are shown, and lines and tabs stay', async () => {
    const odd = Buffer.from('\ufeffa:\tb\r\nc\rd\n\x00\x1b[31m', 'utf8');
    const { body } = (await fetched(httpAnswer(Buffer.concat([odd, Buffer.from([0xff])])))) as { body: string };
    expect(body).toBe('\\u{feff}a:\tb\r\nc\\x0dd\n\\x00\\x1b[31m\\xff');
  });

  test('64 kB of them, at once', async () => {
    const started = performance.now();
    expect(await fetched(httpAnswer(Buffer.alloc(65_536, 0xff)))).toMatchObject({ kind: 'fetched' });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('a redirect is an answer, and nobody follows it', async () => {
    const away = httpAnswer('moved', {
      status: '301 Moved Permanently',
      headers: ['Location: https://\x1bexample.net/'],
    });
    await using server = await startHttps(shows('good'), away);
    expect(await fetchFrom(server.port)).toMatchObject(broken(/HTTP/));
    const clean = httpAnswer('moved', { status: '301 Moved Permanently', headers: ['Location: https://example.net/'] });
    expect(await fetched(clean)).toMatchObject({ status: 301, location: 'https://example.net/', body: '' });
    expect(server.requests).toHaveLength(1);
  });

  test.each(['204 No Content', '206 Partial Content', '304 Not Modified', '404 Not Found', '500 Oops'])(
    '%s',
    async (status) => {
      expect(await fetched(`HTTP/1.1 ${status}\r\n\r\n`)).toMatchObject({
        status: Number(status.slice(0, 3)),
        body: '',
      });
    },
  );

  test('another type is told', async () => {
    const page = httpAnswer('<!doctype html>', { type: 'text/html; charset=utf-8' });
    expect(await fetched(page)).toMatchObject({ contentType: 'text/html; charset=utf-8', body: '<!doctype html>' });
    expect(await fetched('HTTP/1.1 200 OK\r\n\r\nx')).toMatchObject({ contentType: null });
  });
});

describe('what is too large', () => {
  test('64 kB are not, and an octet more is', async () => {
    expect(await fetched(httpAnswer('x'.repeat(65_536)))).toMatchObject({ kind: 'fetched' });
    expect(await fetched(httpAnswer('x'.repeat(65_537)))).toMatchObject(tooLarge);
  });

  test.each<[string, HttpsAnswer]>([
    ['70 kB', httpAnswer('x'.repeat(70_000))],
    ['70 kB without a length', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(70_000)}`],
    ['chunks of an octet', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(40_000)}`],
    ['a header of 1 MB', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(1_000_000)}\r\n\r\n`],
    ['100,000 headers', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(100_000)}\r\n`],
    ['1xx without end', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(20_000)],
    ['trailers without end', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'X: y\r\n'.repeat(100_000)}`],
  ])('%s', async (_, answer) => {
    expect(await fetched(answer)).toMatchObject(tooLarge);
  });

  test('an answer without end', async () => {
    const pour: HttpsAnswer = (socket) => {
      const more = () => socket.writable && socket.write('x'.repeat(16_384), () => setImmediate(more));
      socket.write('HTTP/1.1 200 OK\r\n\r\n', more);
    };
    expect(await fetched(pour)).toMatchObject(tooLarge);
  });
});

describe('what is too slow', () => {
  test.each<[string, string]>([
    ['no answer', ''],
    ['a header that dribbles', 'HTTP/1.1 200 OK\r\nX: '],
    ['a body that dribbles', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n'],
    ['1xx that dribble', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ])('%s', async (how, head) => {
    let timer: NodeJS.Timeout | undefined;
    const dribble: HttpsAnswer = (socket) => {
      socket.write(head);
      if (how !== 'no answer') timer = setInterval(() => socket.write(how.startsWith('1xx') ? head : 'x'), 20);
    };
    expect(await fetched(dribble, shows('good'), 0.4)).toEqual({
      kind: 'failed',
      why: 'late',
      because: 'not whole within 0.4 s',
    });
    clearInterval(timer);
  });

  test('a connection that is taken, and no TLS', async () => {
    await using server = await startHttps(null, () => {});
    expect(await fetchFrom(server.port, { seconds: 0.3 })).toMatchObject({ kind: 'failed', why: 'late' });
  });
});

describe('certificates', () => {
  test.each<[string, RegExp]>([
    ['expired', /^the certificate of mx\.example\.test has expired/],
    ['future', /is not valid yet/],
    ['other-name', /is not for mx\.example\.test but for DNS:other\.example\.test, DNS:\*\.mail\.example\.test$/],
    ['odd-names', /is not for mx\.example\.test but for/],
    ['self-signed', /is signed by nobody but itself/],
    ['no-names', /is signed by nobody but itself/],
  ])('%s', async (name, because) => {
    await using server = await startHttps(shows(name, { chain: !/self|no-names/.test(name) }), httpAnswer(file));
    const answer = await fetchFrom(server.port);
    expect(answer).toEqual({ kind: 'failed', why: 'certificate', because: expect.stringMatching(because) });
    expect(server.requests.join()).toBe('');
  });

  test('a common name counts for nothing, though the authority is trusted', async () => {
    await using server = await startHttps(shows('no-names', { chain: false }), httpAnswer(file));
    expect(await fetchFrom(server.port, { tlsCa: certificatePem('no-names') })).toEqual({
      kind: 'failed',
      why: 'certificate',
      because: 'the certificate is not for mx.example.test but for no name at all',
    });
  });

  test('the same, with names, holds', async () => {
    await using server = await startHttps(shows('self-signed', { chain: false }), httpAnswer(file));
    expect(await fetchFrom(server.port, { tlsCa: certificatePem('self-signed') })).toMatchObject({ status: 200 });
  });

  test('without the intermediate one, and by the roots of the runtime', async () => {
    await using bare = await startHttps(shows('good', { chain: false }), httpAnswer(file));
    expect(await fetchFrom(bare.port)).toMatchObject({
      why: 'certificate',
      because: expect.stringMatching(/comes without that of its issuer/),
    });
    expect(await fetchFrom(bare.port, { tlsCa: null })).toMatchObject({ why: 'certificate' });
  });

  test('without TLS 1.2 there is none to look at', async () => {
    const old = {
      ...shows('good'),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    } as const;
    expect(await fetched(httpAnswer(file), old)).toMatchObject(broken(/TLS/));
  });
});

describe('what is broken', () => {
  test.each<[string, string | Buffer]>([
    ['no HTTP', 'hello\r\n\r\n'],
    ['HTTP/0.9', file],
    ['SMTP', '220 mx.example.test ESMTP\r\n'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
    ['length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['chunks that are none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nversion'],
    ['too short', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nversion'],
    ['chunks that end early', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nversion\r\n'],
    ['half a header', 'HTTP/1.1 200 OK\r\nContent-'],
    ['nothing', ''],
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'],
    ['a bare LF in the header', 'HTTP/1.1 200 OK\nContent-Type: text/plain\n\nversion'],
  ])('%s', async (_, answer) => {
    expect(await fetched(answer)).toMatchObject(broken(/connection ended|no HTTP/));
  });

  test.each(['gzip', 'br', 'x-gzip, identity'])('packed by %s', async (coding) => {
    const answer = httpAnswer(gzipSync(file), { headers: [`Content-Encoding: ${coding}`] });
    expect(await fetched(answer)).toMatchObject(broken(/packed/));
  });

  test('an answer too long for its length ends where that does', async () => {
    expect(await fetched('HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nversion and more')).toMatchObject({
      body: 'version',
    });
  });

  test('in clear where TLS was expected', async () => {
    await using server = await startHttps(null, 'HTTP/1.1 400 Bad Request\r\n\r\n', { unasked: true });
    expect(await fetchFrom(server.port)).toMatchObject(broken(/in clear/));
  });

  test('an alert', async () => {
    await using server = await startHttps(null, Buffer.from('15030300020270', 'hex'), { unasked: true });
    expect(await fetchFrom(server.port)).toMatchObject(broken(/no certificate for the name/));
  });

  test('a hang-up before any certificate may be a filter on the way', async () => {
    await using server = await startHttps(null, (socket) => socket.destroy(), { unasked: true });
    expect(await fetchFrom(server.port)).toMatchObject({ kind: 'failed', why: 'unreachable' });
  });
});

describe('where it goes', () => {
  /** Whoever connects here is counted. */
  async function trap() {
    let taken = 0;
    const server = createServer((socket) => {
      taken += 1;
      socket.destroy();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    return {
      port,
      taken: () => taken,
      [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())),
    };
  }

  test.each(['127.0.0.1', '0.0.0.0', '10.1.2.3', '192.168.0.1', '169.254.169.254', '100.64.0.1'])(
    'never to %s unless it may',
    async (address) => {
      await using server = await trap();
      const zone = { [`${host} A`]: [address] };
      expect(await fetchFrom(server.port, { mayBePrivate: false }, zone)).toEqual({
        kind: 'failed',
        why: 'private',
        because: `mx.example.test leads to ${address}, not public`,
      });
      expect(server.taken()).toBe(0);
    },
  );

  test.each(['::1', '::', '::ffff:127.0.0.1', 'fd00::1', 'fe80::1'])('nor to %s', async (address) => {
    await using server = await trap();
    const zone = { [`${host} AAAA`]: [address] };
    expect(await fetchFrom(server.port, { mayBePrivate: false }, zone)).toMatchObject({ why: 'private' });
    expect(server.taken()).toBe(0);
  });

  test('and where it has a public address too, to that alone', async () => {
    await using server = await trap();
    const zone = { [`${host} A`]: ['192.0.2.1', '127.0.0.1'], [`${host} AAAA`]: ['::1'] };
    expect(await fetchFrom(server.port, { mayBePrivate: false, seconds: 0.5 }, zone)).toMatchObject({ kind: 'failed' });
    expect(server.taken()).toBe(0);
  });

  test('to the next address where one does not connect', async () => {
    await using server = await startHttps(shows('good'), httpAnswer(file));
    const zone = { [`${host} A`]: ['127.0.0.9', '127.0.0.1'], [`${host} AAAA`]: ['::1'] };
    expect(await fetchFrom(server.port, {}, zone)).toMatchObject({ status: 200 });
  });

  test('nowhere: each address, and why', async () => {
    await using server = await startHttps(shows('good'), httpAnswer(file));
    const zone = { [`${host} A`]: ['127.0.0.8', '127.0.0.9'] };
    expect(await fetchFrom(server.port, {}, zone)).toEqual({
      kind: 'failed',
      why: 'unreachable',
      because: '127.0.0.8: TCP connection failed: ECONNREFUSED; 127.0.0.9: TCP connection failed: ECONNREFUSED',
    });
  });

  test.each<[string, Zone, string, RegExp]>([
    ['no address', { [`${host} TXT`]: ['x'] }, 'no-address', /^mx\.example\.test has no address$/],
    ['no name', {}, 'no-address', /has no address/],
    ['no answer', { [`${host} A`]: 'timeout' }, 'dns-failed', /no answer for mx\.example\.test: no answer within 5 s/],
    ['no valid answer', { [`${host} A`]: 'BOGUS' }, 'no-address', /DNSSEC does not vouch/],
  ])('%s', async (_, zone, why, because) => {
    expect(await fetchFrom(1, {}, zone)).toEqual({ kind: 'failed', why, because: expect.stringMatching(because) });
  });

  test('a scan that is stopped waits for nothing', async () => {
    await using server = await startHttps(shows('good'), () => {});
    const stop = new AbortController();
    const answer = fetchFrom(server.port, { signal: stop.signal, seconds: 60 });
    setTimeout(() => stop.abort(), 100);
    expect(await answer).toMatchObject({ kind: 'failed', why: 'unreachable' });
    expect(await fetchFrom(server.port, { signal: stop.signal, seconds: 60 })).toMatchObject({ why: 'unreachable' });
  });
});

describe('whatever comes', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'HTTP/1.1 ',
      '200 OK',
      '302 Found',
      '100 Continue',
      '\r\n',
      '\n',
      '\r\n\r\n',
      ': ',
      '0\r\n\r\n',
      ';',
    ),
    fc.constantFrom(
      'Content-Length: 5\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Content-Encoding: gzip\r\n',
      'Location: /\r\n',
    ),
    fc.constantFrom('Connection: keep-alive\r\n', 'Upgrade: h2c\r\n', 'Trailer: x\r\n', 'Content-Type: text/plain\r\n'),
    fc.constantFrom('ffffffffffffffff\r\n', '5\r\nhello\r\n', 'version: STSv1', '\0', '\ud800'),
    fc.string({ maxLength: 20 }),
  );

  test('it is an answer, in time, and no connection stays', async () => {
    let answer = '';
    await using server = await startHttps(shows('good'), (socket) => socket.end(answer));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 14 }), fc.boolean(), async (pieces, isHttp) => {
        answer = `${isHttp ? 'HTTP/1.1 200 OK\r\n' : ''}${pieces.join('')}`;
        expect((await fetchFrom(server.port)).kind).toMatch(/^(fetched|failed)$/);
      }),
      { numRuns: 300 },
    );
    await vi.waitFor(() => expect(server.open()).toBe(0));
  });

  test.each<[string, HttpsAnswer]>([
    ['silence', () => {}],
    ['too much', (socket) => socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(70_000)}`)],
    ['a redirect, kept open', (socket) => socket.write('HTTP/1.1 301 Moved\r\nContent-Length: 9\r\n\r\n')],
    ['garbage, kept open', (socket) => socket.write('garbage')],
  ])('no connection stays: %s', async (_, answer) => {
    await using server = await startHttps(shows('good'), answer);
    expect(await fetchFrom(server.port, { seconds: 0.5 })).toHaveProperty('kind');
    await vi.waitFor(() => expect(server.open()).toBe(0));
  });
});
