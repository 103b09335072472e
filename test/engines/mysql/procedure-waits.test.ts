import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlMetadataLocks } from "../../../functions/core/probes/mysql/metadata-locks.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSessions } from "../../lab/engines/sql.ts";
import {
  connected,
  countOf,
  forestOf,
  openAdmin,
  pendingMetadataLocks,
  products,
  type Server,
  send,
  targetOf,
  waitFor,
} from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`waits of procedures of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;
    let opened: Connection[] = [];

    beforeAll(async () => {
      server = await start({ maxConnections: 60 });
      admin = await openAdmin(server);
      await admin.query("CREATE TABLE orders (id INT)");
      await admin.query("CREATE PROCEDURE job() BEGIN DO SLEEP(3); SELECT COUNT(*) FROM orders; END");
      session = await connected(targetOf(server));
      opened = await openSessions(server, 3);
    });
    afterAll(async () => {
      for (const { threadId } of opened) await admin.query(`KILL ${threadId}`);
      await session?.close();
      await closeAll([...opened, ...(admin ? [admin] : [])]);
      await server?.stop();
    });

    it("P25 takes no time in which a CALL worked before for its wait", async () => {
      const [holder, caller, changer] = opened;
      await holder?.query("BEGIN");
      await holder?.query("SELECT * FROM orders");
      send(changer, "TRUNCATE TABLE orders");
      await waitFor(async () => (await countOf(admin, pendingMetadataLocks)) === 1, "the TRUNCATE waits");
      send(caller, "CALL job()");
      await waitFor(async () => (await countOf(admin, pendingMetadataLocks)) === 2, "the CALL waits");
      const { nodes } = await forestOf(session, server, mysqlMetadataLocks);
      const nodeOf = (id: number | undefined) => nodes.find(({ key }) => key === `session:${id}`);
      const [call, truncate] = [nodeOf(caller?.threadId), nodeOf(changer?.threadId)];
      expect(call?.session?.statementSeconds).toBeGreaterThan(2.9);
      expect(call?.waitsFor?.waitSeconds).toBeLessThan(2);
      expect(truncate?.waitsFor?.waitSeconds).toBe(truncate?.session?.statementSeconds);
    });
  });
}
