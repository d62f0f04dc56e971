import { describe, expect, test } from 'vitest';
import { relayForms } from '../../../src/kit/relay/forms.ts';
import type { RelayNames } from '../../../src/kit/relay/names.ts';

const names = (part: Partial<RelayNames> = {}): RelayNames => ({
  sender: 'mxprobe@scanner.test',
  taken: part.sender ?? 'mxprobe@scanner.test',
  external: 'mxprobe-relay-test@example.net',
  elsewhere: [],
  domain: 'example.test',
  server: 'mx.example.test',
  literal: '[192.0.2.1]',
  helo: { ours: 'probe.scanner.test', theirs: part.server ?? '[192.0.2.1]' },
  ...part,
});

const combinations: readonly [string, RelayNames][] = [
  ['domain and name known', names()],
  ['domain known', names({ server: null })],
  ['name known', names({ domain: null })],
  ['neither known', names({ domain: null, server: null })],
  ['domain and name the same', names({ server: 'example.test' })],
  ['an IPv6 address', names({ literal: '[IPv6:2001:db8::1]' })],
  ['a sender that is the recipient', names({ sender: 'mxprobe-relay-test@example.net' })],
  ['a sender of its own domain', names({ sender: 'mxprobe@example.test' })],
  ['the null sender taken only', names({ taken: '' })],
  ['the server’s name is localhost', names({ server: 'localhost.localdomain' })],
  ['our name is the server’s', names({ helo: { ours: 'mx.example.test', theirs: 'mx.example.test' } })],
];

describe('the relay shapes', () => {
  test.each(combinations.slice(0, 6))('with %s are 24 in clear and 12 inside TLS, or more', (_, known) => {
    const shapes = relayForms(known);
    expect(shapes.length).toBeGreaterThanOrEqual(24);
    expect(shapes.filter(({ clearOnly }) => !clearOnly).length).toBeGreaterThanOrEqual(12);
  });

  test.each(combinations)('with %s have each its own id', (_, known) => {
    const ids = relayForms(known).map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test.each(combinations)('with %s ask nothing twice', (_, known) => {
    const asked = relayForms(known).map(({ helo, sender, recipient }) => `${helo} ${sender} ${recipient}`);
    expect(asked).toEqual([...new Set(asked)]);
  });

  test.each(combinations)('with %s fit in a command of SMTP', (_, known) => {
    for (const { sender, recipient } of relayForms(known)) {
      expect(`RCPT TO:<${recipient}>`.length).toBeLessThan(510);
      expect(sender).not.toMatch(/[\s<>]/);
      expect(recipient).not.toMatch(/[\s<>]/);
      expect(recipient).not.toMatch(/null|undefined/);
    }
  });

  test('all lead outside, and say at whose place', () => {
    for (const { recipient, ownHost, id } of relayForms(names())) {
      expect(recipient, id).toContain('example.net');
      const right = recipient.startsWith('@') ? 'example.net' : /@([^@"]*)$/.exec(recipient)?.[1];
      if (ownHost === null) expect(right, id).toMatch(/^(example\.test\.)?example\.net$/);
      else expect(right ?? '', id).toBe(ownHost);
    }
  });

  test('hold every sender form with the plain recipient, and every recipient form from outside', () => {
    const ids = relayForms(names()).map(({ id }) => id);
    for (const sender of ['outside', 'null', 'user', 'postmaster', 'same', 'literal', 'bare', 'localhost']) {
      expect(ids).toContain(`${sender}>plain`);
    }
    for (const form of ['percent', 'bang', 'quoted', 'doubled', 'route'])
      expect(ids).toContain(`outside>${form}@domain`);
    for (const form of ['percent', 'bang', 'quoted']) expect(ids).toContain(`outside>${form}`);
    expect(ids.filter((id) => id.startsWith('own-helo:')).length).toBeGreaterThanOrEqual(3);
  });

  test('are asked under our own name, but for those of HELO', () => {
    for (const { id, helo, heloOf } of relayForms(names())) {
      expect(heloOf).toBe(id.startsWith('own-helo:') ? 'theirs' : 'ours');
      expect(helo).toBe(heloOf === 'ours' ? 'probe.scanner.test' : names().helo.theirs);
    }
  });
});
