import { describe, expect, it } from "vitest";
import type { Evidence } from "../../functions/core/contract/evidence.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { namedKinds } from "../../functions/core/facts/named-kinds.ts";
import { namedErrors } from "../../functions/core/probes/mysql/innodb-rates-names.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { evidenceOf } from "./support/inside/busy-server.ts";
import { isRead, playedCounters, playedError } from "./support/inside/played.ts";
import { playedReplica } from "./support/inside/played-replica.ts";
import {
  counters,
  type Entry,
  errors,
  replicas,
  type SeenEntry,
  type Witnesses,
} from "./support/inside/tables.ts";

function answer(evidence: Evidence) {
  const { verdict, findings, rootCauses } = diagnose(evidence, defaultSettings);
  const roots = findings.filter(({ key }) => rootCauses.includes(key));
  return { verdict, roots, alarms: roots.filter(({ severity }) => severity !== "P3") };
}

/** What is told first has an id of the table, and one of its words or the server's own name for it. */
function expectTold({ ids, says }: Entry, evidence: Evidence, name = "-") {
  const { verdict, alarms } = answer(evidence);
  const [first] = alarms;
  const text = [first?.summary, ...(first?.evidence ?? []).map((piece) => piece.says)].join(" ");
  expect({ verdict, id: first?.id }).toEqual({ verdict: "unwell", id: expect.toBeOneOf([...ids]) });
  expect(text).toMatch(new RegExp(`${says.source}|${name}`, "i"));
}

function expectQuiet(evidence: Evidence) {
  const { verdict, alarms } = answer(evidence);
  expect({ verdict, alarms: alarms.map(({ id }) => id) }).toEqual({ verdict: "well", alarms: [] });
}

/**
 * High, and by itself no harm while statements are quick, nobody waits and the machine has room: told as worth knowing, by
 * the statement that does it, or not at all.
 */
const harmless =
  /Aborted_clients|Aborted_connects=15\S* Aborted_con|Max_used_conn.* Threads_conn|Connections=250|(?:mysql|mariadb) Threads_running|statement_time|Open_tables|tmp_tables|Sort_merge|Handler_|Select_|Slow_q|Com_rollback|log_waits|pool_reads|pages_dirty|log_written|Uptime/;
/** The first is the witness, and the others are what comes with it. */
const isCounted = ({ hot }: SeenEntry) => [...hot.keys()].slice(0, 1).some(isRead);
const counted = counters.filter(isCounted);
const alarming = counted.filter(({ name }) => !harmless.test(name));
/** No list of locks shows whom InnoDB counts. */
const unseen = /current_waits/;

/**
 * Told by others (errors by number, waits, digests, limits, settings, RDS), too rare, or no harm by itself.
 * Com_… stand in no table that a statement reads.
 */
const unread = [
  ...["Connection_errors_peer_address", "Slow_launch_threads", "Locked_connects"],
  ...[
    "Connection_control_delay_generated",
    "Ssl_accepts",
    "Max_execution_time_exceeded",
    "Com_stmt_reprepare",
  ],
  ...["Innodb_num_open_files", "Open_table_definitions", "Table_locks_waited", "Created_tmp_files"],
  ...["TempTable_count_hit_max_ram", "Binlog_cache_disk_use", "Binlog_stmt_cache_disk_use"],
  ...["Select_range_check", "Handler_read_next", "Sort_rows", "Com_rollback", "Com_kill"],
  ...["Innodb_data_pending_fsyncs", "Innodb_data_reads", "Innodb_available_undo_logs"],
  ...["Innodb_buffer_pool_load_status", "Key_reads", "Aria_pagecache_reads", "Qcache_lowmem_prunes"],
  ...["Threadpool_threads", "Rpl_semi_sync_source_status", "Rpl_semi_sync_master_status"],
  ...["Rpl_semi_sync_wait_sessions", "Slave_retried_transactions", "Slave_skipped_errors"],
  ...["Binlog_group_commit_trigger_timeout", "Binlog_sync_delay", "Binlog_bytes_written"],
  ...["Performance_schema_digest_lost", "Global_connection_memory", "Memory_used", "Ssl_server_not_after"],
  ...["Mysqlx_connection_errors", "Flush_commands"],
];

