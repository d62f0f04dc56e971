import type { RunState } from '../monitor/run.ts';
import type { MonitorState } from '../monitor/store.ts';

/** The tables as Kysely knows them: names in snake case there, in camel case here. Times are milliseconds UTC. */
export interface Tables {
  readonly monitor: MonitorTable;
  readonly schedule: ScheduleTable;
  readonly run: RunTable;
  readonly report: ReportTable;
  readonly span: SpanTable;
  readonly change: ChangeTable;
}

interface MonitorTable {
  readonly id: string;
  readonly spec: string;
  readonly state: MonitorState;
}

interface ScheduleTable {
  readonly monitorId: string;
  readonly name: string;
  readonly spec: string;
  readonly nextAt: number | null;
  readonly lastDueAt: number | null;
}

export interface RunTable {
  readonly id: string;
  readonly monitorId: string;
  readonly schedule: string;
  readonly dueAt: number;
  readonly notBefore: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly state: RunState;
  readonly attempt: number;
  readonly missed: number;
  readonly exitCode: number | null;
  /** JSON. */
  readonly counts: string | null;
  readonly cost: string | null;
  readonly because: string | null;
}

interface ReportTable {
  readonly runId: string;
  readonly monitorId: string;
  readonly schedule: string;
  readonly at: number;
  readonly keptBecause: 'differs' | 'week' | 'newest';
  readonly codec: 'brotli';
  readonly body: Uint8Array | ArrayBuffer;
}

export interface SpanTable {
  readonly monitorId: string;
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly probe: string;
  readonly verdict: string;
  readonly severity: string;
  readonly doubt: string | null;
  /** JSON. */
  readonly waived: string | null;
  readonly measured: string | null;
  readonly because: string;
  readonly quote: string | null;
  readonly firstRun: string;
  readonly firstAt: number;
  readonly lastRun: string;
  readonly lastAt: number;
  readonly lastSchedule: string;
  readonly endedRun: string | null;
}

interface ChangeTable {
  readonly runId: string;
  readonly monitorId: string;
  readonly at: number;
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly probe: string;
  readonly kind: string;
  readonly severity: string;
}
