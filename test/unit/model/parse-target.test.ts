import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTarget, parseTargetList } from '../../../src/model/parse-target.ts';

const name = (name: string) => ({ kind: 'name', name });
const address = (address: string) => ({ kind: 'address', address });
const endpoint = (host: string, port: number, role: string, tls: string) => ({
  kind: 'endpoint',
  host,
  port,
  role,
  tls,
});

describe('parseTarget reads', () => {
  test.each([
    ['example.com', name('example.com')],
    ['Example.COM', name('example.com')],
    ['example.com.', name('example.com')],
    ['  example.com\n', name('example.com')],
    ['localhost', name('localhost')],
    ['mx-1.example.com', name('mx-1.example.com')],
    ['my_postfix', name('my_postfix')],
    ['3com.example', name('3com.example')],
    ['1.2.3.example', name('1.2.3.example')],
    ['bücher.example', name('xn--bcher-kva.example')],
    ['BÜCHER.example', name('xn--bcher-kva.example')],
    ['例え。テスト', name('xn--r8jz45g.xn--zckzah')],
    ['xn--bcher-kva.example', name('xn--bcher-kva.example')],
    [`${'a'.repeat(63)}.example`, name(`${'a'.repeat(63)}.example`)],
    ['192.0.2.1', address('192.0.2.1')],
    ['[192.0.2.1]', address('192.0.2.1')],
    ['::1', address('::1')],
    ['2001:DB8::1', address('2001:db8::1')],
    ['2001:db8:0:0:0:0:0:1', address('2001:db8::1')],
    ['2001:db8::1:25', address('2001:db8::1:25')],
    ['2001:db8::25', address('2001:db8::25')],
    ['::ffff:192.0.2.1', address('::ffff:192.0.2.1')],
    ['::ffff:c000:201', address('::ffff:192.0.2.1')],
    ['[2001:DB8:0::1]', address('2001:db8::1')],
    ['[IPv6:2001:db8::1]', address('2001:db8::1')],
    ['mx.example.com:25', endpoint('mx.example.com', 25, 'mx', 'starttls')],
    ['mx.example.com.:25', endpoint('mx.example.com', 25, 'mx', 'starttls')],
    ['mx.example.com:587', endpoint('mx.example.com', 587, 'submission', 'starttls')],
    ['mx.example.com:465', endpoint('mx.example.com', 465, 'submissions', 'implicit')],
    ['mx.example.com:2525', endpoint('mx.example.com', 2525, 'mx', 'starttls')],
    ['mx.example.com:65535', endpoint('mx.example.com', 65535, 'mx', 'starttls')],
    ['localhost:1', endpoint('localhost', 1, 'mx', 'starttls')],
    ['192.0.2.1:25', endpoint('192.0.2.1', 25, 'mx', 'starttls')],
    ['[::1]:25', endpoint('::1', 25, 'mx', 'starttls')],
    ['[2001:DB8::1]:465', endpoint('2001:db8::1', 465, 'submissions', 'implicit')],
    ['smtp://mx.example.com', endpoint('mx.example.com', 25, 'mx', 'starttls')],
    ['smtp://mx.example.com/', endpoint('mx.example.com', 25, 'mx', 'starttls')],
    ['SMTP://MX.example.com', endpoint('mx.example.com', 25, 'mx', 'starttls')],
    ['smtp://mx.example.com:587', endpoint('mx.example.com', 587, 'submission', 'starttls')],
    ['smtp://mx.example.com:465', endpoint('mx.example.com', 465, 'submission', 'starttls')],
    ['smtp://[::1]:2525', endpoint('::1', 2525, 'mx', 'starttls')],
    ['smtp://[::1]', endpoint('::1', 25, 'mx', 'starttls')],
    ['smtp://192.0.2.1', endpoint('192.0.2.1', 25, 'mx', 'starttls')],
    ['smtps://mx.example.com', endpoint('mx.example.com', 465, 'submissions', 'implicit')],
    ['smtps://mx.example.com:2465', endpoint('mx.example.com', 2465, 'submissions', 'implicit')],
    ['smtps://mx.example.com:25', endpoint('mx.example.com', 25, 'submissions', 'implicit')],
    ['submission://mx.example.com', endpoint('mx.example.com', 587, 'submission', 'starttls')],
    ['submission://mx.example.com:2587', endpoint('mx.example.com', 2587, 'submission', 'starttls')],
    ['submissions://mx.example.com', endpoint('mx.example.com', 465, 'submissions', 'implicit')],
    ['submissions://[2001:db8::1]:10465', endpoint('2001:db8::1', 10465, 'submissions', 'implicit')],
    ['smtp://bücher.example:25', endpoint('xn--bcher-kva.example', 25, 'mx', 'starttls')],
  ])('%j', (input, target) => {
    expect(parseTarget(input)).toEqual({ ...target, input });
  });
});

