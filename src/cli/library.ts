import type { CatalogueEntry as Described } from '../kit/probe.ts';
import type { Policy } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import type { Target } from '../model/target.ts';
import type { OnScanEvent } from '../scan/events.ts';
import type { ScanOptions } from '../scan/options.ts';

/** What the commands need of the public library. */
export interface Library {
  scan(
    targets: readonly Target[],
    options: Partial<ScanOptions> & Pick<ScanOptions, 'helo'>,
    onEvent?: OnScanEvent,
  ): Promise<Report>;
  judgeAgain(report: Report, policy: Policy): Report;
  readonly probes: readonly CatalogueEntry[];
}

/** What the catalogue says of one probe, and the ids of the probes whose data it reads. */
export interface CatalogueEntry extends Described {
  readonly needs: readonly string[];
}
