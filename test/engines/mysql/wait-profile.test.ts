import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlWaitProfile } from "../../../functions/core/probes/mysql/wait-profile.ts";
import type { MysqlWaitProfileRow } from "../../../functions/core/probes/mysql/wait-profile-rows.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSessions } from "../../lab/engines/sql.ts";
import { openProbeSession, openSessionWith } from "./performance-support.ts";
import { openAdmin, products, type Server, targetOf, waitFor } from "./support.ts";

/** By the real clock: the looks are spread over a second. */
async function profileResult(session: SqlSession, server: Server) {
  const context = { target: targetOf(server), server: session.server, settings: defaultSettings };
  const [result] = await runProbes(session, [mysqlWaitProfile], context, createSystemClock());
  if (result === undefined) throw new Error("the probe is not for this engine");
  return result;
}

async function profileOf(session: SqlSession, server: Server): Promise<MysqlWaitProfileRow> {
  const result = await profileResult(session, server);
  const [row] = z.array(mysqlWaitProfile.row).parse(result.rows);
  if (row === undefined) throw new Error(`${result.status}: ${result.reason}`);
  return row;
}

/** Sessions in waits of these kinds, on average. */
function at({ waits }: MysqlWaitProfileRow, ...kinds: readonly string[]): number {
  return waits
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((sum, { averageSessions }) => sum + averageSessions, 0);
}

const forever = "SELECT SUM(SQRT(a.id * b.id + c.id)) FROM orders a, orders b, orders c";

for (const { engine, availability, start } of products) {
  describeEngine(`the wait profile of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;
    let workers: Connection[] = [];

    beforeAll(async () => {
      server = await start({ maxConnections: 60 });
      admin = await openAdmin(server);
      await admin.query("CREATE TABLE orders (id INT PRIMARY KEY, state INT NOT NULL) ENGINE = InnoDB");
      const rows = Array.from({ length: 1000 }, (_, id) => `(${id}, ${id})`).join(", ");
      await admin.query(`INSERT INTO orders VALUES ${rows}`);
      session = await openProbeSession(server, admin);
    });
    afterEach(async () => {
      for (const { threadId } of workers) await admin.query(`KILL ${threadId}`).catch(() => undefined);
      workers = [];
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });

    /** Sessions that run this once; waits until all of them do. */
    async function running(count: number, sql: (index: number) => string): Promise<void> {
      workers = await openSessions(server, count, { applicationName: "load" });
      for (const [index, worker] of workers.entries()) {
        worker.on("error", () => undefined);
        worker.query(sql(index)).catch(() => undefined);
      }
      const ids = workers.map(({ threadId }) => threadId).join(", ");
      await waitFor(async () => {
        const [found] = await admin.query(
          `SELECT ID FROM information_schema.PROCESSLIST WHERE ID IN (${ids}) AND COMMAND = 'Query'`,
        );
        return Array.isArray(found) && found.length === count;
      }, "all of them run");
    }

    it("P28 has no wait on a server that has nothing to do", async () => {
      const row = await profileOf(session, server);
      expect(at(row, "cpu", "work", "io", "log", "lock")).toBeLessThan(1);
      expect(row.samples).toBeGreaterThan(2);
      expect(row.windowSeconds).toBeGreaterThan(0.5);
    });

    it("P28 counts statements that work, and says what their state does not tell", async () => {
      await running(6, () => forever);
      const row = await profileOf(session, server);
      expect(at(row, "cpu", "work")).toBeGreaterThan(5);
      expect(row.threadsRunning).toBeGreaterThan(5);
      expect(row).toMatchObject({ toldBy: "thread-states", notSeen: expect.any(String) });
    });

    it("P28 takes who sleeps or waits for a named lock for no load", async () => {
      await running(12, (index) =>
        index < 6 ? "SELECT SLEEP(30)" : "SELECT GET_LOCK('leader', 30), SLEEP(30)",
      );
      const row = await profileOf(session, server);
      expect(at(row, "cpu", "work", "io", "log")).toBeLessThan(1);
      expect(at(row, "other")).toBeGreaterThan(6);
      expect(at(row, "lock")).toBeGreaterThan(4);
    });

    it("P28 counts who waits for a row as waiting, though its state says that it works", async () => {
      await admin.query("BEGIN");
      await admin.query("UPDATE orders SET state = 1 WHERE id = 7");
      await running(6, () => "UPDATE orders SET state = 2 WHERE id = 7");
      const row = await profileOf(session, server);
      await admin.query("ROLLBACK");
      expect(at(row, "lock")).toBeGreaterThan(5);
      expect(at(row, "cpu", "work")).toBeLessThan(1);
    });

    it("P28 sees commits that wait for the log, and for how long", async () => {
      const [slow, quick] =
        engine === "mysql"
          ? [
              "SET GLOBAL binlog_group_commit_sync_delay = 600000",
              "SET GLOBAL binlog_group_commit_sync_delay = 0",
            ]
          : [
              "SET GLOBAL binlog_commit_wait_usec = 600000, GLOBAL binlog_commit_wait_count = 90",
              "SET GLOBAL binlog_commit_wait_usec = 0, GLOBAL binlog_commit_wait_count = 0",
            ];
      await admin.query(slow);
      let on = true;
      const committing = await openSessions(server, 8, { applicationName: "load" });
      const loops = committing.map(async (worker, index) => {
        while (on) await worker.query(`UPDATE orders SET state = state + 1 WHERE id = ${index}`);
      });
      const row = await profileOf(session, server);
      on = false;
      await admin.query(quick);
      await Promise.all(loops);
      await closeAll(committing);
      expect(at(row, "log")).toBeGreaterThan(5);
      const log = row.waits.find(({ kind }) => kind === "log");
      expect(log?.meanSeconds).toBeGreaterThan(0.1);
    });

    it("P28 is skipped, with the grant that mends it, for who sees only itself", async () => {
      const blind = await openSessionWith(server, admin, "blind", ["SELECT ON performance_schema.*"]);
      const result = await profileResult(blind, server);
      await blind.close();
      expect(result).toMatchObject({ status: "skipped", howToSee: expect.stringContaining("PROCESS") });
    });

    it.runIf(engine === "mysql")("P28 tells CPU from waits where wait events are recorded", async () => {
      const set = (enabled: string) =>
        admin.query(
          `UPDATE performance_schema.setup_consumers SET ENABLED = '${enabled}' WHERE NAME = 'events_waits_current'`,
        );
      await set("YES");
      await running(6, () => forever);
      const row = await profileOf(session, server);
      await set("NO");
      expect(row).toMatchObject({ toldBy: "wait-events", notSeen: null, howToSee: null });
      expect(at(row, "cpu")).toBeGreaterThan(5);
    });
  });
}

describeEngine("the wait profile of mysql without performance_schema", products[0].availability, () => {
  it("P28 is told by the process list, and says what is off", async () => {
    const server = await products[0].start({ settings: { "performance-schema": "OFF" } });
    const admin = await openAdmin(server);
    const session = await openProbeSession(server, admin);
    try {
      admin.query("SELECT SLEEP(5)").catch(() => undefined);
      const row = await profileOf(session, server);
      expect(row).toMatchObject({ toldBy: "thread-states", notSeen: "performance_schema is off" });
      expect(at(row, "other")).toBeGreaterThan(0.5);
    } finally {
      await session.close();
      admin.destroy();
      await server.stop();
    }
  });
});
