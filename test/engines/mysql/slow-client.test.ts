import { connect, type Socket } from "node:net";
import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import type { SessionTarget } from "../../../functions/core/actions/signals/session-target.ts";
import { mysqlWaitProfile } from "../../../functions/core/probes/mysql/wait-profile.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { labPasswords } from "../../lab/engines/lab-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { actorStatements, execute, seen, targetIn } from "../actions/support.ts";
import { openProbeSession } from "./performance-support.ts";
import { products, type Server, send, targetOf, waitFor } from "./support.ts";

const talk = /^(sending to client|writing to net)/i;

for (const { engine, availability, start } of products) {
  describeEngine(`a client of ${engine} that does not read its rows`, availability, () => {
    let server: Server;
    let admin: Connection;
    let client: Connection;
    let socket: Socket;
    let target: SessionTarget;

    beforeAll(async () => {
      server = await start({ maxConnections: 60 });
      await createLabUsers(server);
      admin = await openSession(server, { user: "rdsadmin" });
      for (const sql of actorStatements(server.engine)) await admin.query(sql);
      await admin.query("CREATE TABLE app.big (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(1000))");
      const rows = Array.from({ length: 1000 }, () => "(REPEAT('x', 900))").join(", ");
      for (let part = 0; part < 20; part += 1) await admin.query(`INSERT INTO app.big (v) VALUES ${rows}`);
      socket = connect(server.port, "127.0.0.1");
      client = await createConnection({ user: "shop", password: labPasswords.shop, stream: socket });
      client.on("error", () => undefined);
      send(client, "SELECT * FROM app.big");
      socket.pause();
      await waitFor(
        async () => talk.test((await seen(server, client.threadId))?.waitEvent ?? ""),
        "it waits for its client",
      );
      target = await targetIn(server, client.threadId, "active");
    });
    afterAll(async () => {
      client?.destroy();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });

    it("P28 is no load on the CPU", async () => {
      const session = await openProbeSession(server, admin);
      const context = { target: targetOf(server), server: session.server, settings: defaultSettings };
      const [result] = await runProbes(session, [mysqlWaitProfile], context, createSystemClock());
      await session.close();
      const [profile] = z.array(mysqlWaitProfile.row).parse(result?.rows);
      expect(profile?.waits.filter(({ kind }) => kind !== "client")).toEqual([]);
      expect(profile?.waits[0]?.averageSessions).toBe(1);
    });

    it("D11 is cancelled by nobody unasked, also where an older look took it for a statement at work", async () => {
      const older = { ...target, waitEvent: "executing" };
      for (const action of ["cancel-query", "terminate-session"] as const) {
        const outcome = await execute(server, action, older, { guards: { unasked: true } });
        expect(outcome).toMatchObject({ status: "refused", killed: [] });
      }
      expect(await execute(server, "cancel-query", older, { guards: { unasked: true } })).toMatchObject({
        refusal: { guard: "never-alone" },
      });
      expect((await execute(server, "terminate-session", older)).status).toBe("done");
    });
  });
}
