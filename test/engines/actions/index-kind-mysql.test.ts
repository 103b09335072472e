import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { createLabUsers } from "../../lab/engines/sql.ts";
import { look } from "./persons-index-suite.ts";
import { actorStatements, execute } from "./support.ts";

describeEngine("an index of another kind on MySQL", await mysqlAvailability(), () =>
  kindSuite(() => startMysql()),
);
describeEngine("an index of another kind on MariaDB", await mariadbAvailability(), () =>
  kindSuite(() => startMariadb()),
);

/** Each kind that the server has of an index on one column of this table. */
const kinds = [
  ["texts", "note", "FULLTEXT INDEX", "", "FULLTEXT (`note`)"],
  ["quick", "v", "INDEX", " USING HASH", "(`v`) USING HASH"],
] as const;

function kindSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;
  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("CREATE TABLE app.texts (id INT PRIMARY KEY, note VARCHAR(80))");
    await admin.query("CREATE TABLE app.quick (id INT PRIMARY KEY, v INT) ENGINE = MEMORY");
    for (const table of ["texts", "quick"])
      await admin.query(`GRANT SELECT, INDEX, ALTER ON app.${table} TO actor@'%'`);
  });
  afterAll(async () => {
    await admin?.end();
    await server?.stopNow();
  });

  it.each(kinds)(
    "A10 A40 is not taken for the one that was built on %s (%s), and there is no undo of it",
    async (table, column, kind, using, shown) => {
      const input = { schema: "app", table, name: "on_it", unique: false, definition: `(\`${column}\`)` };
      await admin.query(`DROP INDEX IF EXISTS on_it ON app.${table}`).catch(() => undefined);
      await admin.query(`ALTER TABLE app.${table} ADD ${kind} on_it (${column})${using}`);
      const end = await look(server, "create-index", input, {});
      expect(end).toMatchObject({ status: "not-verified", mayHaveActed: true });
      expect(end.summary).toContain(`${table} ${shown}: whether it is the one that was built is not sure`);
      expect(end).not.toHaveProperty("undo");
      const repeat = await execute(server, "create-index", input, { repeated: true });
      expect(repeat).toMatchObject({ status: "not-verified" });
      expect(repeat).not.toHaveProperty("undo");
      expect((await execute(server, "create-index", input)).refusal?.guard).toBe("name-taken");
    },
  );

  it("A13 A40 is neither hidden nor shown where the order does not say what it was", async () => {
    for (const visible of [false, true]) {
      const unsaid = { schema: "app", table: "quick", name: "on_it", visible };
      const outcome = await execute(server, "hide-index", unsaid);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "nothing-to-compare" } });
      expect(outcome.refusal?.reason).toContain(
        "Index on_it is (`v`) USING HASH now, and the order does not",
      );
    }
  });

  it.each(kinds)(
    "A13 A40 is not hidden in place of the one that was judged on %s (%s)",
    async (table, column, _kind, _using, shown) => {
      const index = { schema: "app", table, name: "on_it", visible: false };
      const tree = { unique: false, definition: `(\`${column}\`)` };
      const outcome = await execute(server, "hide-index", { ...index, was: tree });
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "changed-since" } });
      expect(outcome.refusal?.reason).toContain(`is ${shown} now`);
      const same = await execute(server, "hide-index", {
        ...index,
        was: { unique: false, definition: shown },
      });
      expect(same).toMatchObject({ status: "done", undo: { input: { visible: true } } });
      expect(await execute(server, "hide-index", same.undo?.input ?? null)).toMatchObject({ status: "done" });
    },
  );
}