describe('parseTarget refuses, and says how to put it right', () => {
  test.each([
    ['', 'is no target: give a domain, a host, host:port or an address'],
    ['   ', 'is no target'],
    ['example.com example.org', 'looks like several targets'],
    ['example.com,example.org', 'looks like several targets'],
    ['exam\nple.com', 'looks like several targets'],
    ['exam\x07ple.com', 'has a control or invisible character in it: type it anew'],
    ['exam\u200bple.com', 'has a control or invisible character'],
    ['exam\u202eple.com', 'has a control or invisible character'],
    ['mx.example.com:99999', 'has port 99999: ports are between 1 and 65535'],
    ['mx.example.com:0', 'has port 0: ports are between 1 and 65535'],
    ['mx.example.com:65536', 'has port 65536'],
    ['mx.example.com:-1', 'has a port that is not a number, -1'],
    ['mx.example.com:smtp', 'has a port that is not a number, smtp: write host:25'],
    ['mx.example.com:', 'has a colon and no port after it: write host:25, or leave the colon out'],
    ['[::1]:', 'has a colon and no port after it'],
    [':25', 'has no name in it'],
    ['.', 'has no name in it'],
    ['::1:25', 'has an IPv6 address with a port: put the address in brackets, [::1]:25'],
    ['2001:db8:0:0:0:0:0:1:25', 'put the address in brackets, [2001:db8::1]:25'],
    ['2001:db8::1:99999', 'put the address in brackets, [2001:db8::1]:99999'],
    ['a:b:c', 'is neither host:port nor an IPv6 address: check the colons'],
    ['mx.example.com:25:25', 'is neither host:port nor an IPv6 address'],
    ['2001:db8:::1', 'put the address in brackets, [2001:db8::]:1'],
    ['2001:db8::::', 'is neither host:port nor an IPv6 address'],
    ['fe80::1%eth0', 'zones (fe80::1%eth0) are not supported'],
    ['[fe80::1%eth0]:25', 'zones (fe80::1%eth0) are not supported'],
    ['[::1', 'has brackets that do not match'],
    ['[::1]25', 'has brackets that do not match'],
    ['[mx.example.com]:25', 'has no IP address between its brackets'],
    ['[]', 'has no IP address between its brackets'],
    ['smtp://2001:db8::1', 'needs brackets around an IPv6 address, the port after them: [2001:db8::1]:25'],
    ['smtps://::1:465', 'needs brackets around an IPv6 address'],
    ['alice@example.com', 'is a mail address: give the domain, example.com'],
    ['mailto:alice@example.com', 'is a mail address: give the domain, example.com'],
    ['smtp://alice@example.com', 'has a user in it: give host and port only'],
    [
      'http://example.com',
      'begins with a scheme that is not known, http://: use smtp://, smtps://, submission:// or submissions://',
    ],
    ['constructor://example.com', 'begins with a scheme that is not known, constructor://'],
    ['smtp://', 'has no name in it'],
    ['smtp:///', 'has no name in it'],
    ['smtp://example.com/inbox', 'has a path or a query in it: give host and port only'],
    ['smtp://example.com?x=1', 'has a path or a query'],
    ['example.com/inbox', 'has a path or a query in it: give host and port only'],
    ['example.com#x', 'has a path or a query'],
    ['300.1.1.1', 'is neither a name nor an IPv4 address: that has four numbers from 0 to 255, such as 192.0.2.1'],
    ['1.2.3', 'is neither a name nor an IPv4 address'],
    ['1.2.3.4.5', 'is neither a name nor an IPv4 address'],
    ['010.0.0.1', 'is neither a name nor an IPv4 address'],
    ['0x7f000001', 'is neither a name nor an IPv4 address'],
    ['25', 'is neither a name nor an IPv4 address'],
    ['1.2.3:25', 'is neither a name nor an IPv4 address'],
    ['１２７.1', 'is neither a name nor an IPv4 address'],
    ['example..com', 'has a dot too many: no label of a name is empty'],
    ['.example.com', 'has a dot too many'],
    ['example.com..', 'has a dot too many'],
    [`${'a'.repeat(64)}.example`, 'has a label of 64 characters: 63 are the most (RFC 1035 §2.3.4)'],
    [`${'a.'.repeat(127)}com`, 'is a name of 257 characters: 253 are the most (RFC 1035 §2.3.4)'],
    ['-example.com', 'has a hyphen at the edge of a label'],
    ['example-.com', 'has a hyphen at the edge of a label'],
    ['*.example.com', 'has a character that no name has, "*": take it out'],
    ['exa$mple.com', 'has a character that no name has, "$"'],
    ['bücher$.example', 'has a character that no name has, "$"'],
  ])('%j', (input, problem) => {
    const bad = parseTarget(input);
    expect(bad).toMatchObject({ kind: 'bad', input });
    expect('problem' in bad && bad.problem).toContain(problem);
  });

  test('with the words of the user in front', () => {
    expect(parseTarget('mx.example.com:99999')).toMatchObject({
      problem: '"mx.example.com:99999" has port 99999: ports are between 1 and 65535',
    });
  });

  test('without a control character or an endless line reaching the terminal', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 120 }),
          fc.string({ unit: fc.constantFrom(...'a1.:[]@%/-x\x1b\u00ad') }),
        ),
        (input) => {
          const target = parseTarget(input);
          if (target.kind !== 'bad') return;
          expect(target.problem).not.toMatch(/\p{C}/u);
          expect(target.problem.length).toBeLessThan(400);
        },
      ),
    );
  });
});

test('what was read reads the same again', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
      fc.option(fc.integer({ min: 1, max: 65_535 })),
      (host, port) => {
        const typed = port === null ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
        const first = parseTarget(typed);
        if (first.kind === 'bad') return;
        const again = first.kind === 'name' ? first.name : first.kind === 'address' ? `[${first.address}]` : null;
        if (again !== null) expect(parseTarget(again)).toEqual({ ...first, input: again });
        else expect(first).toMatchObject({ kind: 'endpoint', port });
      },
    ),
  );
});

test('a list has one target a line, and comments', () => {
  const text = '\uFEFF# our own\r\nexample.com\r\n\r\n  mx.example.com:25  # the old one\n[::1]:25\r#\nlast.example';
  expect(parseTargetList(text)).toEqual(['example.com', 'mx.example.com:25', '[::1]:25', 'last.example']);
  expect(parseTargetList('')).toEqual([]);
});
