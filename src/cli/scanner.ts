import type { CatalogueEntry, DefinedProbe } from '../kit/probe.ts';
import type { Policy } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import type { Target } from '../model/target.ts';
import type { OnScanEvent } from '../scan/events.ts';
import type { ScanOptions } from '../scan/options.ts';

/** What the commands use of scanning and judging. The real one is `src/scan-and-judge.ts`; a test may give another. */
export interface Scanner {
  scan(
    targets: readonly Target[],
    options: Partial<ScanOptions> & Pick<ScanOptions, 'helo'>,
    onEvent?: OnScanEvent,
  ): Promise<Report>;
  judgeAgain(report: Report, policy: Policy): Report;
  readonly probes: readonly KnownProbe[];
}

/** A probe as far as the commands go: what it is about, not how it asks and judges. */
export type KnownProbe = CatalogueEntry & Pick<DefinedProbe, 'needs' | 'wants'>;
