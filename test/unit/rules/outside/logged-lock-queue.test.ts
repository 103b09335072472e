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
const three = [waits(alter), waits(reader(71, 520)), waits(reader(72, 300)), waits(reader(73, 60))].flat();

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
        "A queued ALTER TABLE (user shop, process 9011) has waited 9 min for its table, held by process 8123; 3 sessions queue behind it: ALTER TABLE orders ADD COLUMN note text; nobody got in, so that nobody is to be ended for it",
    });
    const says = found?.evidence.map((one) => one.says).join("\n");
    expect(says).toContain("pg_cancel_backend(9011)");
    expect(says).toContain("waits behind it: SELECT * FROM orders WHERE id = $1");
  });

  it("D6 is as bad as those who wait are many, while the work is not done", () => {
    const many = Array.from({ length: 12 }, (_, at) => waits(reader(100 + at, 400 - at * 20))).flat();
    const fallen = {
      values: { WriteIOPS: held(20) },
      readings: { WriteIOPS: { latest: null, baselineDay: 400, baselineWeek: 400 } },
    };
    expect(told([...waits(alter), ...many], fallen)[0]?.severity).toBe("P1");
    expect(told([...waits(alter), ...many])[0]?.severity).toBe("P2");
    // Forty lines are kept of a log, three of them to each message.
    const longer = [...waits(alter), ...many, ...waits(reader(120, 30)), ...waits(reader(121, 20))];
    expect(told(longer)[0]?.summary).toContain("at least 12 sessions queue behind it");
  });

  it.each([
    [
      "it got its lock",
      "LOG:  process 9011 acquired AccessExclusiveLock on relation 24961 of database 16402",
    ],
    ["its time was out", "ERROR:  canceling statement due to lock timeout"],
    ["it was cancelled", "ERROR:  canceling statement due to user request"],
    ["its session was ended", "FATAL:  terminating connection due to administrator command"],
  ])("D7 is none any more where %s", (_why, line) => {
    expect(told([...three, head(9011, 30) + line])).toEqual([]);
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
    expect(severity(three)).toBe("P3");
    expect(told(three, more)[0]?.explains.map(({ cause }) => cause)).toContain("connections-near-limit");
  });
});
