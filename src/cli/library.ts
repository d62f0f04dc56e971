import type { Safety, Severity } from '../model/judgement.ts';
import type { Policy } from '../model/policy.ts';
import type { MtaName, Report } from '../model/report.ts';
import type { Target } from '../model/target.ts';
import type { OnScanEvent } from '../scan/events.ts';
import type { ScanOptions } from '../scan/options.ts';

/** What the commands need of the public library. */
export interface Library {
  scan(
    targets: readonly Target[],
    options: Partial<ScanOptions> & { readonly helo?: string },
    onEvent?: OnScanEvent,
  ): Promise<Report>;
  judgeAgain(report: Report, policy: Policy): Report;
  readonly probes: readonly CatalogueEntry[];
}

/** What the catalogue says of one probe. */
export interface CatalogueEntry {
  readonly id: string;
  readonly question: string;
  readonly severity: Severity;
  readonly safety: Safety;
  readonly why: string;
  /** How it is judged. */
  readonly judged: string;
  readonly refs: readonly string[];
  readonly fix: Readonly<Partial<Record<MtaName, readonly string[]>>>;
  /** Ids of the probes whose data it reads. */
  readonly needs: readonly string[];
}
