import { connect as connectSocket } from "node:net";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { mysqlInnodbRates } from "../../../functions/core/probes/mysql/innodb-rates.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, waitUntil } from "../../lab/engines/sql.ts";
import { oneRow, openProbeSession, openSessionWith, times } from "./performance-support.ts";
import { connect, openAdmin, products, type Server, targetOf } from "./support.ts";

/** As a load balancer: the greeting is read, and nobody signs in. */
function knock({ port }: Server): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, "127.0.0.1");
    socket.once("data", () => socket.destroy());
    socket.once("error", () => socket.destroy());
    socket.once("close", () => resolve());
  });
}

async function signInAsNobody(server: Server): Promise<void> {
  const credentials = async () => ({ user: "nobody_here", password: "wrong", iam: false });
  const result = await connect(targetOf(server, { database: null }), {}, { credentials });
  expect(result.kind).not.toBe("connected");
}

for (const { engine, availability, start } of products) {
  describeEngine(`sign-ins of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;

    beforeAll(async () => {
      server = await start({ maxConnections: 40 });
      admin = await openAdmin(server);
      session = await openProbeSession(server, admin);
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });

    const abortedSoFar = async () => {
      const [rows] = await admin.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Aborted_connects'");
      return Number(rows[0]?.["Value"]);
    };
    const counts = async (looking: SqlSession) => {
      const row = await oneRow(looking, server, mysqlInnodbRates, async () => {
        const had = await abortedSoFar();
        await times(6, () => knock(server));
        await times(2, () => signInAsNobody(server));
        // The server counts them when it notices, which is after the client has gone.
        await waitUntil(async () => (await abortedSoFar()) >= had + 8, { what: "all eight are counted" });
      });
      const { intervalSeconds, abortedConnectsPerSecond, abortedBeforeSignInPerSecond, named = {} } = row;
      const count = (rate: number | null) => (rate === null ? null : Math.round(rate * intervalSeconds));
      const denied = named["1045 ER_ACCESS_DENIED_ERROR"] ?? named["Access_denied_errors"] ?? null;
      return {
        aborted: count(abortedConnectsPerSecond),
        before: count(abortedBeforeSignInPerSecond),
        denied: count(denied),
      };
    };

    it("P28 tells who left before a sign-in from who was refused one", async () => {
      const { aborted, before, denied } = await counts(session);
      expect({ before, denied }).toEqual({ before: 6, denied: 2 });
      expect(aborted).toBeGreaterThanOrEqual(8);
    });

    it("P28 counts both together for who may not read the server's errors, and says so by null", async () => {
      const blind = await openSessionWith(server, admin, "blind", []);
      const { aborted, before, denied } = await counts(blind);
      expect(aborted).toBeGreaterThanOrEqual(8);
      expect({ before, denied }).toEqual(
        engine === "mariadb" ? { before: 6, denied: 2 } : { before: null, denied: null },
      );
      await blind.close();
    });
  });
}
