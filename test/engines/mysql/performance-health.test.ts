import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlIndexes } from "../../../functions/core/probes/mysql/indexes/indexes.ts";
import { mysqlIndexesUnused } from "../../../functions/core/probes/mysql/indexes/unused.ts";
import { mysqlTables } from "../../../functions/core/probes/mysql/tables.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSessions } from "../../lab/engines/sql.ts";
import { openProbeSession, openSessionWith, resultOf, rowsOf, times } from "./performance-support.ts";
import { countOf, openAdmin, products, type Server, send, waitFor } from "./support.ts";

const healthProbes = [mysqlIndexes, mysqlIndexesUnused, mysqlTables];

for (const { engine, availability, start } of products) {
  describeEngine(`indexes and tables of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;

    beforeAll(async () => {
      server = await start({ maxConnections: 40 });
      admin = await openAdmin(server);
      session = await openProbeSession(server, admin);
      for (const sql of tables) await admin.query(sql);
      const rows = Array.from({ length: 2000 }, (_, id) => `(${id}, ${id % 10}, ${id}, ${id % 3}, 'x', 1)`);
      await admin.query(`INSERT INTO \`my-orders\` VALUES ${rows.join(", ")}`);
      await admin.query("INSERT INTO customers VALUES (1, 1)");
      await admin.query("INSERT INTO invoices VALUES (1, 1)");
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });

    it("P30 finds duplicates and beginnings of wider indexes, and spares those that only look so", async () => {
      const rows = await rowsOf(session, server, mysqlIndexes);
      const found = rows.map(({ index, problem, coveredBy }) => [index, problem, coveredBy]);
      expect(found.toSorted()).toEqual([
        ["a_b", "duplicate", "a_again"],
        ["a_only", "redundant-prefix", "a_again"],
        ["id_again", "duplicate", "PRIMARY"],
        ["u_plain", "duplicate", "u_unique"],
      ]);
      expect(rows.find(({ index }) => index === "a_b")).toMatchObject({
        schema: "app",
        table: "my-orders",
        definition: "CREATE INDEX `a_b` ON `app`.`my-orders` (`a`, `b`)",
        tableWrites: 2000,
      });
    });

    it("P30 finds indexes that nothing read, but neither unique ones nor those behind foreign keys", async () => {
      const unused = async () =>
        (await rowsOf(session, server, mysqlIndexesUnused)).map(({ table, index }) => `${table}.${index}`);
      expect(await unused()).toEqual(
        expect.arrayContaining(["my-orders.c_desc", "my-orders.note_part", "customers.by_code"]),
      );
      const before = await unused();
      expect(before.filter((name) => /u_unique|PRIMARY|invoices/.test(name))).toEqual([]);
      await times(3, () => admin.query("SELECT COUNT(*) FROM `my-orders` FORCE INDEX (c_desc) WHERE c = 1"));
      const after = await unused();
      expect(after).not.toContain("my-orders.c_desc");
      expect(after).toContain("my-orders.note_part");
    });

    it("P30 finds tables without a primary key, scans with what they read, and sizes as the file has them", async () => {
      await times(4, () =>
        admin.query("SELECT COUNT(*) FROM `my-orders` IGNORE INDEX (PRIMARY) WHERE d = 7"),
      );
      const rows = await rowsOf(session, server, mysqlTables);
      const byName = new Map(rows.map((row) => [`${row.schema}.${row.table}`, row]));
      expect(byName.get("app.log")).toMatchObject({ hasPrimaryKey: false, engine: "InnoDB" });
      expect(byName.get("app.log")?.rankedBy).toContain("no-primary-key");
      const orders = byName.get("app.my-orders");
      expect(orders).toMatchObject({ hasPrimaryKey: true });
      expect(orders?.rankedBy).toEqual(expect.arrayContaining(["largest", "full-scans"]));
      expect(orders?.sinceStart.rowsReadWithoutIndex).toBeGreaterThanOrEqual(8000);
      const files =
        engine === "mysql"
          ? "information_schema.INNODB_TABLESPACES"
          : "information_schema.INNODB_SYS_TABLESPACES";
      const file = `SELECT FILE_SIZE FROM ${files} WHERE NAME IN ('app/my@002dorders', 'app/my-orders')`;
      expect(orders?.fileBytes).toBe(await countOf(admin, file));
      expect(byName.get("app.parted")?.fileBytes).toBe(
        await countOf(admin, `SELECT SUM(FILE_SIZE) FROM ${files} WHERE NAME LIKE 'app/parted#%'`),
      );
      expect(rows.every(({ schema }) => schema === "app")).toBe(true);
    });

    it("P30 sees the holes that a mass delete leaves, against the server's own number", async () => {
      await admin.query(
        "CREATE TABLE holes (id INT PRIMARY KEY, filler VARCHAR(8000) NOT NULL) ENGINE = InnoDB",
      );
      await admin.query("INSERT INTO holes SELECT id, REPEAT('x', 8000) FROM `my-orders`");
      for (const step of [1, 2, 3, 4, 5, 6, 7]) {
        await admin.query(
          `INSERT INTO holes SELECT id + ${step * 2000}, REPEAT('x', 8000) FROM \`my-orders\``,
        );
      }
      await admin.query("DELETE FROM holes WHERE id > 2000");
      await admin.query("ANALYZE TABLE holes");
      const free = "SELECT DATA_FREE FROM information_schema.TABLES WHERE TABLE_NAME = 'holes'";
      // Purge goes on for a while: what it has freed by then has to stand still before two readings are compared.
      let last = 0;
      await waitFor(async () => {
        await admin.query("ANALYZE TABLE holes");
        const [before, now] = [last, await countOf(admin, free)];
        last = now;
        return now > 60_000_000 && now === before;
      }, "the pages are purged");
      const row = (await rowsOf(session, server, mysqlTables)).find(({ table }) => table === "holes");
      expect(row?.rankedBy).toContain("fragmented");
      expect(row?.freePercent).toBeGreaterThan(40);
      expect(Math.abs((row?.freeBytes ?? 0) - (await countOf(admin, free)))).toBeLessThan(8_000_000);
      await admin.query("DROP TABLE holes");
    });

    it("P30 is not held up by a table that is locked exclusively", async () => {
      const [user, ddl] = await openSessions(server, 2);
      await user?.query("BEGIN");
      await user?.query("SELECT * FROM zz_used");
      // Takes the first table's lock and waits for the second one with it.
      send(ddl, "DROP TABLE log, zz_used");
      await waitFor(async () => {
        const waiting =
          "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table%'";
        return (await countOf(admin, waiting)) === 1;
      }, "the DROP waits");
      for (const probe of healthProbes) {
        const result = await resultOf(session, server, probe);
        expect(result.tookMs, probe.id).toBeLessThan(4000);
        expect(result, probe.id).toMatchObject({ status: "ok" });
      }
      await admin.query(`KILL ${ddl?.threadId}`);
      await user?.query("ROLLBACK");
      await closeAll([...(user ? [user] : []), ...(ddl ? [ddl] : [])]);
    });

    it("P30 says which grant is missing instead of finding nothing", async () => {
      const counters = ["PROCESS ON *.*", "SELECT ON performance_schema.*"];
      const without = await openSessionWith(server, admin, "without", counters);
      for (const probe of healthProbes) {
        const result = await resultOf(without, server, probe);
        expect(result, probe.id).toMatchObject({ status: "skipped" });
        expect(result.howToSee, probe.id).toContain("GRANT REFERENCES ON *.* TO {user}");
      }
      await without.close();
    });

    it("P30 needs a grant that shows no data and changes none", async () => {
      const grants = ["PROCESS, REFERENCES ON *.*", "SELECT ON performance_schema.*"];
      const names = await openSessionWith(server, admin, "names_only", grants);
      for (const probe of healthProbes) {
        expect(await resultOf(names, server, probe), probe.id).toMatchObject({ status: "ok" });
      }
      for (const sql of ["SELECT * FROM app.customers", "DELETE FROM app.customers", "DROP TABLE app.log"]) {
        await expect(names.query({ sql }), sql).rejects.toMatchObject({ name: "SqlError" });
      }
      await names.close();
    });
  });
}

const tables = [
  `CREATE TABLE \`my-orders\` (id INT PRIMARY KEY, a INT, b INT, c INT, note VARCHAR(100), d INT,
    KEY a_b (a, b), KEY a_again (a, b), KEY a_only (a), KEY id_again (id), UNIQUE u_unique (b, id), KEY u_plain (b, id),
    KEY c_desc (c), KEY note_part (note(10)), KEY note_wide (note, c)) ENGINE = InnoDB`,
  "CREATE TABLE customers (id INT PRIMARY KEY, code INT NOT NULL, KEY by_code (code)) ENGINE = InnoDB",
  `CREATE TABLE invoices (id INT PRIMARY KEY, customer INT, KEY by_customer (customer),
    CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customers (id)) ENGINE = InnoDB`,
  "CREATE TABLE log (at INT, line INT, KEY by_at (at)) ENGINE = InnoDB",
  "CREATE TABLE zz_used (id INT PRIMARY KEY) ENGINE = InnoDB",
  "CREATE TABLE parted (id INT PRIMARY KEY) ENGINE = InnoDB PARTITION BY HASH (id) PARTITIONS 3",
];
