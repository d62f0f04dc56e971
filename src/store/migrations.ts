/**
 * What the tables have become, step by step: a store of version n has been through the first n. A step that was
 * released is never changed; what comes later goes below.
 */
export const migrations: readonly (readonly string[])[] = [
  [
    `create table monitor (
      id text primary key,
      spec text not null,
      state text not null
    )`,
    `create table schedule (
      monitor_id text not null,
      name text not null,
      spec text not null,
      next_at bigint,
      last_due_at bigint,
      primary key (monitor_id, name)
    )`,
    'create index schedule_next on schedule (next_at)',
    `create table run (
      id text primary key,
      monitor_id text not null,
      schedule text not null,
      due_at bigint not null,
      not_before bigint not null,
      started_at bigint,
      finished_at bigint,
      state text not null,
      attempt integer not null,
      missed integer not null,
      exit_code integer,
      counts text,
      cost text,
      because text,
      unique (monitor_id, schedule, due_at)
    )`,
    "create index run_open on run (monitor_id, schedule) where state in ('queued', 'running')",
    'create index run_newest on run (monitor_id, due_at)',
    'create index run_due on run (due_at)',
    `create table report (
      run_id text primary key,
      monitor_id text not null,
      schedule text not null,
      at bigint not null,
      kept_because text not null,
      codec text not null,
      body blob not null
    )`,
    'create index report_newest on report (monitor_id, schedule, at)',
    `create table span (
      monitor_id text not null,
      host text not null,
      port integer not null,
      address text not null,
      probe text not null,
      verdict text not null,
      severity text not null,
      doubt text,
      waived text,
      measured text,
      because text not null,
      quote text,
      first_run text not null,
      first_at bigint not null,
      last_run text not null,
      last_at bigint not null,
      last_schedule text not null,
      ended_run text,
      primary key (monitor_id, host, port, address, probe, first_run)
    )`,
    'create unique index span_open on span (monitor_id, host, port, address, probe) where ended_run is null',
    'create index span_last on span (monitor_id, last_at)',
    `create table change (
      run_id text not null,
      monitor_id text not null,
      at bigint not null,
      host text not null,
      port integer not null,
      address text not null,
      probe text not null,
      kind text not null,
      severity text not null,
      primary key (run_id, host, port, address, probe)
    )`,
    'create index change_newest on change (monitor_id, at)',
    'create index change_at on change (at)',
  ],
  [
    `create table incident (
      id text primary key,
      kind text not null,
      monitor_id text not null,
      host text not null,
      port integer not null,
      probe text not null,
      state text not null,
      severity text not null,
      opened_at bigint not null,
      confirmed_at bigint,
      closed_at bigint,
      body text not null
    )`,
    "create unique index incident_open on incident (monitor_id, kind, host, port, probe) where state <> 'closed'",
    'create index incident_key on incident (monitor_id, kind, host, port, probe, opened_at)',
    'create index incident_newest on incident (opened_at)',
    `create table incident_event (
      incident_id text not null,
      nth integer not null,
      at bigint not null,
      what text not null,
      who text,
      text text not null,
      tells integer not null,
      primary key (incident_id, nth)
    )`,
    'create index incident_event_untold on incident_event (at) where tells = 1',
    `create table told (
      incident_id text not null,
      nth integer not null,
      channel text not null,
      outbox_id text not null,
      primary key (incident_id, nth, channel)
    )`,
    `create table outbox (
      id text primary key,
      channel text not null,
      kind text not null,
      body text not null,
      created_at bigint not null,
      not_before bigint not null,
      attempts integer not null,
      state text not null,
      last_error text,
      sent_at bigint
    )`,
    "create index outbox_waiting on outbox (not_before) where state = 'waiting'",
    'create index outbox_newest on outbox (channel, created_at)',
    `create table silence (
      id text primary key,
      match text not null,
      from_at bigint not null,
      until_at bigint not null,
      because text not null,
      author text not null
    )`,
  ],
  ['alter table outbox add column not_taken text'],
];
