import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../../functions/core/context/clean-log.ts";
import { connectionsNearLimit } from "../../../../functions/core/rules/connections/connections-near-limit.ts";
import { ddlLockQueue } from "../../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { aConnection, anAlarm, collectedAt } from "../../../support/evidence-builder.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

interface Wait {
  readonly pid: number;
  readonly secondsAgo: number;
  readonly mode?: string;
  readonly on?: string;
  readonly holders?: string;
  readonly queue: string;
  readonly statement?: string;
}

const head = (pid: number, secondsAgo: number) => {
  const at = new Date(Date.parse(collectedAt) - secondsAgo * 1000).toISOString().slice(0, 19);
  return `${at.replace("T", " ")} UTC:10.0.0.7(54):shop@app:[${pid}]:`;
};

/** As log_lock_waits writes it. */
function waits(wait: Wait): string[] {
  const { pid, secondsAgo, mode = "AccessShareLock", on = "relation 24961 of database 16402" } = wait;
  const { holders = "8123", queue, statement = "SELECT * FROM orders WHERE id = $1" } = wait;
  const several = holders.includes(",") ? "Processes" : "Process";
  return [
    `LOG:  process ${pid} still waiting for ${mode} on ${on} after 1000.118 ms`,
    `DETAIL:  ${several} holding the lock: ${holders}. Wait queue: ${queue}.`,
    `STATEMENT:  ${statement}`,
  ].map((text) => head(pid, secondsAgo) + text);
}

const alter: Wait = {
  ...{ pid: 9011, secondsAgo: 540, mode: "AccessExclusiveLock", queue: "9011" },
  statement: "ALTER TABLE orders ADD COLUMN note text",
};
const reader = (pid: number, secondsAgo: number): Wait => ({ pid, secondsAgo, queue: `9011, ${pid}` });
const three = [
  waits(alter),
  waits(reader(71, 520)),
  waits({ ...reader(72, 300), queue: "9011, 71, 72" }),
  waits({ ...reader(73, 60), queue: "9011, 71, 72, 73" }),
].flat();

/** Nobody got in, and the log is read as it is read from RDS. */
function scene(lines: readonly string[], more: MetricScene = {}) {
  const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  const logs = [cleanLog({ ...portion, text: lines.join("\n") }, options)];
  const { overrides, ...rest } = more;
  const view = metricView({
    ...rest,
    context: { logs },
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [], ...overrides },
  });
  return { ...view, server: null, connections: null, sessions: null, forests: null };
}

const told = (lines: readonly string[], more: MetricScene = {}) => ddlLockQueue.evaluate(scene(lines, more));

