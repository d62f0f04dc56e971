import { describe, expect, test } from 'vitest';
import { isAddress, isNamed, namesOf } from '../../../../src/kit/certificate/names.ts';

describe('a certificate is for a host', () => {
  test.each<[string, readonly string[], string, boolean]>([
    ['the name', ['DNS:mx.example.test'], 'mx.example.test', true],
    ['one of several', ['DNS:a.example.test', 'DNS:mx.example.test'], 'mx.example.test', true],
    ['in another case', ['DNS:MX.Example.TEST'], 'mx.example.test', true],
    ['with the dot of the root', ['DNS:mx.example.test.'], 'mx.example.test', true],
    ['another name', ['DNS:mail.example.test'], 'mx.example.test', false],
    ['its domain', ['DNS:example.test'], 'mx.example.test', false],
    ['a name that ends alike', ['DNS:x.example.test'], 'mx.example.test', false],
    ['a wildcard', ['DNS:*.example.test'], 'mx.example.test', true],
    ['a wildcard, two labels', ['DNS:*.example.test'], 'a.mx.example.test', false],
    ['a wildcard, no label', ['DNS:*.example.test'], 'example.test', false],
    ['a wildcard in part of a label', ['DNS:m*.example.test'], 'mx.example.test', false],
    ['a wildcard that is not leftmost', ['DNS:mx.*.test'], 'mx.example.test', false],
    ['a wildcard for a top-level domain', ['DNS:*.test'], 'example.test', false],
    ['a wildcard for everything', ['DNS:*'], 'localhost', false],
    ['two wildcards', ['DNS:*.*.test'], 'mx.example.test', false],
    ['an international name', ['DNS:*.xn--bcher-kva.test'], 'mx.xn--bcher-kva.test', true],
    ['an address', ['IP Address:192.0.2.1'], '192.0.2.1', true],
    ['another address', ['IP Address:192.0.2.1'], '192.0.2.10', false],
    ['an address as a name', ['DNS:192.0.2.1'], '192.0.2.1', false],
    ['a name as an address', ['IP Address:mx.example.test'], 'mx.example.test', false],
    ['IPv6 in another spelling', ['IP Address:2001:DB8:0:0:0:0:0:1'], '2001:db8::1', true],
    ['IPv4 in IPv6 clothing', ['IP Address:192.0.2.1'], '::ffff:192.0.2.1', true],
    ['the common name alone', [], 'mx.example.test', false],
    ['a mail address', ['email:mx.example.test'], 'mx.example.test', false],
    ['a name with a comma, quoted', ['DNS:"b\\u002cDNS:mx.example.test"'], 'mx.example.test', false],
  ])('%s', (_, altNames, host, fits) => {
    expect(isNamed({ altNames }, host)).toBe(fits);
  });

  test('and says for which', () => {
    expect(namesOf({ altNames: ['DNS:a.test', 'email:x@a.test', 'IP Address:192.0.2.1'] })).toEqual([
      'a.test',
      '192.0.2.1',
    ]);
  });

  test.each<[string, boolean]>([
    ['192.0.2.1', true],
    ['2001:db8::1', true],
    ['mx.example.test', false],
    ['1.2.3.4.example.test', false],
  ])('%s is an address: %s', (host, expected) => {
    expect(isAddress(host)).toBe(expected);
  });
});
