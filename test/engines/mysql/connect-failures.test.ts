import { readFileSync } from "node:fs";
import { createServer, type Server as TcpServer } from "node:net";
import { join } from "node:path";
import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { ConnectResult } from "../../../functions/core/ports.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSessions } from "../../lab/engines/sql.ts";
import {
  connect,
  countOf,
  killAllBut,
  openAdmin,
  products,
  type Server,
  targetOf,
  waitFor,
} from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`not reaching ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    let silent: TcpServer;

    beforeAll(async () => {
      server = await start({ maxConnections: 12 });
      admin = await openAdmin(server);
      silent = createServer();
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    });
    afterAll(async () => {
      await closeAll(admin ? [admin] : []);
      await new Promise((resolve) => silent.close(resolve));
      await server?.stop();
    });
    afterEach(() => killAllBut(admin, []));

    const failure = (result: ConnectResult) =>
      result.kind === "connected" ? "connected" : result.connection.failedStep;

    it("P1 tells a refused port, a silent server and an unknown host apart", async () => {
      const address = silent.address();
      const port = typeof address === "object" && address ? address.port : 0;
      const closed = createServer();
      await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
      const free = closed.address();
      await new Promise((resolve) => closed.close(resolve));
      const freePort = typeof free === "object" && free ? free.port : 0;
      expect(failure(await connect(targetOf(server, { port: freePort })))).toBe("tcp");
      expect(failure(await connect(targetOf(server, { port }), { connectTimeoutMs: 300 }))).toBe("handshake");
      expect(failure(await connect(targetOf(server, { host: "no-such-host.invalid" })))).toBe(
        "name-resolution",
      );
    });

    it("P1 tells a wrong password and a missing database, without telling the password", async () => {
      const login = { user: "admin", password: "quite-wrong-secret", iam: false };
      const wrong = await connect(targetOf(server), {}, { credentials: async () => login });
      expect(wrong.connection).toMatchObject({ status: "not-connected", failedStep: "sign-in" });
      expect(wrong.connection.detail).toContain("admin");
      expect(JSON.stringify(wrong)).not.toContain("quite-wrong-secret");
      expect(failure(await connect(targetOf(server, { database: "nowhere" })))).toBe("sign-in");
      const none = await connect(
        targetOf(server),
        {},
        { credentials: () => Promise.reject(new Error("no secret")) },
      );
      expect(none.connection).toMatchObject({ failedStep: "sign-in", detail: "no credentials: no secret" });
    });

    it("P1 says so when every slot is taken, also to the master user", async () => {
      const opened = await openSessions(server, 10);
      const more = await openSessions(server, 1).catch(() => []);
      await waitFor(
        async () =>
          (await countOf(
            admin,
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER IN ('admin', 'rdsadmin')",
          )) >= 12,
        "every slot is taken",
      );
      const result = await connect(targetOf(server));
      expect(result.connection).toMatchObject({ failedStep: "no-free-slot", detail: "Too many connections" });
      await closeAll([...opened, ...more]);
    });

    it("P1 does not blame the password alone where the server may require TLS", async () => {
      const tlsFirst = (value: "ON" | "OFF") => admin.query(`SET GLOBAL require_secure_transport = ${value}`);
      await tlsFirst("ON");
      try {
        const { connection } = await connect(targetOf(server));
        expect(connection).toMatchObject({
          failedStep: engine === "mysql" ? "tls" : "sign-in",
          pointsTo: expect.stringMatching(
            /TLS.* \(require_secure_transport\), (which is|and TLS is) off here/,
          ),
        });
      } finally {
        await tlsFirst("OFF");
      }
    });

    it("P0 does not trust a certificate that nobody vouches for, nor send an IAM token without TLS", async () => {
      const verified = await connect(targetOf(server), {}, { tls: { mode: "verify" } });
      expect(failure(verified)).toBe("tls");
      expect(verified.connection.pointsTo).toMatch(/an authority that is not known here|offers no TLS/);
      const login = { user: "admin", password: "token", iam: true };
      const plain = await connect(targetOf(server), {}, { credentials: async () => login });
      expect(plain.connection).toMatchObject({ failedStep: "tls" });
    });

    it.runIf(engine === "mysql")(
      "P0 takes no trusted certificate of another host for the server's",
      async () => {
        const ca = readFileSync(join(server.dataDir, "ca.pem"), "utf8");
        const result = await connect(targetOf(server), {}, { tls: { mode: "verify", ca } });
        expect(result.connection).toMatchObject({
          failedStep: "tls",
          detail: expect.stringMatching(/altnames|match/),
          pointsTo: expect.stringContaining("another name than the one connected to"),
        });
      },
    );
  });
}
