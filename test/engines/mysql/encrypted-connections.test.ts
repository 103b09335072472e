import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { encryptedConnectionsRowSchema } from "../../../functions/core/probes/encrypted-connections-rows.ts";
import { mysqlEncryptedConnections } from "../../../functions/core/probes/mysql/encrypted-connections.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll } from "../../lab/engines/sql.ts";
import { openProbeSession } from "./performance-support.ts";
import { openAdmin, products, type Server, systemClock, targetOf } from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`who is connected without TLS on ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;
    const open: Connection[] = [];

    beforeAll(async () => {
      server = await start({ maxConnections: 40 });
      admin = await openAdmin(server);
      session = await openProbeSession(server, admin);
      await admin.query("CREATE USER bare IDENTIFIED BY 'bare-1', safe IDENTIFIED BY 'safe-1'");
    });
    afterAll(async () => {
      await session?.close();
      await closeAll([...open, ...(admin ? [admin] : [])]);
      await server?.stop();
    });

    const signIn = async (user: string, ssl: boolean) => {
      const login = { host: "127.0.0.1", port: server.port, user, password: `${user}-1` };
      open.push(await createConnection({ ...login, ...(ssl ? { ssl: { rejectUnauthorized: false } } : {}) }));
    };

    it("P32 counts them by user, with the grants that are shipped", async () => {
      await signIn("bare", false);
      await signIn("bare", false);
      // MariaDB 10.11 makes no certificate of its own.
      if (engine === "mysql") await signIn("safe", true);
      const context = { target: targetOf(server), server: session.server, settings: defaultSettings };
      const [result] = await runProbes(session, [mysqlEncryptedConnections], context, systemClock);
      expect(result?.reason).toBeNull();
      const rows = (result?.rows ?? []).map((row) => encryptedConnectionsRowSchema.parse(row));
      expect(rows[0]).toMatchObject({ user: "bare", plain: 2, encrypted: 0 });
      const safe = rows.find(({ user }) => user === "safe");
      expect(safe?.encrypted).toBe(engine === "mysql" ? 1 : undefined);
    });
  });
}
