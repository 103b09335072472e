import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlObjects } from "../../../functions/core/probes/mysql/objects.ts";
import { foreignKeysTag, mysqlOrphans } from "../../../functions/core/probes/mysql/orphans.ts";
import { mariadbPlans } from "../../../functions/core/probes/mysql/plans/mariadb-plans.ts";
import { mysqlPlans } from "../../../functions/core/probes/mysql/plans/plans.ts";
import { mysqlSettings } from "../../../functions/core/probes/mysql/settings.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll } from "../../lab/engines/sql.ts";
import {
  ask,
  connected,
  openAdmin,
  probeWith,
  products,
  rowsOf,
  type Server,
  systemClock,
  targetOf,
  waitFor,
} from "./support.ts";

const slow =
  "SELECT id FROM orders WHERE customer_id = 42 AND created_at > '2026-01-10' ORDER BY total LIMIT 10";

for (const { engine, availability, start } of products) {
  describeEngine(`health of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;
    const plans = engine === "mysql" ? mysqlPlans : mariadbPlans;

    beforeAll(async () => {
      server = await start();
      admin = await openAdmin(server);
      const deep = engine === "mysql" ? "cte_max_recursion_depth" : "max_recursive_iterations";
      await admin.query(`SET SESSION ${deep} = 100000`);
      await admin.query(`CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, customer_id INT NOT NULL,
        created_at DATETIME NOT NULL, total INT NOT NULL, pad CHAR(100) NOT NULL DEFAULT '')`);
      await admin.query(`INSERT INTO orders (customer_id, created_at, total)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        SELECT i % 1000, '2026-01-01' + INTERVAL i MINUTE, i % 777 FROM n`);
      await admin.query("ANALYZE TABLE orders");
      session = await connected(targetOf(server));
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });

    const handlerReads = async (): Promise<number> => {
      await admin.query("FLUSH STATUS");
      await admin.query(slow);
      const rows = await ask(admin, "SHOW SESSION STATUS LIKE 'Handler_read%'");
      return rows.reduce((sum, row) => sum + Number(row["Value"]), 0);
    };

    it("P33 suggests an index for the worst statement, and it helps", async () => {
      if (engine === "mariadb") {
        // Its digest is enough, with values that are made up.
        await admin.query(slow);
        const without = await rowsOf(session, server, plans);
        const same = without.find(({ query }) => /customer_id/.test(query) && /^SELECT/.test(query));
        expect(same?.suggestions[0]?.columns).toEqual(["customer_id", "created_at"]);
        expect(same?.suggestions[0]?.why).toContain("values that are made up");
        await admin.query("SET GLOBAL slow_query_log = 1");
        await admin.query("SET SESSION slow_query_log = 1, long_query_time = 0");
      }
      const before = await handlerReads();
      expect(before).toBeGreaterThan(20_000);
      const rows = await rowsOf(session, server, plans);
      const row = rows.find(({ query }) => /customer_id/.test(query) && /^SELECT/.test(query));
      expect(row).toMatchObject({ status: "explained" });
      expect(row?.problems.map(({ kind }) => kind)).toEqual(["full-scan", "filesort"]);
      expect(row?.query).not.toContain("42");
      const suggestion = row?.suggestions[0];
      expect(suggestion?.columns).toEqual(["customer_id", "created_at"]);
      expect(suggestion?.why).not.toContain("made up");
      await admin.query(suggestion?.createIndex ?? "");
      expect(await handlerReads()).toBeLessThan(before / 100);
      const again = (await rowsOf(session, server, plans)).find(({ query }) => query === row?.query);
      expect(again?.suggestions).toEqual([]);
    });

    it("P33 a function of a column wants an index on the function, a leading wildcard none", async () => {
      const byYear = "SELECT id FROM orders WHERE YEAR(created_at) = 1999";
      await admin.query(byYear);
      await admin.query("SELECT id FROM orders WHERE pad LIKE '%zzz' ORDER BY total LIMIT 5");
      const rowFor = async (pattern: RegExp) =>
        (await rowsOf(session, server, plans)).find(({ query }) => pattern.test(query));
      await waitFor(async () => (await rowFor(/year ?`? ?\(/i)) !== undefined, "the statement is counted");
      expect((await rowFor(/like/i))?.suggestions).toEqual([]);
      const [suggestion] = (await rowFor(/year ?`? ?\(/i))?.suggestions ?? [];
      if (engine === "mariadb") return expect(suggestion).toBeUndefined();
      expect(suggestion?.columns).toEqual(["year(`created_at`)"]);
      await admin.query(suggestion?.createIndex ?? "");
      const [plan] = await ask(admin, `EXPLAIN FORMAT=TRADITIONAL ${byYear}`);
      await admin.query("ALTER TABLE orders DROP INDEX orders_year_created_at_");
      expect(Number(plan?.["rows"])).toBeLessThan(100);
    });

    it("P0 asks no plan of a table that somebody queues for", async () => {
      const [reader, migration] = [await openAdmin(server), await openAdmin(server)];
      await reader.query("BEGIN");
      await reader.query("SELECT id FROM orders LIMIT 1");
      const altered = migration.query("ALTER TABLE orders ADD note INT").catch(() => undefined);
      const queue =
        "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table metadata%'";
      await waitFor(async () => Number((await ask(admin, queue))[0]?.["n"]) === 1, "the queue");
      const result = await probeWith(session, server, plans);
      await reader.query("ROLLBACK");
      await altered;
      await closeAll([reader, migration]);
      await admin.query("ALTER TABLE orders DROP note");
      const row = z
        .array(z.object({ query: z.string(), reason: z.string().nullable() }))
        .parse(result.rows)
        .find(({ query }) => /customer_id/.test(query) && /^SELECT/.test(query));
      expect(row?.reason).toContain("somebody queues for orders");
      // One wait of the shortest limit there is would take a second.
      expect(result.tookMs).toBeLessThan(900);
    });

    it("P33 runs nothing: a function, a write and a table without the grant are left out", async () => {
      await admin.query("CREATE FUNCTION nap(a INT) RETURNS INT DETERMINISTIC RETURN SLEEP(0.2) + a");
      await admin.query("SELECT id FROM orders WHERE id = nap(5)");
      await admin.query("UPDATE orders SET pad = 'y' WHERE total = 776");
      // The server answers first and counts the statement after that.
      const counted = async () =>
        (await rowsOf(session, server, plans)).some(({ query }) => /^UPDATE/.test(query));
      await waitFor(counted, "the update is counted");
      const rows = await rowsOf(session, server, plans);
      expect(rows.find(({ query }) => /nap/.test(query))?.reason).toMatch(/^it calls `?nap/);
      expect(rows.find(({ query }) => /^UPDATE/.test(query))).toMatchObject({ status: "explained" });
      await admin.query("CREATE USER blind@'%' IDENTIFIED BY 'blind-lab'");
      await admin.query("GRANT SELECT ON performance_schema.* TO blind@'%'");
      await admin.query("GRANT SELECT ON mysql.slow_log TO blind@'%'");
      const login = { user: "blind", password: "blind-lab", iam: false };
      const target = targetOf(server, { database: null });
      const blind = await connected(target, {}, { credentials: async () => login });
      const refused = (await rowsOf(blind, server, plans)).find(({ query }) => /^UPDATE/.test(query));
      await blind.close();
      expect(refused).toMatchObject({ status: "not-explained" });
      expect(refused?.howToSee).toBe("GRANT SELECT ON `app`.* TO {user}");
    });

    it("P34 finds a broken view and a disabled event, and the orphans of a named foreign key", async () => {
      await admin.query("CREATE TABLE base (id INT)");
      await admin.query("CREATE VIEW broken AS SELECT id FROM base");
      await admin.query("CREATE VIEW fine AS SELECT id FROM orders");
      await admin.query("DROP TABLE base");
      await admin.query("CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO SET @a = 1");
      const objects = await rowsOf(session, server, mysqlObjects);
      expect(
        objects.map(({ name, problem }) => `${name} ${problem}`).filter((one) => !/scheduler/.test(one)),
      ).toEqual(["broken invalid-view", "nightly disabled-event"]);
      await admin.query("CREATE TABLE parent (id INT PRIMARY KEY)");
      await admin.query(
        "CREATE TABLE child (id INT PRIMARY KEY, p INT, CONSTRAINT fk_p FOREIGN KEY (p) REFERENCES parent (id))",
      );
      await admin.query("INSERT INTO parent VALUES (1)");
      await admin.query("SET foreign_key_checks = 0");
      await admin.query("INSERT INTO child VALUES (1, 1), (2, 7), (3, NULL), (4, 8)");
      const target = targetOf(server, { tags: { [foreignKeysTag]: "app.fk_p app.none" } });
      const context = { target, server: session.server, settings: defaultSettings };
      const [result] = await runProbes(session, [mysqlOrphans], context, systemClock);
      expect(result?.rows).toMatchObject([
        { table: "child", constraint: "fk_p", orphanedRows: 2, checkedRows: 4, partial: false },
        { constraint: "none", orphanedRows: null },
      ]);
    });

    it("P32 tells what was set where, and what is gone", async () => {
      await admin.query("SET GLOBAL long_query_time = 3");
      const rows = await rowsOf(session, server, mysqlSettings);
      const of = (name: string) => rows.find((row) => row.name === name);
      expect(of("long_query_time")).toMatchObject({ seconds: 3, source: "run-time" });
      expect(of("innodb_buffer_pool_size")).toMatchObject({ bytes: 67_108_864, source: "command-line" });
      expect(of("query_cache_size")?.state).toBe(engine === "mysql" ? "gone" : "set");
      // The responder's own limit is not what the application gets.
      expect(of("lock_wait_timeout")?.seconds).toBeGreaterThan(1000);
    });

    it("P33 proposes no index on a flag that most rows have, and one on a column of many values", async () => {
      await admin.query("CREATE TABLE points (id INT PRIMARY KEY, open_now TINYINT, area INT, lat DOUBLE)");
      await admin.query("INSERT INTO points SELECT id, id % 10 > 0, id % 900, id % 77 FROM orders");
      await admin.query("ANALYZE TABLE points");
      const near = (column: string): string =>
        `SELECT id, ABS(lat - 9) AS km FROM points WHERE ${column} = 1 HAVING km < 25 ORDER BY km LIMIT 10`;
      const counts = "SELECT COUNT(*) FROM points WHERE area = 7";
      // Of the worst statements so far but five are planned.
      await admin.query("TRUNCATE TABLE performance_schema.events_statements_summary_by_digest");
      for (const sql of [near("open_now"), near("area"), counts]) await admin.query(sql);
      const rowFor = async (pattern: RegExp) =>
        (await rowsOf(session, server, plans)).find(({ query }) => pattern.test(query));
      await waitFor(async () => (await rowFor(/COUNT.*area/i)) !== undefined, "the statements are counted");
      const flagged = await rowFor(/open_now/);
      expect(flagged).toMatchObject({ status: "explained", suggestions: [] });
      expect(flagged?.problems[0]?.detail).toContain("90 % of the rows have one value of open_now");
      for (const pattern of [/HAVING.*/i, /COUNT.*area/i]) {
        const rows = (await rowsOf(session, server, plans)).filter(
          ({ query }) => /area/.test(query) && pattern.test(query),
        );
        expect(rows[0]?.suggestions[0]).toMatchObject({
          columns: ["area"],
          why: expect.stringContaining("0.2 % of the rows have one value of area at most"),
        });
      }
      // The look at the values is no statement of the application.
      const seen = (await rowsOf(session, server, plans)).map(({ query }) => query).join();
      expect(seen).not.toContain("values_schema");
    });
  });
}
