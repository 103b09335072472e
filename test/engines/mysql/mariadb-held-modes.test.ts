import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { LockForest } from "../../../functions/core/contract/locks.ts";
import { viewOf } from "../../../functions/core/facts/view.ts";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlMetadataLocks } from "../../../functions/core/probes/mysql/metadata-locks.ts";
import { blockedByRunningQuery } from "../../../functions/core/rules/locks/blocked-by-running-query.ts";
import { ddlLockQueue } from "../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { explicitLockHeld } from "../../../functions/core/rules/locks/explicit-lock-held.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSession, openSessions } from "../../lab/engines/sql.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import {
  connected,
  countOf,
  forestOf,
  killAllBut,
  openAdmin,
  pendingMetadataLocks,
  products,
  type Server,
  send,
  targetOf,
  waitFor,
} from "./support.ts";

for (const { engine, availability, start } of products.filter((product) => product.engine === "mariadb")) {
  describeEngine(`locks that ${engine} raised since they were asked for`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;
    let opened: Connection[] = [];

    beforeAll(async () => {
      server = await start({ maxConnections: 60 });
      admin = await openAdmin(server);
      await admin.query("CREATE TABLE orders (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(300))");
      await admin.query("INSERT INTO orders (v) SELECT REPEAT('x', 200) FROM seq_1_to_300000");
      session = await connected(targetOf(server));
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });
    afterEach(async () => {
      await killAllBut(admin, [session.server.backendId]);
      await closeAll(opened);
    });

    async function open(count: number): Promise<Connection[]> {
      opened = [...(await openSessions(server, count)), await openSession(server, { user: "rdsadmin" })];
      return opened;
    }

    const pending = (count: number): Promise<boolean> =>
      waitFor(
        async () => (await countOf(admin, pendingMetadataLocks)) === count,
        `${count} metadata locks are pending`,
      );
    const viewWith = (forest: LockForest) =>
      viewOf(someEvidence({ engine, forests: [forest] }), defaultSettings.thresholds);

    it("D4 names an ALTER that copies the table for the writers that hang, and no TRUNCATE behind it", async () => {
      const [alter, truncate, ...writers] = await open(5);
      send(alter, "ALTER TABLE orders ADD COLUMN a INT, ADD INDEX (v), ADD INDEX (v, id), ALGORITHM=COPY");
      await waitFor(
        async () =>
          (await countOf(
            admin,
            "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE STATE LIKE 'copy to tmp%'",
          )) === 1,
        "the ALTER copies",
      );
      send(truncate, "TRUNCATE TABLE orders");
      await pending(1);
      for (const [index, writer] of writers.entries())
        send(writer, `UPDATE orders SET v = 'z' WHERE id = ${index + 1}`);
      await pending(1 + writers.length);
      const view = viewWith(await forestOf(session, server, mysqlMetadataLocks));
      expect(blockedByRunningQuery.evaluate(view)).toEqual([
        expect.objectContaining({
          subject: `session:${alter?.threadId}`,
          summary: expect.stringContaining(`blocks ${1 + writers.length} sessions`),
          actions: expect.not.arrayContaining([expect.objectContaining({ causes: expect.anything() })]),
        }),
      ]);
      expect(ddlLockQueue.evaluate(view)).toEqual([]);
    });

    it.each([["FLUSH TABLES WITH READ LOCK"], ["BACKUP STAGE START", "BACKUP STAGE BLOCK_COMMIT"]])(
      "D4 names %s for the commits that hang",
      async (...statements) => {
        const sessions = await open(3);
        const script = sessions.at(-1);
        const writers = sessions.slice(0, -1);
        for (const [index, writer] of writers.entries()) {
          await writer.query("BEGIN");
          await writer.query(`UPDATE orders SET v = 'z' WHERE id = ${index + 1}`);
        }
        for (const statement of statements) await script?.query(statement);
        for (const writer of writers) send(writer, "COMMIT");
        await pending(writers.length);
        const view = viewWith(await forestOf(session, server, mysqlMetadataLocks));
        const found = explicitLockHeld.evaluate(view);
        expect(found.map(({ summary }) => summary)).toEqual([
          expect.stringContaining(`blocks ${writers.length} sessions`),
        ]);
        expect(found.flatMap(({ actions }) => actions).some(({ causes }) => causes !== undefined)).toBe(
          false,
        );
      },
    );
  });
}
