import fc from 'fast-check';
import type { Zone } from '../../fakes/names.ts';

const hosts = [
  'example.com',
  'mx.example.com',
  'mx2.example.com',
  'localhost',
  'mx_.example.com',
  '192.0.2.1',
  'a\\032b',
  '-',
  '',
  'scanner.example.net',
] as const;

const addresses = [
  '192.0.2.1',
  '127.0.0.1',
  '10.0.0.1',
  '0.0.0.0',
  '127.255.255.254',
  '127.0.0.2',
  '::1',
  '2001:db8::1',
  'x',
];

const reverse = ['1.2.0.192.in-addr.arpa', `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`];
const listed = ['1.2.0.192', '2.0.0.127', '1.0.0.127'].map((labels) => `${labels}.dnsbl.example.org`);

const held = (text: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.array(text, { maxLength: 7 }),
    fc.constantFrom('SERVFAIL' as const, 'BOGUS' as const, 'timeout' as const),
  );

const host = fc.oneof(fc.constantFrom(...hosts), fc.string({ maxLength: 12 }));
const preference = fc.oneof(fc.integer({ min: 0, max: 65_535 }), fc.constantFrom(0, 10, 10));

/** Records of all kinds below the names that a domain probe asks for, sound and unsound. */
export const anyZone = (): fc.Arbitrary<Zone> =>
  fc
    .array(
      fc.oneof(
        fc.tuple(
          fc.constant('example.com MX'),
          held(fc.tuple(preference, host).map(([number, name]) => `${number} ${name}`)),
        ),
        fc.tuple(
          fc.tuple(fc.constantFrom(...hosts, ...listed), fc.constantFrom('A', 'AAAA')).map((pair) => pair.join(' ')),
          held(fc.constantFrom(...addresses)),
        ),
        fc.tuple(
          fc.constantFrom(...hosts, ...reverse).map((name) => `${name} CNAME`),
          fc.array(host, { maxLength: 1, minLength: 1 }),
        ),
        fc.tuple(
          fc.constantFrom(...reverse).map((name) => `${name} PTR`),
          held(host),
        ),
        fc.tuple(
          fc.constantFrom('example.com TXT', ...listed.map((name) => `${name} TXT`)),
          held(fc.oneof(fc.constant('v=spf1 mx ip4:192.0.2.1 -all'), fc.string({ maxLength: 30 }))),
        ),
      ),
      { maxLength: 14 },
    )
    .map((entries) => Object.fromEntries(entries));
