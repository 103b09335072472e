import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { mysqlDoor } from "../../../functions/core/failover/door/mysql-door.ts";
import { postgresDoor } from "../../../functions/core/failover/door/postgres-door.ts";
import { grantScript } from "../../../functions/core/grants/grant-script.ts";
import { postgresAvailability } from "../../lab/engines/available.ts";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { createLabUsers } from "../../lab/engines/sql.ts";
import { products } from "../mysql/support.ts";
import { doorAt, users } from "./door-support.ts";

/** The application of this database signs in by a user that the responder has for another group. */
const strangers = { "billing-db": { actUser: "shop" } };
const proved = { writable: false, fenced: true, clients: 0 };

for (const { engine, availability, start } of products) {
  const name = `the door of ${engine}${availability.ok ? "" : ` NOT TRIED: ${availability.reason}`}`;
  describe.skipIf(!availability.ok)(name, () => {
    it("F5 locks, ends and counts the user of another group's entry", async () => {
      const server = await start({});
      try {
        await createLabUsers(server);
        const script = await createConnection({ uri: server.masterUrl, multipleStatements: true });
        for (const role of ["probe", "act"] as const) {
          await script.query(grantScript({ engine, role, auth: "password", flavour: "rds", failover: true }));
        }
        await script.end();
        const { look, turn } = doorAt(engine, mysqlDoor, users.act, users.probe, strangers);
        const shop = await createConnection(labUrl(engine, server.port, "shop"));
        shop.on("error", () => undefined);
        expect((await look(server)).clients).toBe(1);
        expect(await turn(server, "fence")).toEqual({ is: "done", says: null });
        expect(await look(server)).toMatchObject(proved);
        await expect(shop.query("SELECT 1")).rejects.toThrow();
        await expect(createConnection(labUrl(engine, server.port, "shop"))).rejects.toThrow(/locked/i);
      } finally {
        await server.stopNow();
      }
    });
  });
}

const { ok, reason } = await postgresAvailability(17);
describe.skipIf(!ok)(`the door of PostgreSQL${ok ? "" : ` NOT TRIED: ${reason}`}`, () => {
  it("F5 ends and counts the user of another group's entry", async () => {
    const server = await startPostgres({ major: 17 });
    try {
      await createLabUsers(server);
      const admin = new Client({ connectionString: server.adminUrl });
      await admin.connect();
      await admin.query("alter database postgres owner to admin");
      await admin.end();
      const master = new Client({ connectionString: server.masterUrl });
      await master.connect();
      await master.query(grantScript({ engine: "postgres", role: "probe", auth: "password" }));
      await master.query(grantScript({ engine: "postgres", role: "act", auth: "password", failover: true }));
      await master.end();
      const { look, turn } = doorAt("postgres", postgresDoor, users.act, users.probe, strangers);
      const shop = new Client({ connectionString: labUrl("postgres", server.port, "shop", "app") });
      shop.on("error", () => undefined);
      await shop.connect();
      expect((await look(server)).clients).toBe(1);
      expect(await turn(server, "fence")).toEqual({ is: "done", says: null });
      expect(await look(server)).toMatchObject(proved);
      await expect(shop.query("select 1")).rejects.toThrow();
    } finally {
      await server.stopNow();
    }
  });
});
