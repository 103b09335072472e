import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The database has a connection limit of its own from when it was a restored copy, its services' pools have come up to it, and the server has room for many more",
  majors: [14],
  server: { maxConnections: 120 },
  make: async (stage) => {
    const superuser = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "set-up" });
    await superuser.query("ALTER DATABASE app CONNECTION LIMIT 34");
    await closeAll([superuser]);
    await ordinaryWork(stage, 3);
    const services = ["tariffs-api", "quotes-api", "policies-api", "claims-api"];
    const pools = [];
    for (const service of services) pools.push({ service, pool: await stage.pgSessions(7, service) });
    await pools[0]?.pool[0]?.query(
      "CREATE TABLE policies (id int PRIMARY KEY, holder int NOT NULL, premium int NOT NULL)",
    );
    await pools[0]?.pool[0]?.query(
      "INSERT INTO policies SELECT n, n % 400, 20 + n % 90 FROM generate_series(1, 5000) n",
    );
    for (const { pool } of pools)
      await keepRunning(stage, pool, 14, async (client, turn) => {
        await client.query("SELECT premium FROM policies WHERE id = $1", [1 + (turn % 5000)]);
        await pause(300 + stage.number(0, 300));
      });
    // The nightly renewals want six and get three; then they give two of those back and try again later.
    const renewals: Awaited<ReturnType<typeof stage.pgSessions>> = [];
    await waitUntil(
      async () => {
        try {
          renewals.push(...(await stage.pgSessions(1, "renewals-batch")));
          return false;
        } catch (error) {
          return String(error).includes("too many connections for database");
        }
      },
      { what: "the database refuses a connection" },
    );
    await closeAll(renewals.slice(0, 2));
    await pause(2000);
    return { culprits: [] };
  },
});
