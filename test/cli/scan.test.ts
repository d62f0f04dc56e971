import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { probes } from '../../src/index.ts';
import { defaultOptions } from '../../src/scan/options.ts';
import { badReport, cleanReport, world } from './fake-io.ts';

const asked = async (...argv: string[]) => {
  const { io, scans } = world();
  await run(['scan', ...argv], io);
  return scans[0]?.options;
};

describe('options', () => {
  test('have the defaults of the library', async () => {
    const { signal, ...options } = (await asked('example.com')) ?? {};
    expect(signal).toBeInstanceOf(AbortSignal);
    expect(options).toEqual({ ...defaultOptions, signal: undefined, helo: 'scanner.example.net' });
  });

  test.each<[string[], object]>([
    [['--ports', '25, 587,25'], { ports: [25, 587] }],
    [['--allow', 'load', '--authorized'], { allow: 'load', authorized: true }],
    [
      ['--probe', 'hello,open-relay', '--skip', 'connection-rate'],
      { probes: ['hello', 'open-relay'], skip: ['connection-rate'] },
    ],
    [['--probe', 'hello', '--probe', 'open-relay'], { probes: ['hello', 'open-relay'] }],
    [
      ['--domain', 'Example.COM.', '--recipient', "o'brien+x@example.com"],
      { domain: 'example.com', recipient: "o'brien+x@example.com" },
    ],
    [
      ['--external', 'a@bücher.example', '--sender', 'a@[192.0.2.1]'],
      { external: 'a@xn--bcher-kva.example', sender: 'a@[192.0.2.1]' },
    ],
    [['--helo', 'Probe.Example.org'], { helo: 'probe.example.org' }],
    [['--helo', '[192.0.2.7]'], { helo: '[192.0.2.7]' }],
    [['--helo', '[IPv6:2001:db8::7]'], { helo: '[IPv6:2001:db8::7]' }],
    [['--vantage', 'trusted', '--ipv6'], { vantage: 'trusted', family: 6 }],
    [
      ['--private', '--dns-trusted', '--dnsbl', 'a.example', '--dnsbl', 'B.example', '--vantage-address', '192.0.2.1'],
      { private: true, dnsTrusted: true, blockLists: ['a.example', 'b.example'], egress: '192.0.2.1' },
    ],
    [['--ipv4', '--dns', '[2001:db8::53]:5353'], { family: 4, dns: '[2001:db8::53]:5353' }],
    [['--fail-on=high'], { failOn: 'high' }],
    [
      ['--timeout', '60', '--concurrency', '5'],
      {
        restraint: {
          ...defaultOptions.restraint,
          replySeconds: 60,
          handshakeSeconds: 60,
          dialogueSeconds: 600,
          addressesAtOnce: 5,
        },
      },
    ],
    [['--patience', '300'], { restraint: { ...defaultOptions.restraint, patienceSeconds: 300 } }],
    [['--max-minutes', '10'], { restraint: { ...defaultOptions.restraint, loadSeconds: 600 } }],
  ])('%j', async (argv, expected) => {
    expect(await asked('mx.example.com', ...argv)).toMatchObject(expected);
  });

  test('a block list takes one word: what follows is a target', async () => {
    const { io, scans } = world();
    await run(['scan', '--dnsbl', 'a.example', 'mx.example.com'], io);
    expect(scans[0]?.options.blockLists).toEqual(['a.example']);
    expect(scans[0]?.targets.map((target) => target.input)).toEqual(['mx.example.com']);
  });

  test('words after --probe that no probe can be called are targets', async () => {
    const { io, scans } = world();
    await run(['scan', '--probe', 'hello', 'open-relay', 'mx.example.com', '[::1]:2525'], io);
    expect(scans[0]?.options.probes).toEqual(['hello', 'open-relay']);
    expect(scans[0]?.targets.map((target) => target.input)).toEqual(['mx.example.com', '[::1]:2525']);
  });

  test('a host without a full name says so, and scans all the same', async () => {
    const { io, err, scans } = world({ hostname: 'laptop' });
    expect(await run(['scan', 'example.com'], io)).toBe(0);
    expect(scans[0]?.options.helo).toBe('laptop.invalid');
    expect(err()).toContain('give your own with --helo');
  });
});