describe("a queue behind a DDL, by the log alone", () => {
  it("D4 names the request, its statement, who holds the table and how many queue, and ends nobody", () => {
    const [found, ...others] = told(three);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      severity: "P2",
      actions: [],
      summary:
        "A queued ALTER TABLE (user shop, process 9011) has waited 9 min 1 s for its table, held by process 8123; 3 sessions queue behind it: ALTER TABLE orders ADD COLUMN note text; nobody got in, so that nobody is to be ended for it",
    });
    const says = found?.evidence.map((one) => one.says).join("\n");
    expect(says).toContain("see first in pg_stat_activity what 8123 does");
    expect(says).toContain("Where it only reads or writes rows, SELECT pg_cancel_backend(9011)");
    expect(says).toContain("waits in it: SELECT * FROM orders WHERE id = $1");
  });

  const list = (...pids: readonly number[]) => pids.join(", ");
  /** Everybody who comes finds all who came before. */
  const line = (...all: readonly Pick<Wait, "pid" | "mode" | "statement">[]) =>
    all.flatMap((one, at) =>
      waits({
        ...one,
        secondsAgo: 500 - at / 2,
        queue: list(...all.slice(0, at + 1).map(({ pid }) => pid)),
      }),
    );
  const readers = (count: number, from: number) =>
    Array.from({ length: count }, (_, at) => ({ pid: from + at, mode: "AccessShareLock" }));
  const change = (mode: string, pid: number = 9011) => ({
    pid,
    mode,
    statement: "CREATE INDEX i ON orders (a)",
  });
  const acquired = (pid: number, mode: string, secondsAgo: number) =>
    `${head(pid, secondsAgo)}LOG:  process ${pid} acquired ${mode} on relation 24961 of database 16402 after 9000.1 ms`;

  it.each([
    [
      "readers waited before the request came",
      line(...readers(4, 100), change("AccessExclusiveLock"), ...readers(6, 200)),
    ],
    ["those behind do not conflict with it", line(change("ShareLock"), ...readers(6, 200))],
    [
      "who has the table got all of it before",
      [
        acquired(8123, "AccessExclusiveLock", 550),
        ...line(change("AccessExclusiveLock"), ...readers(6, 200)),
      ],
    ],
    [
      "the request was logged before what was read",
      line(change("AccessExclusiveLock"), ...readers(6, 200)).slice(3),
    ],
    ["nobody asks for all of it", line(...readers(6, 200))],
  ])("D4 names nobody to cancel where it cannot be told whom they wait for: %s", (_why, lines) => {
    const [found, ...others] = told(lines);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ subject: "relation:24961", severity: "P2" });
    expect(found?.summary).toMatch(
      /^\d+ sessions queue for one table \(relation 24961 of database 16402\).*held by process 8123/,
    );
    expect(JSON.stringify(found)).not.toMatch(/pg_cancel_backend|9011/);
  });

  it("D4 names the one that most wait for, where several ask for all of a table", () => {
    const lines = line(change("ShareLock"), change("AccessExclusiveLock", 9022), ...readers(5, 200));
    expect(told(lines)[0]).toMatchObject({
      subject: "process:9022",
      summary: expect.stringContaining("5 sessions queue behind it"),
    });
    const writers = readers(5, 200).map(({ pid }) => ({ pid, mode: "RowExclusiveLock" }));
    expect(told(line(change("ShareLock"), ...writers))[0]?.subject).toBe("process:9011");
  });

  it.each([20, 60, 80, 200, 900])("D6 counts a queue of %i by the server's own list", (count) => {
    const fallen = {
      values: { WriteIOPS: held(20) },
      readings: { WriteIOPS: { latest: null, baselineDay: 400, baselineWeek: 400 } },
    };
    const [found] = told(line(change("AccessExclusiveLock"), ...readers(count, 17_000)), fallen);
    expect(found).toMatchObject({
      severity: "P1",
      summary: expect.stringContaining(`; ${count} sessions queue behind it`),
    });
  });

  const noise = (text: string) => Array.from({ length: 60 }, (_, at) => head(12_000 + at, 300 - at) + text);
  it.each([
    "ERROR:  canceling statement due to user request",
    "ERROR:  canceling statement due to lock timeout",
    'ERROR:  duplicate key value violates unique constraint "k"',
  ])("D7 stands no longer than it does, whatever is left out of a long log: %s", (text) => {
    const queue = line(change("AccessExclusiveLock"), ...readers(8, 200));
    const served = readers(8, 200).map(({ pid }) => acquired(pid, "AccessShareLock", 400));
    expect(told([...queue, ...noise(text)])).toHaveLength(1);
    expect(told([...queue, head(9011, 410) + text, ...served, ...noise(text)])).toEqual([]);
    expect(told([...queue, ...served.slice(1), ...noise(text)])[0]?.summary).toContain(
      "1 session queues behind it",
    );
  });

  it("D7 is none after a restart, nor of few that wait for who has it, and stands while nobody logs its end", () => {
    const queue = line(change("AccessExclusiveLock"), ...readers(8, 200));
    const ready = `${head(1, 100).slice(0, 23)}::@:[77]:LOG:  database system is ready to accept connections`;
    expect(ready).toMatch(/^\S+ \S+ UTC::@:/);
    expect(told([...queue, ready])).toEqual([]);
    const later = {
      overrides: { collectedAt: new Date(Date.parse(collectedAt) + 9 * 60_000).toISOString() },
    };
    expect(told(queue)[0]?.summary).not.toContain("last word");
    expect(told(queue, later)[0]?.summary).toContain(
      "; the log's last word of it is of 17 min 16 s ago, and none of an end",
    );
    // Whoever has waited for long says no more; the end of it would stand in what was written since.
    const since = `${head(77, -500)}LOG:  duration: 1500.1 ms  statement: SELECT 1`;
    expect(told([...queue, since], later)).toHaveLength(1);
    expect(told(line(...readers(2, 200)))).toEqual([]);
    expect(told(line(...readers(3, 200)))).toHaveLength(1);
  });

  it("D7 is a note where nobody has come for long and nothing else tells of them: who gives up within a block logs no end", () => {
    const queue = line(change("AccessExclusiveLock"), ...readers(8, 200));
    const minutes = (later: number) => new Date(Date.parse(collectedAt) + later * 60_000).toISOString();
    const severityAfter = (later: number, more: MetricScene = {}) =>
      told(queue, { ...more, overrides: { collectedAt: minutes(later) } })[0]?.severity;
    expect(severityAfter(0)).toBe("P2");
    // The load is some minutes behind, and the usual work stands still meanwhile.
    expect(severityAfter(0, { values: { DBLoad: held(0.3) } })).toBe("P2");
    expect(severityAfter(9)).toBe("P3");
    const more = { DatabaseConnections: { baselineDay: 100, baselineWeek: 110 } };
    expect(severityAfter(9, { values: { DatabaseConnections: held(340) }, readings: more })).toBe("P2");
    expect(severityAfter(9, { values: { DBLoad: held(12) } })).toBe("P2");
  });

  it("D7 stands while the load is so much higher than it was, whoever gave up without a line, and is over when it is as before", () => {
    const many = line(change("AccessExclusiveLock"), ...readers(40, 200));
    const at = (later: number) => new Date(Date.parse(collectedAt) + later * 60_000).toISOString();
    const shift = (
      values: Readonly<Record<string, number>>,
      usual: Readonly<Record<string, number>>,
      later = 9,
    ) => {
      const names = Object.keys(values);
      const view = scene(many, {
        values: Object.fromEntries(names.map((name) => [name, held(values[name] ?? 0)])),
        readings: Object.fromEntries(
          names.map((name) => [
            name,
            { baselineDay: usual[name] ?? null, baselineWeek: usual[name] ?? null },
          ]),
        ),
      });
      const metrics = view.evidence.metrics.map((series) => ({
        ...series,
        points: series.points.map((point) => ({
          ...point,
          at: new Date(Date.parse(point.at) + later * 60_000).toISOString(),
        })),
      }));
      const evidence = { ...view.evidence, metrics, collectedAt: at(later) };
      return ddlLockQueue.evaluate({ ...view, evidence })[0]?.severity;
    };
    // Four gave up in a block; the pools are fixed and used up.
    expect(shift({ DBLoad: 36, DatabaseConnections: 180 }, { DBLoad: 1, DatabaseConnections: 180 })).toBe(
      "P2",
    );
    expect(shift({ DBLoad: 36 }, { DBLoad: 36 })).toBe("P3");
    // A load of one is no forty who wait, whatever else has changed since yesterday.
    expect(
      shift(
        { DBLoad: 1, DatabaseConnections: 225, WriteIOPS: 300 },
        { DBLoad: 1, DatabaseConnections: 180, WriteIOPS: 700 },
        360,
      ),
    ).toBe("P3");
    // Without a load nobody tells that they are gone, for two hours.
    expect(shift({ DatabaseConnections: 180 }, { DatabaseConnections: 180 })).toBe("P2");
    expect(shift({ DatabaseConnections: 180 }, { DatabaseConnections: 180 }, 150)).toBe("P3");
    expect(shift({ WriteIOPS: 200 }, { WriteIOPS: 900 })).toBe("P1");
  });

  it("D7 is none of a log whose clock is not the file's, by which nobody knows how old it is", () => {
    const view = scene(line(change("AccessExclusiveLock"), ...readers(8, 200)));
    const written = (minutes: number) => {
      const lastWrittenAt = new Date(Date.parse(collectedAt) - minutes * 60_000).toISOString();
      const logs = (view.evidence.context?.logs ?? []).map((log) => ({ ...log, lastWrittenAt }));
      const context = { ...view.evidence.context, logs } as never;
      return ddlLockQueue.evaluate({ ...view, evidence: { ...view.evidence, context } });
    };
    expect(written(8)).toHaveLength(1);
    expect(written(120)).toEqual([]);
  });

  it.each([
    ["still waiting for AccessShareLock", "500"],
    ["acquired AccessExclusiveLock", "8123"],
  ])("D7 is not taken away by whoever raises such a line himself: %s", (says, pid) => {
    const queue = line(change("AccessExclusiveLock"), ...readers(8, 200));
    const raised = [
      `LOG:  process ${pid} ${says} on relation 24961 of database 16402 after 1000.118 ms`,
      "DETAIL:  Process holding the lock: 1. Wait queue: 500.",
      "CONTEXT:  PL/pgSQL function inline_code_block line 1 at RAISE",
      "STATEMENT:  DO $$ BEGIN RAISE LOG $1; END $$",
    ].map((text) => head(Number(pid), 30) + text);
    expect(told([...queue, ...raised])[0]?.summary).toBe(told(queue)[0]?.summary);
  });

  it("D7 is none of a file before the newest, in which its end may stand", () => {
    const [log] = scene(three).evidence.context?.logs ?? [];
    const [later] = scene([`${head(500, 10)}ERROR:  deadlock detected`]).evidence.context?.logs ?? [];
    const empty = { ...log, lines: [], read: undefined };
    const queues = (...logs: readonly unknown[]) => {
      const view = scene([]);
      const context = { ...view.evidence.context, logs } as never;
      return ddlLockQueue.evaluate({ ...view, evidence: { ...view.evidence, context } });
    };
    expect(queues(log, empty)).toHaveLength(1);
    expect(queues(empty, log)).toHaveLength(1);
    expect(queues(log, later)).toEqual([]);
    expect(queues(later, log)).toEqual([]);
  });

  it("D7 shows no value of a statement", () => {
    const secret = { statement: "UPDATE orders SET card = '4111' WHERE id = 5" };
    const lines = line(
      { ...change("AccessExclusiveLock"), ...secret },
      ...readers(3, 200).map((one) => ({ ...one, ...secret })),
    );
    expect(told(lines)).toHaveLength(1);
    expect(JSON.stringify(told(lines))).not.toContain("4111");
    expect(JSON.stringify(scene(lines).evidence)).not.toContain("4111");
  });

  it("D6 is as bad as those who wait are many, while the work is not done", () => {
    const many = line(change("AccessExclusiveLock"), ...readers(12, 100));
    const fallen = {
      values: { WriteIOPS: held(20) },
      readings: { WriteIOPS: { latest: null, baselineDay: 400, baselineWeek: 400 } },
    };
    expect(told(many, fallen)[0]?.severity).toBe("P1");
    expect(told(many)[0]?.severity).toBe("P2");
  });

  it.each([
    [
      "it got its lock",
      "LOG:  process 9011 acquired AccessExclusiveLock on relation 24961 of database 16402 after 9000.1 ms",
    ],
    ["its time was out", "ERROR:  canceling statement due to lock timeout"],
    ["it was cancelled", "ERROR:  canceling statement due to user request"],
    ["its session was ended", "FATAL:  terminating connection due to administrator command"],
  ])("D7 is none any more where %s", (_why, line) => {
    const served = [71, 72, 73].map((pid) => acquired(pid, "AccessShareLock", 30));
    expect(told([...three, head(9011, 30) + line, ...served])).toEqual([]);
    // Who is not served waits on, for whoever has the table now.
    const [left] = told([...three, head(9011, 30) + line]);
    expect(left?.summary).toContain(`held by process ${line.includes("acquired") ? 9011 : 8123}; whether`);
    expect(JSON.stringify(left)).not.toContain("pg_cancel_backend");
  });

  it("D3 counts nobody who went on, and is none where nobody is left or waits behind another", () => {
    const on = (pid: number) =>
      `${head(pid, 20)}LOG:  process ${pid} acquired AccessShareLock on relation 5 of database 6`;
    expect(told([...three, on(71)])[0]?.summary).toContain("2 sessions queue behind it");
    expect(told([...three, on(71), on(72), on(73)])).toEqual([]);
    expect(told(waits(alter))).toEqual([]);
    const elsewhere = { ...reader(71, 500), queue: "71" };
    expect(told([...waits(alter), ...waits(elsewhere)])).toEqual([]);
  });

  it("D10 is none of rows, of advisory locks, and of the end of a file, whose waits are turns", () => {
    for (const on of [
      "transaction 812",
      "tuple (0,7) of relation 5 of database 6",
      "advisory lock [6,0,1,1]",
    ]) {
      const pivot = waits({ ...alter, mode: "ExclusiveLock", on });
      expect(told([...pivot, ...waits({ ...reader(71, 500), on })])).toEqual([]);
    }
  });

  it("D7 is none of a message that an application wrote", () => {
    const raised = `${head(9011, 540)}CONTEXT:  PL/pgSQL function f() line 3 at RAISE`;
    const [first = "", ...more] = waits(alter);
    expect(told([first, raised, ...more, ...waits(reader(71, 500))])).toEqual([]);
    const forged = [...waits({ ...reader(74, 30), holders: "4242", queue: "9011, 71, 72, 73, 74" }), raised];
    const spoken = forged.map((one) => one.replace("[9011]", "[74]").replace(head(9011, 540), head(74, 30)));
    expect(
      told([...three, ...spoken])
        .map(({ summary }) => summary)
        .join(),
    ).not.toContain("4242");
  });

  it("D3 makes a note of connections that an alarm counts, far from their limit: those who wait keep them", () => {
    const more: MetricScene = {
      values: { DatabaseConnections: [92, 120, 150, 180, 210, 230, 240] },
      self: { instanceClass: "db.r6g.xlarge" },
      readings: { DatabaseConnections: { latest: null, baselineDay: 92, baselineWeek: 92 } },
      overrides: { signal: anAlarm("DatabaseConnections", { threshold: 200 }) },
    };
    const severity = (lines: readonly string[]) =>
      connectionsNearLimit.evaluate(scene(lines, more))[0]?.severity;
    expect(severity([])).toBe("P2");
    const causes = (lines: readonly string[]) => told(lines, more)[0]?.explains.map(({ cause }) => cause);
    const long = line(change("AccessExclusiveLock"), ...readers(18, 200));
    expect(severity(long)).toBe("P3");
    expect(causes(long)).toContain("connections-near-limit");
    // Three make no 150, nor do those who have waited, nor those of whom nobody knows for whom they wait.
    expect(severity(three)).toBe("P2");
    expect(causes(three)).toEqual([]);
    expect(severity([...long, `${head(9011, 20)}ERROR:  canceling statement due to user request`])).toBe(
      "P2",
    );
    expect(severity(line(...readers(18, 200)))).toBe("P2");
  });
});
