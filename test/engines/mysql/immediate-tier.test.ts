import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { lockForestSchema } from "../../../functions/core/contract/locks.ts";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { probes } from "../../../functions/core/probes/index.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSessions } from "../../lab/engines/sql.ts";
import {
  connected,
  countOf,
  killAllBut,
  openAdmin,
  products,
  rowLocksOf,
  type Server,
  send,
  systemClock,
  targetOf,
  waitFor,
  waitingTransactions,
} from "./support.ts";

const immediate = probes.filter(({ tier }) => tier === "immediate");
/** Of SPEC's promise that a first look is cheap. */
const mostStatements = 13;

for (const { engine, availability, start } of products) {
  describeEngine(`the immediate tier of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;

    beforeAll(async () => {
      server = await start({ maxConnections: 120 });
      admin = await openAdmin(server);
      await admin.query("CREATE TABLE orders (id INT PRIMARY KEY, state INT NOT NULL) ENGINE = InnoDB");
      await admin.query("INSERT INTO orders VALUES (1, 1), (2, 2)");
      session = await connected(targetOf(server));
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });
    afterEach(() => killAllBut(admin, [session.server.backendId]));

    /** The server's own count of what this connection has sent. */
    async function questions(): Promise<number> {
      const [row] = await session.query({ sql: "SHOW SESSION STATUS LIKE 'Questions'" });
      return Number(row?.["Value"]);
    }

    async function look() {
      const before = await questions();
      const context = { target: targetOf(server), server: session.server, settings: defaultSettings };
      const results = await runProbes(session, immediate, context, systemClock);
      const sent = (await questions()) - before - 1;
      return { results, sent, claimed: results.reduce((sum, { statements }) => sum + statements, 0) };
    }

    const xaLeft = "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = 0";

    it("Q2 sends at most 13 statements in an incident, and claims just those", async () => {
      const sessions = await openSessions(server, 30);
      const [holder, prepared, ...others] = sessions;
      await holder?.query("BEGIN");
      await holder?.query("UPDATE orders SET state = 3 WHERE id = 1");
      for (const sql of ["XA START 'x'", "UPDATE orders SET state = 4 WHERE id = 2", "XA END 'x'"])
        await prepared?.query(sql);
      await prepared?.query("XA PREPARE 'x'");
      prepared?.destroy();
      await waitFor(async () => (await countOf(admin, xaLeft)) === 1, "the XA transaction is left alone");
      for (const [index, other] of others.entries())
        send(other, `UPDATE orders SET state = 5 WHERE id = ${1 + (index % 2)}`);
      await waitFor(
        async () => (await countOf(admin, waitingTransactions)) === others.length,
        "all the others wait",
      );
      const { results, sent, claimed } = await look();
      await admin.query("XA ROLLBACK 'x'");
      await closeAll(sessions);

      // MariaDB keeps to itself what it follows from whoever may end sessions only.
      const locks = results.filter(({ id }) => id !== "mariadb-replication");
      expect(locks.map(({ id, status, reason }) => [id, status, reason])).toEqual(
        locks.map(({ id }) => [id, "ok", null]),
      );
      const forest = lockForestSchema.parse(results.find(({ id }) => id === rowLocksOf(server).id)?.rows[0]);
      expect(forest).toMatchObject({ waiters: others.length, lockRows: others.length + 2 });
      expect(
        forest.nodes.filter(({ parent }) => parent === null).map(({ blocksTotal }) => blocksTotal),
      ).toEqual([14, 14]);
      expect(claimed).toBe(sent);
      expect(sent).toBeLessThanOrEqual(mostStatements);
    });

    it("Q2 sends fewer when nobody waits", async () => {
      const { sent, claimed } = await look();
      expect(claimed).toBe(sent);
      expect(sent).toBeLessThanOrEqual(mostStatements - 2);
    });
  });
}