describe('the report', () => {
  test('goes to stdout for people, and its exit code is ours', async () => {
    const { io, out, err } = world({ scan: async () => badReport });
    expect(await run(['scan', 'example.com'], io)).toBe(1);
    expect(out()).toContain('FAIL     open-relay [critical]');
    expect(out()).not.toContain('\x1b');
    expect(err()).toBe('');
  });

  test('is one JSON document', async () => {
    const { io, out } = world({ terminal: true });
    expect(await run(['scan', 'example.com', '--format', 'json'], io)).toBe(0);
    expect(JSON.parse(out())).toEqual(cleanReport);
  });

  test('is a line an event as they come', async () => {
    const { io, out } = world({
      scan: async (onEvent) => {
        onEvent({ type: 'probe-started', endpoint: 'e', probe: 'hello' });
        expect(out()).toBe('{"type":"probe-started","endpoint":"e","probe":"hello"}\n');
        onEvent({ type: 'finished', at: 'now', summary: cleanReport.summary });
        return cleanReport;
      },
    });
    expect(await run(['scan', 'example.com', '--format', 'ndjson'], io)).toBe(0);
    const events = out()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(events).toMatchObject([{ type: 'probe-started' }, { type: 'finished' }]);
  });

  test('has colours on a terminal, and never with NO_COLOR', async () => {
    const coloured = world({ terminal: true });
    await run(['scan', 'example.com'], coloured.io);
    expect(coloured.out()).toContain('\x1b[');
    for (const env of [
      { NO_COLOR: '1' },
      { TERM: 'dumb' },
      { FORCE_COLOR: '0' },
      { NO_COLOR: '1', FORCE_COLOR: '1' },
    ]) {
      const plain = world({ terminal: true, env });
      await run(['scan', 'example.com'], plain.io);
      expect(plain.out()).not.toContain('\x1b');
    }
  });

  test.each<[string, boolean, Record<string, string>, string[], boolean]>([
    ['FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, [], true],
    ['--color always in a pipe', false, {}, ['--color', 'always'], true],
    ['--color always, whatever the environment says', false, { NO_COLOR: '1' }, ['--color', 'always'], true],
    ['--color never on a terminal', true, { FORCE_COLOR: '1' }, ['--color', 'never'], false],
    ['--color auto in a pipe', false, {}, ['--color', 'auto'], false],
  ])('has the colours asked for: %s', async (_, terminal, env, options, coloured) => {
    const { io, out } = world({ terminal, env });
    await run(['scan', 'example.com', ...options], io);
    expect(out().includes('\x1b[')).toBe(coloured);
  });

  test('is the ending alone with --quiet, and names the command that shows more', async () => {
    const { io, out, err } = world();
    await run(['scan', 'example.com', '--quiet', '--helo', 'a.example'], io);
    expect(out()).not.toContain('mxprobe 0.1.0');
    expect(out()).toContain('\nMore: mxprobe scan example.com --helo a.example\n');
    await run(['scan', 'example.com', '--quiet', '--verbose'], io);
    expect(err()).toContain('--quiet and --verbose exclude each other');
  });

  test('holds the dialogues with --transcript', async () => {
    const { io, out } = world();
    await run(['scan', 'example.com', '--transcript'], io);
    expect(out()).toContain('C: EHLO scanner.example.net');
  });
});

describe('Ctrl-C', () => {
  test('ends the scan, tells what is known, and is never all clear', async () => {
    const { io, out, err, interrupt } = world({
      scan: async (_, { signal }) => {
        const aborted = new Promise((resolve) => signal?.addEventListener('abort', resolve));
        interrupt();
        await aborted;
        return cleanReport;
      },
    });
    expect(await run(['scan', 'example.com', '--format', 'json'], io)).toBe(2);
    expect(JSON.parse(out())).toMatchObject({ summary: { exitCode: 2 } });
    expect(err()).toContain('interrupted');
  });

  test('leaves findings findings', async () => {
    const { io, interrupt } = world({
      scan: async () => {
        interrupt();
        return badReport;
      },
    });
    expect(await run(['scan', 'example.com'], io)).toBe(1);
  });
});

test('a bug of ours is one line and exit code 3; the stack is for those who ask', async () => {
  const scan = async () => {
    throw new TypeError('x is not\na function');
  };
  const { io, err, out } = world({ scan });
  expect(await run(['scan', 'example.com'], io)).toBe(3);
  expect(err()).toBe('mxprobe: internal error: x is not\\x0aa function (MXPROBE_DEBUG=1 shows where)\n');
  expect(out()).toBe('');
  const debugging = world({ scan, env: { MXPROBE_DEBUG: '1' } });
  await run(['scan', 'example.com'], debugging.io);
  expect(debugging.err()).toContain('scan.test.ts');
});

describe('--plan', () => {
  test('says what would be sent, and sends nothing', async () => {
    const { io, out, scans } = world();
    expect(await run(['scan', 'mx.example.com:25', '--plan'], io)).toBe(0);
    expect(scans).toEqual([]);
    expect(out()).toContain('mx.example.com port 25');
    expect(out()).toContain('active     open-relay');
    expect(out()).toContain('connection-rate: needs --allow load');
    expect(out()).toContain('about 3 connections and 12 commands');
  });

  test('counts the probes that others need', async () => {
    const { io, out } = world();
    await run(['scan', 'mx.example.com', '--plan', '--probe', 'open-relay'], io);
    expect(out()).toContain('hello');
    expect(out()).not.toContain('starttls-offer');
  });

  test('tells what loud probes need', async () => {
    const { io, out } = world();
    await run(['scan', '127.0.0.1', '--plan', '--allow', 'load'], io);
    expect(out()).toContain('load       connection-rate');
    expect(out()).toContain('only with --authorized');
  });

  test('leaves out what would run at no target', async () => {
    const { io, out } = world();
    await run(['scan', 'mx.example.com', '192.0.2.1', '--plan', '--allow', 'load'], io);
    expect(out()).toContain('connection-rate: needs --authorized: DNS says where mx.example.com is');
    expect(out()).not.toContain('load       connection-rate');
    const sure = world();
    await run(['scan', 'mx.example.com', '--plan', '--allow', 'load', '--authorized'], sure.io);
    expect(sure.out()).toContain('load       connection-rate');
  });

  const planned = async (...argv: readonly string[]) => {
    const { io, out } = world({ probes });
    expect(await run(['scan', ...argv, '--plan'], io)).toBe(0);
    return out();
  };

  test('tells questions to DNS from what is sent to servers', async () => {
    const plan = await planned('example.com');
    const [atServers = '', aboutDomains = ''] = plan.split('Would be asked of DNS, about each domain:');
    expect(atServers).toMatch(/Would run on each endpoint[\s\S]*takes-its-mail/);
    expect(atServers).not.toMatch(/ mta-sts /);
    expect(aboutDomains).toMatch(/ mta-sts [\s\S]*About each domain: .* questions to DNS, .* HTTPS/);
  });

  test('a question about a domain alone is nothing to a server, and nothing to a target that is none', async () => {
    const plan = await planned('example.com', '--probe', 'mx');
    expect(plan).toContain('about 7 questions to DNS');
    expect(plan).not.toMatch(/endpoint|connection/);
    expect(await planned('192.0.2.1', '--probe', 'mx')).toContain('Would ask nothing');
  });
});
