import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Incident } from '../../src/monitor/alerts/incident.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { Crash } from '../support/watch-child.ts';
import type { Seen } from '../support/watch-world.ts';

/**
 * kill -9, at every statement that writes and every message that is sent, and at random moments: what SQLite has
 * promised is there, the rest is done again, and everybody is told. It leaves the page cache, so it does not show what a
 * power failure does: that rests on synchronous=FULL.
 */
const kills = Number(process.env.KILLS ?? 200);
const sideBySide = 4;
const folder = mkdtempSync(join(tmpdir(), 'mxprobe-kill-'));
const cache = join(process.cwd(), 'node_modules', '.cache');
const child = join(cache, 'watch-child.mjs');

/** The servers and the people that the processes meet: a process that is not killed. */
let world: ReturnType<typeof spawn>;
let worldPort = 0;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  for (const name of ['watch-child', 'watch-world']) {
    const bundle = await rolldown({
      input: `test/support/${name}.ts`,
      external: (id) => id.startsWith('node:') || id === 'libsql',
      platform: 'node',
    });
    await bundle.write({ file: join(cache, `${name}.mjs`), format: 'esm', codeSplitting: false });
    await bundle.close();
  }
  world = spawn(process.execPath, [join(cache, 'watch-world.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  worldPort = Number(await new Promise((told) => world.stdout?.once('data', told)));
}, 60_000);

afterAll(() => void world.kill());

/** Ends the world, and gives what it has seen. */
async function seenByAll(): Promise<Seen> {
  let text = '';
  world.stdout?.on('data', (piece) => {
    text += piece;
  });
  const over = new Promise((ended) => world.on('close', ended));
  world.stdin?.end();
  await over;
  return JSON.parse(text);
}

/** A kill: after so many milliseconds, or at a point. */
type Kill = number | Crash;

interface Life {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The longest that a point is waited for. */
const longest = 3000;

/** One life of a process, until it ends or is killed. */
async function lived(store: string, how: Kill | 'end' | 'points'): Promise<Life> {
  const isKill = typeof how !== 'string';
  const env = {
    ...process.env,
    WORLD_PORT: String(worldPort),
    ...(typeof how === 'object' ? { CRASH: JSON.stringify(how) } : {}),
  };
  const one = spawn(process.execPath, [child, store, ...(isKill ? [] : [how])], { env });
  let [out, err] = ['', ''];
  one.stdout.on('data', (piece) => {
    out += piece;
  });
  one.stderr.on('data', (piece) => {
    err += piece;
  });
  const ended = new Promise<number | null>((over) => one.on('close', over));
  const timer = typeof how === 'object' ? setTimeout(() => one.kill('SIGKILL'), longest) : undefined;
  if (typeof how === 'number') {
    await Promise.race([new Promise((ready) => one.stdout.once('data', ready)), ended]);
    await delay(how);
    one.kill('SIGKILL');
  }
  const code = await ended;
  clearTimeout(timer);
  return { code, out, err };
}

async function rowsOf<T>(store: string, query: string): Promise<T[]> {
  const { db, close } = openDatabase(store, { make: false });
  const { rows } = await sql.raw<T>(query).execute(db);
  await close();
  return rows;
}

/** Random as it was last time, where SEED says so. */
const seed = Number(process.env.SEED ?? Date.now() % 100_000);
let state = seed;
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return state / 2 ** 31;
}

const bothSides = (what: string, nth: number): Crash[] => [
  { what, when: 'before', nth },
  { what, when: 'after', nth },
];

/** Half of them at points, each at its first time and then at later ones; the others at random. */
function killsAt(points: readonly string[], count: number): Kill[] {
  const half = Math.ceil(count / 2);
  const places = [1, 2, 3, 5, 9].flatMap((nth) => points.flatMap((what) => bothSides(what, nth)));
  const enumerated = Array.from({ length: half }, (_, at) => places[at % places.length] as Crash);
  const others = Array.from({ length: count - half }, () => random() * 600);
  return [...enumerated, ...others]
    .map((kill) => ({ kill, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ kill }) => kill);
}

/** Takes one after another off a list, several at a time. */
async function several<T>(all: readonly T[], work: (one: T, worker: number) => Promise<void>): Promise<void> {
  const left = all.toReversed();
  const worker = async (nth: number) => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) await work(one, nth);
  };
  await Promise.all(Array.from({ length: sideBySide }, (_, nth) => worker(nth)));
}

