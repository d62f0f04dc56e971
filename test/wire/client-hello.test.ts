import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allSuites } from '../../src/model/cipher-suites.ts';
import { type HelloVersion, helloVersions } from '../../src/model/tls-answer.ts';
import { describeOffer, encodeClientHello } from '../../src/wire/client-hello.ts';
import { exchangeHellos } from '../../src/wire/exchange-hellos.ts';
import { readHello } from '../support/raw-tls.ts';
import { shows } from '../support/tls-mta.ts';

const random = Buffer.alloc(32, 0xab);
const abs = 'ab'.repeat(32);
const hello = (newest: HelloVersion, suites: readonly number[], name: string | null = null) =>
  encodeClientHello({ newest, suites, name, random });

describe('the octets of a ClientHello', () => {
  test('for SSL 3.0: no extension, though there is a name', () => {
    const message = `0100002f${'0300'}${abs}${'00'}${'0006'}${'00050004'}${'00ff'}${'0100'}`.replace('2f', '2d');
    const length = (message.length / 2).toString(16).padStart(4, '0');
    expect(hello('SSLv3', [5, 4], 'mx.example').toString('hex')).toBe(`160300${length}${message}`);
  });

  test('for TLS 1.0: name, groups, point formats, extended master secret', () => {
    const extensions = [
      `0000${'000f'}${'000d'}${'00'}${'000a'}${Buffer.from('mx.example').toString('hex')}`,
      '000a000a00080017001d00180019',
      '000b00020100',
      '00170000',
    ].join('');
    const rest = `0301${abs}00${'0004'}${'000a'}${'00ff'}0100${(extensions.length / 2).toString(16).padStart(4, '0')}${extensions}`;
    const message = `01${(rest.length / 2).toString(16).padStart(6, '0')}${rest}`;
    const record = `160301${(message.length / 2).toString(16).padStart(4, '0')}${message}`;
    expect(hello('TLSv1', [10], 'mx.example').toString('hex')).toBe(record);
  });

  test('for TLS 1.2: the signatures too', () => {
    const { version, extensions } = readHello(hello('TLSv1.2', [0x2f]));
    expect(version).toBe(0x0303);
    expect([...extensions.keys()]).toEqual([10, 11, 13, 23]);
    expect(extensions.get(13)?.subarray(0, 4).toString('hex')).toBe('001a0403');
  });

  test('no length is wrong, none is one that load balancers hang at, and nothing is lost', () => {
    const offers = fc.record({
      newest: fc.constantFrom(...helloVersions),
      suites: fc.array(fc.nat(0xfffe), { minLength: 1, maxLength: 300 }),
      name: fc.option(fc.stringMatching(/^[a-z]{1,63}\.example$/)),
    });
    fc.assert(
      fc.property(offers, ({ newest, suites, name }) => {
        const read = readHello(hello(newest, suites, name));
        expect(read.suites).toEqual([...suites, 0x00ff]);
        expect(read.version).toBe(0x0300 + helloVersions.indexOf(newest));
        if (newest === 'SSLv3') return;
        expect(read.length < 256 || read.length > 511).toBe(true);
        expect(read.extensions.get(0)?.subarray(5).toString() ?? null).toBe(name);
      }),
    );
  });

  test('says in the transcript what it offers', () => {
    expect(describeOffer({ newest: 'TLSv1', suites: [5, 4] })).toBe(
      'TLS ClientHello: TLSv1 and older, 2 suites, first TLS_RSA_WITH_RC4_128_SHA (0x0005)',
    );
    expect(describeOffer({ newest: 'SSLv3', suites: [0xeeee] })).toBe('TLS ClientHello: SSLv3, 0xEEEE');
  });
});

test.each<[HelloVersion, string]>([
  ['TLSv1', 'TLSv1'],
  ['TLSv1.1', 'TLSv1.1'],
  ['TLSv1.2', 'TLSv1.2'],
  ['SSLv3', 'handshake_failure'],
])('OpenSSL understands one for %s', async (newest, expected) => {
  const server = createServer({ ...shows('good'), minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const bytes = hello(newest, allSuites, 'mx.example.test');
  const { flight } = await exchangeHellos(socket, bytes, { seconds: 10, signal: null, isNamed: true });
  server.close();
  expect(flight?.kind === 'server-hello' ? [flight.version, flight.isWhole] : [flight?.alert, true]).toEqual([
    expected,
    true,
  ]);
});
