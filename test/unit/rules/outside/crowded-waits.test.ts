import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { ddlLockQueue } from "../../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { commitStall } from "../../../../functions/core/rules/resources/commit-stall.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

type Loads = Readonly<Record<string, number>>;

function items(loads: Loads, waits: LoadDimension["items"][number]["waits"] = []) {
  return Object.entries(loads).map(([name, load]) => ({ name, id: null, load, waits }));
}

function outside(waits: Loads, statements: Loads = {}, scene: MetricScene = {}) {
  const load: LoadDimension[] = [
    { by: "wait-event", items: items(waits) },
    { by: "statement", items: items(statements) },
  ];
  const view = metricView({ self: { vcpus: 4 }, ...scene, context: { load } });
  return { ...view, server: null, connections: null, sessions: null, forests: null };
}

describe("a load that waits, seen from outside", () => {
  it.each([
    "IO:XactSync",
    "IO:WALSync",
    "LWLock:WALWrite",
    "io/redo_log_flush",
    "io/file/sql/binlog",
    "synch/cond/sql/MYSQL_BIN_LOG::COND_done",
  ])("D4 takes %s for commits that wait, with whom to look at and nobody to end", (name) => {
    const insert = "INSERT INTO ticks VALUES (?)";
    const [finding] = commitStall.evaluate(outside({ [name]: 20, CPU: 2 }, { [insert]: 18 }));
    expect(finding).toMatchObject({ subject: "log", severity: "P2", actions: [] });
    expect(finding?.summary).toContain("20 sessions on average wait for the log to reach storage, 91 %");
    expect(finding?.summary).toContain("INSERT INTO ticks");
  });

  it("D4 tells commits that wait for a standby from those that wait for storage", () => {
    const [finding] = commitStall.evaluate(outside({ "IPC:SyncRep": 12 }));
    expect(finding?.summary).toContain("wait for a replica to confirm them");
  });

  it("D4 is quiet about a part of the load, and about fewer sessions than CPUs", () => {
    expect(commitStall.evaluate(outside({ "IO:XactSync": 5, CPU: 6 }))).toEqual([]);
    expect(commitStall.evaluate(outside({ "IO:XactSync": 3 }))).toEqual([]);
    expect(ddlLockQueue.evaluate(outside({ "Lock:relation": 3 }))).toEqual([]);
  });

  it("M1 goes by the latency of commits where Performance Insights shows no waits, and not by what is usual", () => {
    const at = (usual: number, waiting: number) =>
      commitStall.evaluate(
        outside(
          {},
          {},
          {
            values: { CommitLatency: held(45), DBLoadNonCPU: held(waiting), CommitThroughput: held(300) },
            readings: {
              CommitLatency: { baselineDay: usual, baselineWeek: usual },
              CommitThroughput: { baselineDay: 290, baselineWeek: 280 },
            },
          },
        ),
      );
    expect(at(0.003, 20)[0]?.summary).toMatch(/Commits wait: a commit takes 45 ms.*no more than as a rule/);
    expect(at(0.04, 20)).toEqual([]);
    expect(at(0.003, 1)).toEqual([]);
  });

  it("D6 is a note where the load is as high a day and a week ago at this hour", () => {
    const scene = {
      values: { DBLoad: held(22) },
      readings: { DBLoad: { baselineDay: 21, baselineWeek: 22 } },
    };
    const [finding] = commitStall.evaluate(outside({ "IO:XactSync": 20 }, {}, scene));
    expect(finding).toMatchObject({ severity: "P3" });
    expect(finding?.summary).toContain("as high as a day and a week ago at this hour");
    const [rows] = ddlLockQueue.evaluate(outside({ "Lock:relation": 20 }, {}, scene));
    expect(rows).toMatchObject({ severity: "P3" });
  });

  it.each([
    "Lock:relation",
    "synch/cond/sql/MDL_context::COND_wait_status",
    "lock/table/sql/handler",
    "Waiting for table metadata lock",
  ])("D4 takes %s for a queue at a whole table, and blames nobody it has not seen", (name) => {
    const [finding] = ddlLockQueue.evaluate(
      outside(
        { [name]: 30, CPU: 1 },
        { "SELECT 1 FROM orders": 29, "/* 42 */ ALTER TABLE orders ADD c int": 1 },
      ),
    );
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain("30 sessions on average wait for a whole table, 97 % of the load");
    expect(finding?.summary).toContain("ALTER TABLE orders ADD c int wants it");
    const [unseen] = ddlLockQueue.evaluate(outside({ [name]: 30 }, { "SELECT 1 FROM orders": 29 }));
    expect(unseen?.summary).toContain("as behind DDL or LOCK TABLE");
    expect(unseen?.confidence).toBeLessThan(finding?.confidence ?? 0);
  });
});
