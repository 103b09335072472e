import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { certificateRefusals } from "../../../functions/core/facts/certificate-refusals.ts";
import { frequentCheckpoints } from "../../../functions/core/facts/checkpoints.ts";
import { logSigns } from "../../../functions/core/facts/corruption-signs.ts";
import { deadlockPlaces } from "../../../functions/core/facts/deadlock-places.ts";
import { killedStatement } from "../../../functions/core/facts/killed-statement.ts";
import { toldMaintenance } from "../../../functions/core/facts/maintenance-told.ts";
import { refusalReasons } from "../../../functions/core/facts/refusal-reasons.ts";
import { restartOf } from "../../../functions/core/facts/restarts.ts";
import { slotRefusals } from "../../../functions/core/facts/slot-refusals.ts";
import type { View } from "../../../functions/core/facts/view.ts";
import { deadlocks } from "../../../functions/core/rules/locks/deadlocks.ts";
import { replicaQueryConflict } from "../../../functions/core/rules/replication/replica-query-conflict.ts";
import { temporarySpaceFull } from "../../../functions/core/rules/resources/temporary-space-full.ts";
import { aServer, aTarget } from "../../support/evidence-builder.ts";
import { held, metricView } from "../../support/metric-scene.ts";

type Family = "postgres" | "mysql";

/** Every reader of log lines: what it makes of them; null or nothing where they say nothing to it. */
const readers: Readonly<Record<string, (view: View) => unknown>> = {
  restart: (view) => restartOf(view, view.evidence.target.name),
  killed: killedStatement,
  corruption: (view) => logSigns(view)[0] ?? null,
  deadlocks: (view) => deadlocks.evaluate(view)[0] ?? null,
  deadlockPlaces: (view) => [...deadlockPlaces(view).tables, ...deadlockPlaces(view).evidence][0] ?? null,
  conflicts: (view) => replicaQueryConflict.evaluate(view)[0] ?? null,
  temporary: (view) => temporarySpaceFull.evaluate(view)[0] ?? null,
  checkpoints: frequentCheckpoints,
  maintenance: (view) => toldMaintenance(view)[0] ?? null,
  handshakes: certificateRefusals,
  slots: slotRefusals,
  refusals: (view) => refusalReasons(view.evidence)[0] ?? null,
};

function viewWith(lines: readonly string[], engine: Family, more: Parameters<typeof metricView>[0] = {}) {
  const logs = [
    { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false, lines: [...lines] } as const,
  ];
  return metricView({
    engine,
    ...more,
    context: { logs: logs.map((log) => ({ ...log, lines: [...log.lines] })) },
    overrides: { target: aTarget({ engine, flavour: "rds" }), ...more.overrides },
  });
}

function told(lines: readonly string[], engine: Family): readonly string[] {
  const view = viewWith(lines, engine, { server: { uptimeSeconds: 60 } });
  return Object.keys(readers).filter((name) => readers[name]?.(view) != null);
}

const time = "2026-11-21 09:58:01 UTC";
const client = `${time}:10.0.0.7(54):shop@app:[7]:`;
const server = `${time}::@:[412]:`;
const mysql = "2026-11-21T09:58:01.123456Z";