/** Kills, and says whether the place was reached where it was to be at one. */
async function killed(store: string, how: Kill): Promise<boolean> {
  const { code, out, err } = await lived(store, how);
  expect({ how, code, err }).toEqual({ how, code: null, err: '' });
  return typeof how === 'number' || out.includes('here\n');
}

async function endsWell(store: string): Promise<void> {
  const { code, err } = await lived(store, 'end');
  expect({ code, err }).toEqual({ code: 0, err: '' });
}

test(
  `${kills} times kill -9, at points and at random, seed ${seed}: nothing is lost, nobody is told wrong`,
  async () => {
    const points = async (): Promise<string[]> => {
      const { out } = await lived(join(folder, 'points.db'), 'points');
      return JSON.parse(out.split('\n').at(-1) ?? '');
    };
    const first = await points();
    const ofWork = await points();
    const ofMaking = first.filter((what) => !ofWork.includes(what));
    expect(ofWork).toContain('send');
    expect(ofWork.length).toBeGreaterThan(15);
    expect(ofMaking.length).toBeGreaterThan(20);

    // A store is made once, so that each place of that has one of its own.
    const makings = ofMaking.flatMap((what) => bothSides(what, 1));
    await several(makings, async (how) => {
      const store = join(folder, `new-${makings.indexOf(how)}.db`);
      expect([how, await killed(store, how)]).toEqual([how, true]);
      await endsWell(store);
      expect(await rowsOf(store, 'pragma integrity_check')).toEqual([{ integrityCheck: 'ok' }]);
    });

    const stores = Array.from({ length: sideBySide }, (_, nth) => join(folder, `${nth}.db`));
    const lives = stores.map(() => 0);
    const missed: Kill[] = [];
    await several(killsAt(ofWork, kills - makings.length), async (how, worker) => {
      if (!(await killed(stores[worker] ?? '', how))) missed.push(how);
      lives[worker] = (lives[worker] ?? 0) + 1;
    });
    for (const store of stores) await endsWell(store);
    const seen = await seenByAll();
    for (const [nth, store] of stores.entries()) await expectWhole(store, lives[nth] ?? 0, seen);
    // What comes once in a life does not come a second time; all else is met.
    expect(missed.filter((how) => typeof how === 'number' || how.nth === 1)).toEqual([]);
    expect(missed.length).toBeLessThan(kills / 4);
    expect(seen.scans).toBeGreaterThan(kills);
    expect(new Set(Object.values(seen.atOnce))).toEqual(new Set([1]));
  },
  120_000 + kills * 3000,
);

async function expectWhole(store: string, times: number, seen: Seen): Promise<void> {
  expect(await rowsOf(store, 'pragma integrity_check')).toEqual([{ integrityCheck: 'ok' }]);
  await expectRuns(store, times);
  await expectSpans(store);
  await expectIncidents(store);
  await expectTold(store, times, seen);
}

async function expectRuns(store: string, times: number): Promise<void> {
  const runs = await rowsOf<{
    monitorId: string;
    dueAt: number;
    missed: number;
    state: string;
    because: string | null;
  }>(store, 'select * from run order by due_at');
  expect(runs.length).toBeGreaterThan(times);
  const isOver = ({ state, because }: (typeof runs)[number]) =>
    state === 'done' || (because !== null && state !== 'queued');
  expect(runs.filter((run) => !isOver(run))).toEqual([]);
  for (const monitor of ['a', 'b', 'c']) {
    const own = runs.filter(({ monitorId }) => monitorId === monitor);
    // Every due time is a run, or was missed while nobody ran, and is told by the run after it.
    for (const [at, run] of own.entries())
      if (at > 0) expect(run.dueAt).toBe((own[at - 1]?.dueAt ?? 0) + 200 * (run.missed + 1));
  }
  const [heard] = await rowsOf<{ count: number }>(
    store,
    `select count(*) as count from run where state = 'done' and not exists (select 1 from span
    where span.monitor_id = run.monitor_id and probe = 'vrfy' and first_at <= run.finished_at and last_at >= run.finished_at)`,
  );
  expect(heard?.count).toBe(0);
}

