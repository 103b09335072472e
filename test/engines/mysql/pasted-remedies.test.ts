import type { Connection, RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Evidence } from "../../../functions/core/contract/evidence.ts";
import { viewOf } from "../../../functions/core/facts/view.ts";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlConnections } from "../../../functions/core/probes/mysql/connections.ts";
import { mysqlSessions } from "../../../functions/core/probes/mysql/sessions.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { freeIdleConnections } from "../../../functions/core/remedies/connection-remedies.ts";
import { idleInTransactionPileup } from "../../../functions/core/rules/connections/idle-in-transaction-pileup.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, createLabUsers, openSession, openSessions } from "../../lab/engines/sql.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import {
  connected,
  countOf,
  openAdmin,
  paste,
  products,
  type Server,
  systemClock,
  targetOf,
  waitFor,
} from "./support.ts";

const thresholds = { ...defaultSettings.thresholds, idleInTransactionSeconds: 1, leakIdleSeconds: 1 };
const settings = { ...defaultSettings, thresholds };

for (const { engine, availability, start } of products) {
  describeEngine(`remedies as they are pasted into ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let master: Connection;
    let session: SqlSession;
    const open: Connection[] = [];

    beforeAll(async () => {
      server = await start({ maxConnections: 60 });
      admin = await openAdmin(server);
      await createLabUsers(server);
      await admin.query("CREATE TABLE app.t (id INT PRIMARY KEY, n INT) ENGINE = InnoDB");
      await admin.query("INSERT INTO app.t VALUES (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0)");
      // The master user of the RDS-shaped server: no CONNECTION_ADMIN, no SUPER.
      master = await openSession(server, { applicationName: "mysql" });
      session = await connected(targetOf(server));
    });
    afterEach(async () => {
      await closeAll(open.splice(0));
    });
    afterAll(async () => {
      await session?.close();
      await closeAll([master, admin].filter((each) => each !== undefined));
      await server?.stop();
    });

    async function opened(count: number, applicationName: string): Promise<Connection[]> {
      const sessions = await openSessions(server, count, { user: "shop", applicationName });
      open.push(...sessions);
      return sessions;
    }

    async function look(flavour: "rds" | "self-managed" = "rds") {
      const target = targetOf(server, { flavour });
      const context = { target, server: session.server, settings };
      const probes = await runProbes(session, [mysqlConnections, mysqlSessions], context, systemClock);
      const overrides: Partial<Evidence> = { target, probes };
      return viewOf(someEvidence({ engine, overrides }), thresholds);
    }

    const alive = async (sessions: readonly Connection[]) => {
      const ids = sessions.map(({ threadId }) => threadId).join(", ");
      return await countOf(admin, `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID IN (${ids})`);
    };
    const idleFor = (seconds: number) => admin.query(`SELECT SLEEP(${seconds})`);

    it.each(["rds", "self-managed"] as const)(
      "A3 ends the idle transactions of one application, and none that has gone on meanwhile (%s)",
      async (flavour) => {
        const forgotten = await opened(4, "importer");
        const [other] = await opened(1, "checkout");
        for (const [index, each] of [...forgotten, other].entries()) {
          await each?.query("BEGIN");
          await each?.query(`UPDATE t SET n = 1 WHERE id = ${index + 1}`);
        }
        await idleFor(2.1);
        const [finding] = idleInTransactionPileup.evaluate(await look(flavour));
        const [remedy] = finding?.actions ?? [];
        const [goneOn] = forgotten;
        await goneOn?.query("COMMIT");
        const answers = await paste(flavour === "rds" ? master : admin, remedy?.preview ?? "");
        await waitFor(async () => (await alive(forgotten)) === 1, "three are ended");
        expect(await alive([goneOn, other].flatMap((each) => each ?? []))).toBe(2);
        const refused = answers.filter((answer) => answer !== "done");
        expect(refused).toEqual(flavour === "rds" ? [expect.stringContaining("Unknown thread id: 0")] : []);
      },
    );

    it("A3 ends no transaction that has gone on and worked for long, and sleeps only since", async () => {
      const forgotten = await opened(3, "importer");
      for (const [index, each] of forgotten.entries()) {
        await each.query("BEGIN");
        await each.query(`UPDATE t SET n = 1 WHERE id = ${index + 1}`);
      }
      await idleFor(2.1);
      const [finding] = idleInTransactionPileup.evaluate(await look());
      const [goneOn] = forgotten;
      await goneOn?.query("SELECT SLEEP(2.5)");
      await paste(master, finding?.actions[0]?.preview ?? "");
      await waitFor(async () => (await alive(forgotten)) === 1, "two are ended");
      expect(await alive(goneOn ? [goneOn] : [])).toBe(1);
    });

    it("A3 ends what sits idle for one application, and neither its namesake's nor one that works again", async () => {
      const leaked = await opened(6, "importer");
      const namesake = await openSessions(server, 1, { user: "admin", applicationName: "importer" });
      open.push(...namesake);
      for (const each of [...leaked, ...namesake]) await each.query("SELECT 1");
      await idleFor(3.1);
      const [remedy] = freeIdleConnections(await look());
      const before = await look();
      const unnamed = (before.connections ?? []).map(({ longestIdle, ...group }) => group);
      const [list] = freeIdleConnections({ ...before, connections: unnamed });
      const [rows] = await master.query<RowDataPacket[]>(list?.preview ?? "");
      const ids = leaked.map(({ threadId }) => `CALL mysql.rds_kill(${threadId});`);
      expect(rows.map((row) => row["ends_it"]).toSorted()).toEqual(ids.toSorted());
      const [works] = leaked;
      await works?.query("BEGIN");
      await works?.query("SELECT n FROM t WHERE id = 1");
      await paste(master, remedy?.preview ?? "");
      await waitFor(async () => (await alive(leaked)) === 1, "five are ended");
      expect(await alive([...namesake, ...(works ? [works] : [])])).toBe(2);
    });

    it("A3 ends neither the leader nor the backup that idles with its lock", async () => {
      const [leader, backup, ...leaked] = await opened(6, "importer");
      await leader?.query("SELECT GET_LOCK('leader', 1)");
      await backup?.query("LOCK TABLES t READ");
      for (const each of leaked) await each.query("SELECT 1");
      await idleFor(3.1);
      const [remedy] = freeIdleConnections(await look());
      await paste(master, remedy?.preview ?? "");
      await waitFor(async () => (await alive(leaked)) === 0, "four are ended");
      expect(await alive([leader, backup].flatMap((each) => each ?? []))).toBe(2);
    });

    it("A3 ends no idle transaction of who holds a named lock beside it", async () => {
      const [leader, ...forgotten] = await opened(4, "importer");
      await leader?.query("SELECT GET_LOCK('leader', 1)");
      for (const [index, each] of [leader, ...forgotten].entries()) {
        await each?.query("BEGIN");
        await each?.query(`UPDATE t SET n = 1 WHERE id = ${index + 1}`);
      }
      await idleFor(2.1);
      const [finding] = idleInTransactionPileup.evaluate(await look());
      await paste(master, finding?.actions[0]?.preview ?? "");
      await waitFor(async () => (await alive(forgotten)) === 0, "three are ended");
      expect(await alive([leader].flatMap((each) => each ?? []))).toBe(1);
    });
  });
}
