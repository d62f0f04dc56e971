import type { Io } from '../../src/cli/io.ts';
import type { KnownProbe, Scanner } from '../../src/cli/scanner.ts';
import type { Safety } from '../../src/model/judgement.ts';
import type { Report } from '../../src/model/report.ts';
import type { Target } from '../../src/model/target.ts';
import type { ScanEvent } from '../../src/scan/events.ts';
import type { ScanOptions } from '../../src/scan/options.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';

type Asked = Partial<ScanOptions> & { readonly helo: string };

/** What a command line did, seen from outside. */
export interface World {
  readonly io: Io;
  out(): string;
  err(): string;
  /** The scans that were asked for. */
  readonly scans: { readonly targets: readonly Target[]; readonly options: Asked }[];
  interrupt(why?: 'signal' | 'output closed'): void;
}

interface Stubs {
  readonly probes?: readonly KnownProbe[];
  readonly scan?: (onEvent: (event: ScanEvent) => void, options: Asked) => Promise<Report>;
  readonly judgeAgain?: Scanner['judgeAgain'];
  readonly stdin?: string;
  readonly hostname?: string;
  readonly terminal?: boolean;
  readonly env?: Io['env'];
}

const probe = (id: string, safety: Safety, needs: readonly string[] = []): KnownProbe => ({
  id,
  question: `What of ${id}?`,
  severity: 'high',
  safety,
  why: `${id} matters.`,
  judged: `By what it says of ${id} | or not.`,
  refs: ['RFC 5321 §3.1'],
  fix: { postfix: [`postconf -e '${id} = yes'`], exim: ['deny'] },
  cost: { connections: 1, commands: 4 },
  needs,
  wants: [],
});

export const catalogue = [
  probe('hello', 'passive'),
  probe('starttls-offer', 'passive', ['hello']),
  probe('open-relay', 'active', ['hello']),
  probe('connection-rate', 'load'),
];

export const cleanReport = report([endpointReport([finding('hello', 'pass')])]);
export const badReport = report([endpointReport([finding('open-relay', 'fail', { severity: 'critical' })])]);

/** A world of strings, with a library that scans nothing. */
export function world(stubs: Stubs = {}): World {
  const written = { out: '', err: '' };
  const scans: World['scans'] = [];
  const handlers = new Set<(why: 'signal' | 'output closed') => void>();
  const out = (name: 'out' | 'err') => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTerminal: stubs.terminal ?? false,
    width: 100,
  });
  const scanner: Scanner = {
    probes: stubs.probes ?? catalogue,
    judgeAgain: stubs.judgeAgain ?? ((saved) => saved),
    scan: async (targets, options, onEvent = () => {}) => {
      scans.push({ targets, options });
      return (await stubs.scan?.(onEvent, options)) ?? cleanReport;
    },
  };
  const io: Io = {
    stdout: { ...out('out'), lost: async () => null },
    stderr: out('err'),
    env: stubs.env ?? {},
    version: '0.1.0',
    hostname: stubs.hostname ?? 'scanner.example.net',
    async *stdin() {
      yield stubs.stdin ?? '';
    },
    onInterrupt(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    onReload: () => () => {},
    cleanups: new Set(),
    scanner: async () => scanner,
    startDemo: async () => ({ port: 2525, close: async () => {} }),
  };
  return {
    io,
    out: () => written.out,
    err: () => written.err,
    scans,
    interrupt: (why = 'signal') => {
      for (const handler of handlers) handler(why);
    },
  };
}