async function expectSpans(store: string): Promise<void> {
  const spans = await rowsOf<{
    key: string;
    firstRun: string;
    endedRun: string | null;
    firstAt: number;
    lastAt: number;
  }>(store, "select monitor_id || ' ' || probe as key, * from span order by monitor_id, probe, first_at");
  for (const [at, span] of spans.entries()) {
    const next = spans[at + 1];
    if (next?.key !== span.key) continue;
    expect(span.endedRun).toBe(next.firstRun);
    expect(span.lastAt).toBeLessThan(next.firstAt);
  }
  for (const name of ['vrfy', 'broken', 'steady'])
    expect(spans.filter(({ key, endedRun }) => endedRun === null && key.endsWith(name))).toHaveLength(3);
  // What is steady has one row, whatever happened meanwhile.
  expect(spans.filter(({ key }) => /(broken|steady)$/.test(key))).toHaveLength(6);
}

async function expectIncidents(store: string): Promise<void> {
  const incidents = (await rowsOf<{ body: string }>(store, 'select body from incident')).map(
    ({ body }): Incident => JSON.parse(body),
  );
  const fails = await rowsOf<{ key: string }>(
    store,
    "select monitor_id || ' ' || probe as key from span where ended_run is null and verdict = 'fail' order by key",
  );
  const open = incidents.filter(({ state }) => state !== 'closed');
  const keyOf = ({ monitor, probe }: Incident) => `${monitor} ${probe}`;
  // What flaps stays open while it passes.
  const steady = open.filter((one) => one.flappingSince === null || fails.some(({ key }) => key === keyOf(one)));
  expect(steady.map(keyOf).toSorted()).toEqual(fails.map(({ key }) => key));
  const events = await rowsOf<{ incidentId: string; what: string; nth: number }>(
    store,
    'select * from incident_event order by incident_id, nth',
  );
  for (const { id, state } of incidents) {
    const own = events.filter(({ incidentId }) => incidentId === id).map(({ what }) => what);
    const turns = own.filter((what) => ['opened', 'flapping', 'closed'].includes(what));
    expect(turns.slice(1)).toEqual(state === 'closed' ? ['closed'] : []);
    expect(['opened', 'flapping']).toContain(turns[0]);
  }
}

async function expectTold(store: string, times: number, { alerts }: Seen): Promise<void> {
  const outbox = await rowsOf<{ id: string; state: string; lastError: string | null }>(store, 'select * from outbox');
  expect(outbox.filter(({ state }) => state !== 'sent')).toEqual([]);
  const received = Object.entries(alerts).filter(([key]) => key.startsWith(`${store} `));
  expect(received.map(([key]) => key.split(' ')[1]).toSorted()).toEqual(outbox.map(({ id }) => id).toSorted());
  expect(received.filter(([, count]) => count > times + 1)).toEqual([]);
  // Whoever has to be told was told, unless it was over before: and whoever heard of the beginning hears of the end.
  const untold = await rowsOf(
    store,
    `select * from incident_event as event join incident on incident.id = event.incident_id
     where not exists (select 1 from told where told.incident_id = event.incident_id and told.nth = event.nth)
     and ((event.what in ('opened', 'flapping') and incident.state <> 'closed')
       or (event.what = 'closed' and exists (select 1 from told where told.incident_id = event.incident_id)))`,
  );
  expect(untold).toEqual([]);
  expect(await rowsOf(store, 'select * from incident_event where tells = 1')).toEqual([]);
}
