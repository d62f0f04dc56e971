import type { EndpointReport, Finding, Summary, TargetReport } from '../model/report.ts';

/** What a scan says while it runs; JSON-safe. `--format ndjson` prints them one a line. */
export type ScanEvent =
  | {
      readonly type: 'started';
      readonly schema: 1;
      readonly tool: string;
      readonly version: string;
      readonly at: string;
      readonly targets: readonly string[];
    }
  | { readonly type: 'target'; readonly target: TargetReport }
  /** Of a domain: with its findings, what they rest on, and what DNS was asked. */
  | { readonly type: 'target-finished'; readonly target: TargetReport }
  | {
      readonly type: 'endpoint-started';
      readonly endpoint: string;
      readonly probes: readonly string[];
      /**
       * About how long its `load` probes take, where any are to run. They run last, and not beside those of another
       * port of the address.
       */
      readonly secondsLeft?: number;
    }
  | {
      readonly type: 'probe-started';
      readonly endpoint: string;
      readonly probe: string;
      /** Of a `load` probe: about how long it and those after it take. */
      readonly secondsLeft?: number;
    }
  | { readonly type: 'finding'; readonly endpoint: string; readonly finding: Finding }
  | { readonly type: 'waiting'; readonly address: string; readonly seconds: number; readonly because: string }
  | { readonly type: 'endpoint-finished'; readonly endpoint: EndpointReport }
  | { readonly type: 'finished'; readonly at: string; readonly summary: Summary };

export type OnScanEvent = (event: ScanEvent) => void;
