import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { IndexNeed } from "../../../functions/core/facts/index-need.ts";
import {
  addPrimaryKey,
  createMysqlIndex,
  dropMysqlIndex,
  hideMysqlIndex,
} from "../../../functions/core/remedies/mysql-index-remedies.ts";
import { spillingQuery } from "../../../functions/core/rules/queries/spilling-query.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { aServer, aView } from "../../support/evidence-builder.ts";
import { aDigest, lookedDeeper } from "../../support/statement-builder.ts";
import { ask, countOf, openAdmin, paste, products, type Server } from "./support.ts";

const index = {
  schema: "app",
  table: "t",
  index: "by_n",
  definition: "CREATE INDEX `by_n` ON `app`.`t` (`n`)",
};
const need: IndexNeed = {
  table: "app.t",
  columns: ["n"],
  statement: "ALTER TABLE `app`.`t` ADD INDEX `by_n` (`n`), ALGORITHM=INPLACE, LOCK=NONE",
  why: [],
  costLeft: null,
  source: "plans",
  wantedBy: [],
};

for (const { engine, availability, start } of products) {
  describeEngine(`DDL as it is pasted into ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let master: Connection;
    const open: Connection[] = [];

    beforeAll(async () => {
      server = await start({ maxConnections: 40 });
      admin = await openAdmin(server);
      await createLabUsers(server);
      await admin.query("CREATE TABLE app.t (id INT PRIMARY KEY, n INT NOT NULL) ENGINE = InnoDB");
      await admin.query("INSERT INTO app.t VALUES (1, 10), (2, 20), (3, 30)");
      await admin.query("CREATE TABLE app.keyless (n INT NOT NULL) ENGINE = InnoDB");
      await admin.query("INSERT INTO app.keyless VALUES (1), (2), (3)");
      master = await openSession(server, { applicationName: "mysql" });
    });
    afterEach(async () => {
      await closeAll(open.splice(0));
    });
    afterAll(async () => {
      await closeAll([master, admin].filter((each) => each !== undefined));
      await server?.stop();
    });

    const view = () => aView({ engine, server: aServer({ version: server.version }) });
    const indexes = () =>
      countOf(admin, "SELECT COUNT(*) FROM information_schema.STATISTICS WHERE INDEX_NAME = 'by_n'");

    it("A10 A13 builds, hides and drops an index as the master user, and says how to undo it", async () => {
      expect(await paste(master, createMysqlIndex(view(), need).preview)).toEqual(["done", "done"]);
      expect(await indexes()).toBe(1);
      const hide = hideMysqlIndex(view(), index, "never read");
      expect(await paste(master, hide.preview)).toEqual(["done", "done"]);
      const hidden = engine === "mariadb" ? "IGNORED = 'YES'" : "IS_VISIBLE = 'NO'";
      const count = `SELECT COUNT(*) FROM information_schema.STATISTICS WHERE INDEX_NAME = 'by_n' AND ${hidden}`;
      expect(await countOf(admin, count)).toBe(1);
      const undo = /Undo: (.*)$/.exec(hide.consequence)?.[1] ?? "";
      expect(await paste(master, undo)).toEqual(["done"]);
      expect(await countOf(admin, count)).toBe(0);
      const drop = dropMysqlIndex(view(), index, "never read", null);
      expect(await paste(master, drop.preview)).toEqual(["done", "done"]);
      expect(await indexes()).toBe(0);
      expect(await paste(master, /Undo: (.*)$/.exec(drop.consequence)?.[1] ?? "")).toEqual(["done"]);
      expect(await indexes()).toBe(1);
      await paste(master, drop.preview);
    });

    it("A10 gives up behind an open transaction, and lets those go on who came later", async () => {
      const [holder, reader] = [await openSession(server), await openSession(server)];
      open.push(holder, reader);
      await holder.query("BEGIN");
      await holder.query("SELECT n FROM t WHERE id = 1");
      const building = paste(master, createMysqlIndex(view(), need).preview);
      expect(await ask(reader, "SELECT n FROM t WHERE id = 2")).toEqual([{ n: 20 }]);
      expect(await building).toEqual(["done", expect.stringContaining("Lock wait timeout exceeded")]);
      expect(await indexes()).toBe(0);
    });

    it("D4 gives a table a key that statements without column lists do not see", async () => {
      const remedy = addPrimaryKey(view(), { schema: "app", table: "keyless" });
      expect(await paste(master, remedy.preview)).toEqual(["done", "done"]);
      await admin.query("INSERT INTO app.keyless VALUES (4)");
      expect(await ask(admin, "SELECT * FROM app.keyless ORDER BY n")).toEqual(
        [1, 2, 3, 4].map((n) => ({ n })),
      );
      expect(await ask(admin, "SELECT responder_row_id AS id FROM app.keyless WHERE n = 4")).toEqual([
        { id: 4 },
      ]);
    });

    it("A24 keeps in memory what went to disk, in the session of the application that says so", async () => {
      const client = await openSession(server, { user: "shop" });
      open.push(client);
      const digest = aDigest({ now: { tmpDiskTablesPerSecond: 5, callsPerSecond: 5 } });
      const [remedy] = spillingQuery
        .evaluate(lookedDeeper({ "mysql-statement-digests": [digest] }, { engine }))
        .flatMap(({ actions }) => actions);
      const small = "SET SESSION tmp_table_size = 65536, SESSION max_heap_table_size = 65536";
      const onDisk = async () => {
        const before = await diskTables(client);
        // Derived, and not merged: a temporary table of about 2 MB.
        await client.query(
          `SELECT COUNT(*), MAX(pad) FROM (WITH RECURSIVE seq AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM seq WHERE n < 900)
             SELECT a.n * 900 + b.n AS n, CONCAT(REPEAT('-', 20), a.n) AS pad FROM seq a JOIN seq b WHERE b.n < 30 GROUP BY 1, 2) AS grouped`,
        );
        return (await diskTables(client)) - before;
      };
      await client.query(small);
      expect(await onDisk()).toBeGreaterThan(0);
      expect(await paste(client, remedy?.preview ?? "")).toEqual(["done"]);
      expect(await onDisk()).toBe(0);
    });
  });
}

async function diskTables(client: Connection): Promise<number> {
  const [row] = await ask(client, "SHOW SESSION STATUS LIKE 'Created_tmp_disk_tables'");
  return Number(row?.["Value"]);
}
