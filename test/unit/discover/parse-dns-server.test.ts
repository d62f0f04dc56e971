import { expect, test } from 'vitest';
import { parseDnsServer } from '../../../src/discover/parse-dns-server.ts';

test.each([
  ['192.0.2.53', '192.0.2.53'],
  [' 192.0.2.53:5353 ', '192.0.2.53:5353'],
  ['2001:DB8::53', '2001:db8::53'],
  ['[2001:db8::53]', '2001:db8::53'],
  ['[2001:db8::53]:5353', '[2001:db8::53]:5353'],
])('%j is %j', (text, server) => {
  expect(parseDnsServer(text)).toBe(server);
});

test.each([
  ['nonsense', '"nonsense" is no address: give the address of a DNS server, such as 192.0.2.53 or [2001:db8::53]:53'],
  ['dns.example.com', 'is no address'],
  ['udp://192.0.2.53', 'is no address'],
  ['', 'is no address'],
  ['192.0.2.53:0', 'has port 0: ports are between 1 and 65535'],
  ['192.0.2.53:dns', 'has a port that is not a number'],
  ['::1:53', 'put the address in brackets, [::1]:53'],
  ['192.0.2.531', 'is neither a name nor an IPv4 address'],
  ['192.0.2.53\x1b', '"192.0.2.53\\x1b" has a character that no name has'],
])('%j is refused', (text, problem) => {
  expect(parseDnsServer(text)).toMatchObject({ problem: expect.stringContaining(problem) });
});
