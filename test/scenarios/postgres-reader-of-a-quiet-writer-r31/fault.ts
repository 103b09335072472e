import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";
import { pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Nobody writes at night: the reader's last replayed commit grows old and looks like lag, while it has replayed all there is",
  tiers: ["immediate", "performance", "health"],
  look: "replica",
  server: { replicas: 1 },
  thresholds: { replicationLagSeconds: 6 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE opening_hours (id int PRIMARY KEY, place varchar(40) NOT NULL, hours varchar(20) NOT NULL)",
    );
    await setup.query(
      "INSERT INTO opening_hours SELECT n, 'place ' || n, '9 to 17' FROM generate_series(1, 3000) n",
    );
    await settled(setup, "opening_hours");
    const [replica] = stage.server.replicas;
    if (replica === undefined) throw new Error("no replica");
    const reader = await waitUntil(
      async () => {
        const client = new Client({
          connectionString: labUrl("postgres", replica.port, "shop"),
          application_name: "website",
        });
        client.on("error", () => undefined);
        await client.connect();
        const known = await client.query("SELECT 1 FROM pg_tables WHERE tablename = 'opening_hours'");
        if (known.rowCount === 1) return client;
        await client.end();
        return null;
      },
      { what: "the reader knows the table", timeoutMs: 20_000, everyMs: 200 },
    );
    stage.cleanUp(() => reader.end());
    await nowAndThen(stage, reader, (client, turn) =>
      client.query("SELECT place, hours FROM opening_hours WHERE id = $1", [1 + (turn % 3000)]),
    );
    await pause(14_000);
    return { culprits: [] };
  },
});
