import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll } from "../../lab/engines/sql.ts";
import {
  connect,
  connected,
  countOf,
  killAllBut,
  openAdmin,
  products,
  type Server,
  targetOf,
  waitFor,
} from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`connecting to ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;

    beforeAll(async () => {
      server = await start({ maxConnections: 12 });
      admin = await openAdmin(server);
    });
    afterAll(async () => {
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });
    afterEach(() => killAllBut(admin, []));

    const running = (text: string): Promise<number> =>
      countOf(
        admin,
        `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE '%${text}%' AND ID <> CONNECTION_ID()`,
      );

    it("P0 says which engine and version answered, whatever the target claims", async () => {
      const other = engine === "mysql" ? "mariadb" : "mysql";
      const session = await connected(targetOf(server, { engine: other }));
      expect(session.server).toMatchObject({ engine, major: Number(/^\d+\.\d+/.exec(server.version)?.[0]) });
      const [row] = await session.query({
        sql: "SELECT CONNECTION_ID() AS id, ? AS given",
        params: ["it's"],
      });
      expect(row).toEqual({ id: session.server.backendId, given: "it's" });
      await session.close();
    });

    it("P0 sets limits, time zone and the program name", async () => {
      const session = await connected(targetOf(server));
      const [row] = await session.query({
        sql: `SELECT @@lock_wait_timeout AS l, @@innodb_lock_wait_timeout AS i, @@time_zone AS z, @@autocommit AS a,
          ${engine === "mysql" ? "@@max_execution_time / 1000" : "@@max_statement_time"} AS s`,
      });
      expect(row).toEqual({ l: 1, i: 1, z: "+00:00", a: 1, s: 2 });
      const names = await countOf(
        admin,
        `SELECT COUNT(*) FROM performance_schema.session_connect_attrs
          WHERE PROCESSLIST_ID = ${session.server.backendId} AND ATTR_VALUE = 'rds-responder'`,
      );
      expect(names).toBe(1);
      await session.close();
    });

    it("P0 makes a probe session read-only and an acting one not", async () => {
      const probe = await connected(targetOf(server));
      const sql = "CREATE TABLE IF NOT EXISTS app.written (id INT)";
      await expect(probe.query({ sql })).rejects.toMatchObject({ name: "SqlError", kind: "read-only" });
      const acting = await connected(targetOf(server), { purpose: "act" });
      await expect(acting.query({ sql })).resolves.toEqual([]);
      await Promise.all([probe.close(), acting.close()]);
    });

    it("P0 ends a statement on the server when it outlives its limit, and limit() changes it", async () => {
      const session = await connected(targetOf(server));
      await session.limit(200);
      // A SLEEP that is cut short answers 1 on MySQL and is an error on MariaDB; a cross join is an error on both.
      // Not the same join on MariaDB: its 10.11 was seen to crash when such a read of its catalog was cut short.
      const sql =
        engine === "mysql"
          ? "SELECT COUNT(*) AS endless_one FROM information_schema.COLUMNS a, information_schema.COLUMNS b, information_schema.COLUMNS c"
          : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT COUNT(*) AS endless_one FROM n a, n b, n c, n d";
      await expect(session.query({ sql })).rejects.toMatchObject({ kind: "timeout" });
      expect(await running("endless_one")).toBe(0);
      const sleeping = session.query({ sql: "SELECT SLEEP(30) AS cut" }).catch((error: unknown) => error);
      expect(JSON.stringify(await sleeping)).toMatch(engine === "mysql" ? /"cut":1/ : /timeout/);
      expect(await session.query({ sql: "SELECT 1 AS one" })).toEqual([{ one: 1 }]);
      await session.close();
    });

    it("P0 leaves nothing running when the caller gives up on a statement without a server-side limit", async () => {
      const session = await connected(targetOf(server), { statementTimeoutMs: 60_000, purpose: "act" });
      const controller = new AbortController();
      // DO has no limit on MySQL, and unlike SLEEP nothing in here notices that the client has gone.
      const sql = "DO BENCHMARK(100000000000, CRC32('left alone'))";
      const asked = session.query({ sql }, controller.signal).catch((error: unknown) => error);
      await waitFor(async () => (await running("left alone")) === 1, "the statement runs");
      controller.abort();
      expect(await asked).toMatchObject({ name: "SqlError", kind: "timeout" });
      await session.close();
      await waitFor(async () => (await running("left alone")) === 0, "the statement is gone");
      await expect(session.query({ sql: "SELECT 1" })).rejects.toMatchObject({ kind: "connection-lost" });
    });

    it("P0 maps what the server refuses", async () => {
      const session = await connected(targetOf(server), { purpose: "act" });
      const kindOf = (sql: string) =>
        session.query({ sql }).then(
          () => "answered",
          (error: { kind?: string; code?: string }) => `${error.kind} ${error.code}`,
        );
      expect(await kindOf("SELECT * FROM app.nothing")).toBe("missing-object ER_NO_SUCH_TABLE");
      expect(await kindOf("SELECT nothing FROM DUAL")).toBe("missing-object ER_BAD_FIELD_ERROR");
      expect(await kindOf("SELECT @@nothing")).toBe("missing-object ER_UNKNOWN_SYSTEM_VARIABLE");
      expect(await kindOf("SET GLOBAL max_connections = 100")).toMatch(/^permission ER_/);
      expect(await kindOf("KILL 4000000000")).toBe("no-such-session ER_NO_SUCH_THREAD");
      expect(await kindOf("SELEC")).toBe("other ER_PARSE_ERROR");
      await session.close();
    });

    it("P0 says connection-lost after its connection was killed", async () => {
      const session = await connected(targetOf(server));
      await admin.query(`KILL ${session.server.backendId}`);
      const answer = await session.query({ sql: "SELECT 1" }).catch((error: unknown) => error);
      expect(answer).toMatchObject({ name: "SqlError", kind: "connection-lost" });
      await session.close();
    });

    it("P0 gives up when the caller does", async () => {
      const controller = new AbortController();
      controller.abort();
      const result = await connect(targetOf(server), {}, {}, controller.signal);
      expect(result.kind).toBe("not-connected");
    });
  });
}