const lookedAt = ({ engine, settings }: SeenEntry, witnesses: Witnesses) =>
  evidenceOf(engine, playedCounters(engine, witnesses), settings);

describe("what MySQL and MariaDB count, seen from inside", () => {
  it.each(alarming.filter(({ name }) => !unseen.test(name)))("D4 $name is told as $ids", (entry) => {
    expectTold(entry, lookedAt(entry, entry.hot));
  });

  it.each(alarming.filter(({ name }) => unseen.test(name)))(
    "D7 $name beside no waiter is not well",
    (entry) => {
      expect(answer(lookedAt(entry, entry.hot)).verdict).toBe("unknown");
    },
  );

  it.each(counted.filter(({ name }) => harmless.test(name)))("D7 $name alone wakes nobody", (entry) => {
    expectQuiet(lookedAt(entry, entry.hot));
  });

  it.each(counted)("D7 an ordinary day beside $name wakes nobody", (entry) => {
    expectQuiet(lookedAt(entry, entry.ordinary));
  });

  it("D7 what nobody reads is known by name", () => {
    const names = new Set(counters.flatMap(({ hot }) => [...hot.keys()].slice(0, 1)));
    expect([...names].filter((name) => !isRead(name))).toEqual(unread);
  });
});

describe("the fields of a replica's status, one by one", () => {
  const looked = (entry: SeenEntry, fields: Witnesses) =>
    evidenceOf(entry.engine, playedReplica(entry.engine, fields), entry.settings);

  it.each(replicas.filter(({ ids }) => ids[0] !== ""))("D4 $name is told as $ids", (entry) => {
    expectTold(entry, looked(entry, entry.hot));
  });

  it.each(replicas.filter(({ ids }) => ids[0] === ""))("D7 $name is as it is meant", (entry) => {
    expectQuiet(looked(entry, entry.hot));
  });

  it.each(replicas.filter(({ ordinary }) => ordinary.size > 0))(
    "D7 an ordinary day beside $name wakes nobody",
    (entry) => {
      expectQuiet(looked(entry, entry.ordinary));
    },
  );
});

const none: Witnesses = new Map();
const stormPerSecond = 120;
const ordinaryPerSecond = 0.02;
/** Nobody's statement ends with these. */
const signIns = new Set(
  namedKinds.flatMap(({ names, cause, ofSignIns = false, alsoOfStatements = false }) =>
    ofSignIns || (cause === "auth-failures" && !alsoOfStatements) ? names : [],
  ),
);
const readOnly = /^(?:1290|1836)$/;
/** Of whom no statement fails: those who sign in, and what has no digest. */
const bySelf = new Set(namedKinds.flatMap(({ names, least }) => (least === undefined ? [] : names)));

describe("errors that MySQL counts by number", () => {
  it.each(errors.filter(({ number }) => !signIns.has(number)))(
    "D4 $name that a tenth of the statements end with is told as $ids",
    (entry) => {
      const evidence = evidenceOf("mysql", playedError(entry, stormPerSecond), none, stormPerSecond);
      expectTold(entry, evidence, entry.symbol);
    },
  );

  it.each(errors.filter(({ number }) => bySelf.has(number)))(
    "D4 $name of which no statement tells is told as $ids",
    (entry) => {
      expectTold(entry, evidenceOf("mysql", playedError(entry, stormPerSecond), none), entry.symbol);
    },
  );

  // By number, what IGNORE turned into a warning and what a routine handled are counted alike.
  it.each(errors.filter(({ number }) => !bySelf.has(number) && !readOnly.test(`${number}`)))(
    "D7 $name of which no statement fails wakes nobody",
    (entry) => {
      expectQuiet(evidenceOf("mysql", playedError(entry, stormPerSecond), none));
    },
  );

  it.each(errors.filter(({ isGrave }) => !isGrave))("D7 $name once a minute wakes nobody", (entry) => {
    expectQuiet(evidenceOf("mysql", playedError(entry, ordinaryPerSecond), none, ordinaryPerSecond));
  });

  it("P28 every number that means something here is asked for", () => {
    const numbers = namedKinds.flatMap(({ names }) => names.filter((name) => typeof name === "number"));
    expect(numbers.filter((number) => !namedErrors.includes(number))).toEqual([]);
    expect(new Set(namedErrors).size).toBe(namedErrors.length);
  });
});
