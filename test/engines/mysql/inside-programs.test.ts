import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { costsOf } from "../../../functions/core/remedies/costs.ts";
import { cancelStatement, endSession } from "../../../functions/core/remedies/remedies.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { aView } from "../../support/evidence-builder.ts";
import { actorStatements, seen } from "../actions/support.ts";
import { openAdmin, products, type Server } from "./support.ts";

const relief = { frees: 9, longestWaitSeconds: 60, also: [] };

/** What a procedure or an event has committed stays when it is ended, and its later steps do not come. */
for (const { engine, availability, start } of products) {
  describeEngine(`Statements inside programs of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    const open: Connection[] = [];
    const view = aView({ engine });

    beforeAll(async () => {
      server = await start({ maxConnections: 60 });
      admin = await openAdmin(server);
      await createLabUsers(server);
      for (const sql of actorStatements(server.engine)) await admin.query(sql);
      await admin.query("CREATE TABLE app.acc (id INT PRIMARY KEY, v INT) ENGINE = InnoDB");
      await admin.query("INSERT INTO app.acc VALUES (1, 0), (2, 0)");
      await admin.query("CREATE TABLE app.large (v INT) ENGINE = InnoDB");
      await admin.query("INSERT INTO app.large VALUES (1), (2), (3), (4)");
      for (let doubling = 0; doubling < 9; doubling += 1)
        await admin.query("INSERT INTO app.large SELECT v + 1 FROM app.large");
      await admin.query(
        "CREATE PROCEDURE app.book() BEGIN UPDATE app.acc SET v = v - 100 WHERE id = 1; UPDATE app.acc SET v = v + 100 WHERE id = 2 AND SLEEP(20) = 0; END",
      );
      await admin.query("GRANT EXECUTE ON app.* TO shop@'%'");
    });
    afterEach(async () => {
      await closeAll(open.splice(0));
    });
    afterAll(async () => {
      await admin?.end();
      await server?.stopNow();
    });

    async function running(sql: string): Promise<Session> {
      const client = await openSession(server, { user: "shop", applicationName: "billing" });
      open.push(client);
      client.query(sql).catch(() => undefined);
      return atWork(client.threadId);
    }

    async function atWork(id: number): Promise<Session> {
      let found: Session | null = null;
      const isThere = async () => {
        found = await seen(server, id);
        return found !== null && found.state === "active" && /sleep|call|large/i.test(found.query ?? "");
      };
      await waitUntil(isThere, { what: `session ${id} is at work`, everyMs: 120 });
      if (found === null) throw new Error("unreachable");
      return found;
    }

    it("D11 knows no bound for what a CALL leaves half done", async () => {
      const session = await running("CALL app.book()");
      expect(session.sentByClient).toBeUndefined();
      if (engine === "mysql") expect(session.query).toMatch(/^call app\.book/i);
      expect(costsOf(view, session)).toBeUndefined();
      for (const propose of [cancelStatement, endSession]) {
        expect(propose(view, session, relief).every(({ costs }) => costs === undefined)).toBe(true);
      }
    });

    it("A2 knows what its client sent itself, where statements are recorded, and no bound for what runs", async () => {
      const session = await running(
        "SELECT COUNT(*) FROM app.large a, app.large b, app.large c WHERE a.v < b.v + c.v",
      );
      const recorded = engine === "mysql";
      expect(session.sentByClient).toBe(recorded ? true : undefined);
      expect(costsOf(view, session)).toBeUndefined();
    });

    it("A40 takes a job of the event scheduler for what it is, and proposes nothing for it", async () => {
      await admin.query("SET GLOBAL event_scheduler = ON");
      await admin.query("CREATE EVENT app.nightly ON SCHEDULE AT NOW() DO SELECT SLEEP(20) INTO @done");
      const id = await waitUntil(
        async () => {
          const [rows] = await admin.query(
            "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE COMMAND = 'Connect' AND INFO LIKE '%SLEEP(20)%'",
          );
          const [row] = Array.isArray(rows) ? rows : [];
          return row !== undefined && "id" in row ? Number(row["id"]) : null;
        },
        { what: "the event runs" },
      );
      const session = await seen(server, id);
      if (session === null) throw new Error("the event is over");
      expect(session).toMatchObject({ kind: "event", state: "active" });
      expect([...cancelStatement(view, session, relief), ...endSession(view, session, relief)]).toEqual([]);
      await admin.query(`KILL ${id}`);
    });
  });
}
