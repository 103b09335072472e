import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { nowAndThen } from "../support/now-and-then.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Healthy: the replica is an hour behind because it was told to be (SOURCE_DELAY), against dropped tables",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  // An hour's delay is told in seconds here.
  thresholds: { replicationLagSeconds: 4 },
  make: async (stage) => {
    const setup = await oneMy(stage, "setup");
    await setup.query("CREATE TABLE documents (id int PRIMARY KEY, title varchar(40) NOT NULL)");
    const rows = Array.from({ length: 200 }, (_, index) => `(${index + 1}, 'document ${index}')`);
    await setup.query(`INSERT INTO documents VALUES ${rows.join(", ")}`);
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const replica = await createConnection({ uri: node.adminUrl });
    replica.on("error", () => undefined);
    stage.cleanUp(async () => replica.destroy());
    await untilCaughtUp(stage, replica);
    await replica.query("STOP REPLICA SQL_THREAD");
    await replica.query("CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 3600");
    await replica.query("START REPLICA SQL_THREAD");
    await ordinaryWork(stage);
    const reader = await createConnection({
      uri: node.masterUrl,
      connectAttributes: { program_name: "audit" },
    });
    reader.on("error", () => undefined);
    stage.cleanUp(async () => reader.destroy());
    await nowAndThen(stage, reader, (client, turn) =>
      client.query(`SELECT title FROM app.documents WHERE id = ${1 + (turn % 200)}`),
    );
    await waitUntil(
      async () => {
        const [[row]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(row?.["Seconds_Behind_Source"]) > 9 && row?.["Replica_SQL_Running"] === "Yes";
      },
      { what: "the replica is behind, as it was told", timeoutMs: 30_000, everyMs: 200 },
    );
    await pause(500);
    return { culprits: [] };
  },
});