/** What the servers write themselves, and who reads it. */
const genuine: readonly (readonly [engine: Family, readsIt: string, ...lines: string[]])[] = [
  ["postgres", "restart", `${server}LOG: server process (PID 9) was terminated by signal 9: Killed`],
  ["postgres", "restart", `${server}LOG: background worker "x" (PID 9) was terminated by signal 11: Fault`],
  [
    "postgres",
    "restart",
    `${server}LOG: database system was not properly shut down; automatic recovery in progress`,
  ],
  [
    "postgres",
    "killed",
    `${server}LOG: server process (PID 9) was terminated by signal 9: Killed`,
    `${server}DETAIL: Failed process was running: SELECT count(*) FROM big`,
  ],
  ["postgres", "corruption", `${client}ERROR: invalid page in block 3 of relation base/5/16400`],
  ["postgres", "corruption", `${client}ERROR: XX002: something`],
  [
    "postgres",
    "corruption",
    `${time}:10.0.0.7(54):shop@app:[7]:5:XX001:2026-11-21 09:50:01 UTC:4/0:0:63b1.7:psqlERROR: missing chunk number 0 for toast value 17 in pg_toast_2619`,
  ],
  ["postgres", "deadlocks", `${client}ERROR: deadlock detected`],
  ["postgres", "deadlocks", `${client}ERROR: 40P01: deadlock detected`],
  [
    "postgres",
    "deadlockPlaces",
    `${client}ERROR: deadlock detected`,
    `${client}CONTEXT: while updating tuple (?,?) in relation "orders"`,
  ],
  ["postgres", "conflicts", `${client}ERROR: canceling statement due to conflict with recovery`],
  ["postgres", "conflicts", `${client}FATAL: terminating connection due to conflict with recovery`],
  [
    "postgres",
    "checkpoints",
    `${server}LOG: checkpoints are occurring too frequently (4 seconds apart)`,
    `${server}LOG: checkpoints are occurring too frequently (4 seconds apart)`,
  ],
  ["postgres", "maintenance", ...Array.from({ length: 4 }, () => `${server}LOG: checkpoint starting: wal`)],
  [
    "postgres",
    "refusals",
    `${client}FATAL: 28000: no pg_hba.conf entry for host "10.0.0.7", user "u", database "app", no encryption`,
  ],
  ["mysql", "restart", `${mysql} UTC - mysqld got signal 11 ;`],
  ["mysql", "restart", "261121  9:58:01 [ERROR] /rdsdbbin/mariadb/bin/mariadbd got signal 11 ;"],
  ["mysql", "restart", `${mysql} 41 [ERROR] [MY-013183] [InnoDB] Assertion failure: ut0ut.cc:553 thread 139`],
  ["mysql", "restart", "2026-11-21  9:58:01 0 [Note] InnoDB: Starting crash recovery from checkpoint LSN=45"],
  ["mysql", "corruption", `${mysql} 0 [ERROR] [MY-011906] [InnoDB] Database page corruption on disk`],
  ["mysql", "corruption", "2026-11-21  9:58:01 4 [ERROR] InnoDB: Table `shop`.`t` is corrupted. Please drop"],
  [
    "mysql",
    "deadlocks",
    `${mysql} 12 [Note] [MY-012468] [InnoDB] Transactions deadlock detected, dumping it`,
  ],
  ["mysql", "temporary", `${mysql} 9 [ERROR] [MY-013132] The table '/rdsdbdata/tmp/#sql1_9_2' is full!`],
  [
    "mysql",
    "refusals",
    `${mysql} 12 [Note] [MY-010926] [Server] Access denied for user 'shop'@'10.0.0.7' (using password: YES)`,
  ],
];

const keywords = [
  "terminated by signal 9",
  "could not accept SSL connection: tlsv1 alert unknown ca",
  "sorry, too many clients already",
  "server process (PID 9) was terminated by signal 9: Killed",
  "Failed process was running: SELECT 1",
  "oom_kill",
  "room_kills",
  "assertion failure: balance is negative",
  "mysqld got signal 11",
  "Starting crash recovery",
  "database system was not properly shut down; automatic recovery in progress",
  "invalid page in block 3 of relation base/5/16400",
  "Database page corruption on disk",
  "the index is corrupted",
  "deadlock detected",
  "Process 1 waits for ShareLock on transaction 1",
  "canceling statement due to conflict with recovery",
  'could not write to file "base/pgsql_tmp/pgsql_tmp1.1": No space left on device',
  "The table '#sql1' is full",
  "checkpoints are occurring too frequently (1 second apart)",
  "checkpoint starting: wal",
  "no pg_hba.conf entry for x, no encryption",
  "role 'x' does not exist",
  "Access denied for user 'x'@'y' (using password: NO)",
];

/** As `probing.queryText = "raw"` keeps them. */
const oneLined = (lines: readonly string[]) => lines.map((line) => line.replaceAll(/\s+/g, " "));

