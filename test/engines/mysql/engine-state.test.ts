import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlEngineState } from "../../../functions/core/probes/mysql/engine-state/engine-state.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll } from "../../lab/engines/sql.ts";
import { oneRow, openProbeSession } from "./performance-support.ts";
import { openAdmin, products, type Server } from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`the redo log of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;

    beforeAll(async () => {
      server = await start({ maxConnections: 40 });
      admin = await openAdmin(server);
      session = await openProbeSession(server, admin);
      await admin.query("CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, pad varchar(2000))");
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });

    it("P28 counts what is written between two looks, against what may be", async () => {
      const idle = await oneRow(session, server, mysqlEngineState);
      const busy = await oneRow(session, server, mysqlEngineState, () =>
        admin.query(
          "INSERT INTO notes (pad) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT REPEAT('x', 1900) FROM n",
        ),
      );
      const written = ({ redo, intervalSeconds }: typeof busy) =>
        (redo?.writtenPerSecond ?? 0) * intervalSeconds;
      expect(written(busy)).toBeGreaterThan(900 * 1900);
      expect(written(idle)).toBeLessThan(900 * 1900);
      const [first, second] = busy.redo?.ageBytes ?? [];
      expect(first).toBeGreaterThanOrEqual(0);
      expect(second).toBeLessThanOrEqual(busy.redo?.capacityBytes ?? 0);
    });

    it("A6 names the parameter that sets the log's size, which can be set while it runs", async () => {
      const { redo } = await oneRow(session, server, mysqlEngineState);
      const { parameter, parameterBytes } = redo ?? { parameter: "", parameterBytes: 0 };
      await admin.query(`SET GLOBAL ${parameter} = ${2 * parameterBytes}`);
      const after = await oneRow(session, server, mysqlEngineState);
      expect(after.redo?.parameterBytes).toBe(2 * parameterBytes);
    });
  });
}
