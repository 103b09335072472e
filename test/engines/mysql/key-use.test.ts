import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlKeyUse } from "../../../functions/core/probes/mysql/key-use/key-use.ts";
import { keyExhausted } from "../../../functions/core/rules/integrity/key-exhausted.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSessions } from "../../lab/engines/sql.ts";
import { aProbe, aTarget, aView } from "../../support/evidence-builder.ts";
import { openProbeSession, openSessionWith, resultOf, rowsOf } from "./performance-support.ts";
import { countOf, openAdmin, paste, products, type Server, send, waitFor } from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`AUTO_INCREMENT keys of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;

    beforeAll(async () => {
      server = await start({ maxConnections: 40 });
      admin = await openAdmin(server);
      session = await openProbeSession(server, admin);
      for (const [name, type, last] of keys) {
        await admin.query(`CREATE TABLE ${name} (id ${type} AUTO_INCREMENT PRIMARY KEY, a int)`);
        await admin.query(`INSERT INTO ${name} VALUES (${last}, 1)`);
      }
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });

    const used = async () =>
      new Map((await rowsOf(session, server, mysqlKeyUse)).map((row) => [row.table, row]));

    it("P30 finds the keys that run out by the maximum of their own type, and which INSERTs failed", async () => {
      const failing = await admin
        .query("INSERT INTO `tiny``y` (a) VALUES (1)")
        .catch((error: unknown) => error);
      expect(failing).toMatchObject({ errno: engine === "mysql" ? 1062 : 167 });
      await expect(admin.query("INSERT INTO huge (a) VALUES (1)")).rejects.toMatchObject({ errno: 1467 });
      const rows = await used();
      expect([...rows.keys()].toSorted()).toEqual(["huge", "nearly", "tiny`y"]);
      expect(rows.get("tiny`y")).toMatchObject({ column: "id", maxValue: "127", failed: { count: 1 } });
      expect(rows.get("huge")).toMatchObject({ maxValue: "18446744073709551614", failed: { count: 1 } });
      expect(rows.get("nearly")).toMatchObject({ nextValue: "3900000001", failed: null });
    });

    it("A10 the statement that is proposed lets INSERTs through again", async () => {
      const probes = [aProbe("mysql-key-use", [...(await used()).values()])];
      const finding = keyExhausted
        .evaluate(
          aView({
            engine,
            overrides: { probes, target: aTarget({ engine, engineVersion: server.version }) },
          }),
        )
        .find(({ subject }) => subject.includes("tiny"));
      expect(finding?.severity).toBe("P1");
      expect(await paste(admin, finding?.actions[0]?.preview ?? "")).toEqual(["done", "done"]);
      await admin.query("INSERT INTO `tiny``y` (a) VALUES (1)");
      expect((await used()).has("tiny`y")).toBe(false);
    });

    it("P30 does not queue behind a table's DDL", async () => {
      const [user, ddl] = await openSessions(server, 2);
      await user?.query("BEGIN");
      await user?.query("SELECT * FROM nearly");
      send(ddl, "DROP TABLE nearly");
      const waiting =
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table%'";
      await waitFor(async () => (await countOf(admin, waiting)) === 1, "the DROP waits");
      const result = await resultOf(session, server, mysqlKeyUse);
      expect(result).toMatchObject({ status: "ok" });
      expect(result.tookMs).toBeLessThan(4000);
      await admin.query(`KILL ${ddl?.threadId}`);
      await user?.query("ROLLBACK");
      await closeAll([...(user ? [user] : []), ...(ddl ? [ddl] : [])]);
    });

    it("P30 says which grant is missing instead of finding nothing", async () => {
      const without = await openSessionWith(server, admin, "without", [
        "PROCESS ON *.*",
        "SELECT ON performance_schema.*",
      ]);
      const result = await resultOf(without, server, mysqlKeyUse);
      expect(result).toMatchObject({ status: "skipped" });
      expect(result.howToSee).toContain("GRANT REFERENCES ON *.* TO {user}");
      await without.close();
    });
  });
}

const keys = [
  ["`tiny``y`", "tinyint", "127"],
  ["huge", "bigint unsigned", "18446744073709551614"],
  ["nearly", "int unsigned", "3900000000"],
  ["past_an_int", "int unsigned", "2200000000"],
  ["large", "bigint", "2200000000"],
] as const;