function cleaned(lines: readonly string[], engine: Family): readonly string[] {
  const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const options = { dialect: engine, queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  return cleanLog({ ...portion, text: lines.join("\n") }, options).lines;
}

const many = <T>(lines: readonly T[]): readonly T[] => Array.from({ length: 6 }, () => lines).flat();

/** Where a client may put its words, and what may be told of the line itself. */
const hostile: readonly (readonly [string, Family, (words: string) => readonly string[], string[]])[] = [
  [
    "the user of a sign-in",
    "postgres",
    (words) => [`${client}FATAL: password authentication failed for user "${words}"`],
    ["refusals"],
  ],
  [
    "the name of a relation",
    "postgres",
    (words) => [`${client}ERROR: relation "${words}" does not exist`],
    [],
  ],
  ["a name in the prefix", "postgres", (words) => [`${time}:10.0.0.7(5):${words}@app:[7]:FATAL: bye`], []],
  [
    "a name that looks like a prefix",
    "postgres",
    (words) => [`${time}:10.0.0.7(5):x@y:[1]:ERROR: ${words}@app:[7]:FATAL: bye "x@y:[1]:ERROR: ${words}"`],
    [],
  ],
  [
    "the name of an application",
    "postgres",
    (words) => [
      `${time}:10.0.0.7(54):app@shop:[7]:5:28P01:2026-11-21 09:50:01 UTC:4/0:0:63b1.7:x ERROR:  ${words}FATAL:  bye`,
    ],
    [],
  ],
  [
    "RAISE",
    "postgres",
    (words) => [
      `${client}ERROR: ${words}`,
      `${client}CONTEXT: PL/pgSQL function shop.pay(integer) line ? at RAISE`,
      `${client}STATEMENT: SELECT shop.pay(?)`,
    ],
    [],
  ],
  ...[
    'PL/pgSQL function "doIt"(integer) line 3 at RAISE',
    'PL/pgSQL function pg_temp_3."a-b"() line 3 at RAISE',
    'PL/pgSQL function "x line 1 at SQL statement"() line 3 at RAISE',
    'PL/pgSQL function f("char",shop."MyType") line 3 at RAISE',
    "PL/pgSQL function f() line 3 at ASSERT",
    'PL/pgSQL function "a\n\tb"() line 3 at RAISE\n\tSQL statement "SELECT 1"',
    'PL/Perl function "f"',
    "PL/Perl anonymous code block",
    'Traceback (most recent call last):\n\t  PL/Python function "f", line 2, in <module>\n\tPL/Python function "f"',
    'no money\n\t    while executing\n\t"elog ERROR x"\n\tin PL/Tcl function "f"',
    "f() LINE 3:  throw new Error('x')",
    "remote SQL command: SELECT a FROM public.t",
    "PL/pgSQL function g() line 3 at RETURN\n\tremote SQL command: SELECT a FROM public.t",
    "while executing query on unnamed dblink connection",
    'SQL function "f" statement 1\n\twhile fetching from cursor on dblink connection named "shop"',
  ].map((context): (typeof hostile)[number] => [
    `code of an application: ${context}`,
    "postgres",
    (words) => [`${client}ERROR: ${words}`, `${client}CONTEXT: ${context}`],
    [],
  ]),
  [
    "RAISE LOG of a worker",
    "postgres",
    (words) => [
      `${server}LOG: ${words}`,
      `${server}CONTEXT: PL/pgSQL function "a-b"() line 3 at RAISE\n\tparallel worker`,
    ],
    [],
  ],
  [
    "RAISE LOG of a handshake, in a terse log",
    "postgres",
    (words) => [`${client}LOG: ${words}`],
    ["corruption"],
  ],
  ["RAISE with codes shown", "postgres", (words) => [`${client}FATAL: P0001: ${words}`], []],
  ["RAISE LOG", "postgres", (words) => [`${client}LOG: ${words}`, contextOfRaise], []],
  [
    "the details of RAISE",
    "postgres",
    (words) => [`${client}ERROR: no`, `${client}DETAIL: ${words}`, `${client}CONTEXT: ${words}`],
    [],
  ],
  ["a statement", "postgres", (words) => [`${client}ERROR: no`, `${client}STATEMENT: SELECT "${words}"`], []],
  [
    "the user of a sign-in",
    "mysql",
    (words) => [`${mysql} 12 [Note] [MY-010926] [Server] Access denied for user '${words}'@'10.0.0.7'`],
    ["refusals"],
  ],
  [
    "a value that does not fit",
    "mysql",
    (words) => [
      `${mysql} 5 [ERROR] [MY-010584] [Repl] Replica SQL for channel '': Error 'Duplicate entry '${words}' for key 'k'' on query.`,
    ],
    [],
  ],
  [
    "a message of an event",
    "mysql",
    (words) => [`${mysql} 5 [ERROR] [Server] Event Scheduler: ${words}`],
    [],
  ],
  [
    "the name of a table",
    "mysql",
    (words) => [`${mysql} 5 [ERROR] [InnoDB] Table \`${words}\` is missing`],
    [],
  ],
  ["a line without a time", "mysql", (words) => [`UPDATE t SET a = '${words}'`, words], []],
];
const contextOfRaise = `${client}CONTEXT: PL/pgSQL function inline_code_block line 1 at RAISE`;

function writerRates(checkpointerSeconds: number | null) {
  const zeros = { backgroundBuffersPerSecond: 0, backendBuffersPerSecond: 0, allocatedBuffersPerSecond: 0 };
  return {
    ...{ intervalSeconds: 1, checkpointBuffersPerSecond: 0, maxWrittenStopsPerSecond: 0, ...zeros },
    ...{ walBytesPerSecond: 0, checkpointsTimed: 0, checkpointsRequested: 0, checkpointerSeconds },
    sinceReset: {
      ...{ statsSeconds: null, checkpointsTimed: 0, checkpointsRequested: 0 },
      ...{ checkpointWriteSeconds: 0, checkpointSyncSeconds: 0 },
    },
  };
}

describe("words of the log", () => {
  it.each(genuine.map(([engine, reader, ...lines]) => ({ engine, reader, lines })))(
    "M3 are read where the server says them: $engine, for $reader: $lines.0",
    ({ engine, reader, lines }) => {
      expect(told(lines, engine)).toContain(reader);
      expect(told(cleaned(lines, engine), engine)).toContain(reader);
    },
  );

  it.each(hostile)("D7 are not taken from %s (%s)", (_where, engine, linesOf, ofItself) => {
    const taken = keywords.flatMap((words) => {
      const lines = many(linesOf(words));
      return [...told(oneLined(lines), engine), ...told(cleaned(lines, engine), engine)]
        .filter((reader) => !ofItself.includes(reader))
        .map((reader) => `${reader}: ${words}`);
    });
    expect(taken).toEqual([]);
  });

  it("D7 a crash is not believed where the engine has run since before it", () => {
    const killed = `${server}LOG: server process (PID 9) was terminated by signal 9: Killed`;
    const at = (checkpointerSeconds: number | null) =>
      restartOf(
        viewWith([killed], "postgres", {
          probes: { "postgres-database-rates-writer": [writerRates(checkpointerSeconds)] },
        }),
        "orders-db",
      );
    expect(at(100)?.cause?.is).toBe("memory");
    expect(at(null)?.cause?.is).toBe("memory");
    expect(at(3600)).toBeNull();
    const signal = `${mysql} UTC - mysqld got signal 11 ;`;
    const up = (uptimeSeconds: number) =>
      restartOf(viewWith([signal], "mysql", { server: aServer({ uptimeSeconds }) }), "orders-db");
    expect(up(100)?.cause?.is).toBe("crash");
    expect(up(3600)).toBeNull();
  });

  it("M3 temporary files that find no room are told where they lie apart, by PostgreSQL's own words alone", () => {
    const view = (text: string, free = 1e9) =>
      temporarySpaceFull.evaluate(
        viewWith([`${client}ERROR: ${text}`], "postgres", {
          values: { FreeLocalStorage: held(free) },
          overrides: { target: aTarget({ engine: "postgres", flavour: "aurora" }) },
        }),
      );
    const full = `could not write to file "base/pgsql_tmp/a.3": No space left on device`;
    // What shows in the average of a minute was not given back.
    expect(view(full)).toMatchObject([{ severity: "P1" }]);
    expect(view(full, 4e9)).toMatchObject([{ severity: "P2" }]);
    expect(view(`relation "could not write temporary file: No space left on device" does not exist`)).toEqual(
      [],
    );
  });
});
