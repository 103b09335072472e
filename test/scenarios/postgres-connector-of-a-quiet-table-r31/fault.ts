import { Client } from "pg";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** The connection beneath a client, which speaks the replication protocol's copy messages. */
interface CopyStream {
  on(event: "copyData", listener: (message: { chunk: Buffer }) => void): void;
  sendCopyFromChunk(chunk: Buffer): void;
}

const slot = "debezium_outbox";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A change-data connector is connected, listens to a table nobody writes to and therefore never confirms: its slot keeps all the WAL of the busy tables",
  majors: [14, 16, 17],
  tiers: ["immediate", "performance", "health"],
  server: { settings: { wal_level: "logical", max_wal_size: "4GB" } },
  thresholds: { walRetainedMb: 200 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE customer_outbox (id bigserial PRIMARY KEY, event varchar(40) NOT NULL, payload text);
      CREATE TABLE sensor_log (id bigserial PRIMARY KEY, sensor int NOT NULL, raw text NOT NULL);
      CREATE PUBLICATION dbz_outbox FOR TABLE customer_outbox`);
    const admin = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "setup" });
    await admin.query("CREATE ROLE debezium LOGIN REPLICATION PASSWORD 'debezium-lab'");
    await admin.query("GRANT SELECT ON customer_outbox TO debezium");
    const made = await admin.query("SELECT lsn FROM pg_create_logical_replication_slot($1, 'pgoutput')", [
      slot,
    ]);
    const confirmed = positionOf(String(made.rows[0].lsn));
    const { port } = stage.server;
    const connector = new Client({
      connectionString: `postgres://debezium:debezium-lab@127.0.0.1:${port}/app?replication=database`,
      application_name: "Debezium Streaming",
    });
    connector.on("error", () => undefined);
    await connector.connect();
    const { connection } = connector as unknown as { connection: CopyStream };
    let received = confirmed;
    connection.on("copyData", ({ chunk }) => {
      if (chunk[0] === 0x6b || chunk[0] === 0x77) received = chunk.readBigUInt64BE(chunk[0] === 0x6b ? 1 : 9);
    });
    stage.leave(
      connector.query(
        `START_REPLICATION SLOT ${slot} LOGICAL 0/0 (proto_version '1', publication_names 'dbz_outbox')`,
      ),
    );
    const alive = setInterval(() => connection.sendCopyFromChunk(stillHere(received, confirmed)), 1000);
    stage.cleanUp(async () => {
      clearInterval(alive);
      await connector.end();
    });
    await waitUntil(
      async () =>
        (await admin.query("SELECT 1 FROM pg_replication_slots WHERE slot_name = $1 AND active", [slot]))
          .rowCount === 1,
      { what: "the connector streams" },
    );
    const loader = await onePg(stage, "sensor-ingest");
    for (let load = 0; load < 12; load += 1) {
      await loader.query(
        "INSERT INTO sensor_log (sensor, raw) SELECT n % 90, repeat(md5(n::text), 40) FROM generate_series(1, 30000) n",
      );
      await loader.query("DELETE FROM sensor_log WHERE id <= (SELECT max(id) - 30000 FROM sensor_log)");
    }
    await loader.query("VACUUM ANALYZE sensor_log");
    const kept =
      "SELECT 1 FROM pg_replication_slots WHERE pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) > 400e6";
    await waitUntil(async () => (await admin.query(kept)).rowCount === 1, { what: "400 MB are kept" });
    await admin.end();
    await keepRunning(stage, [loader], 5, async (session) => {
      await session.query(
        "INSERT INTO sensor_log (sensor, raw) SELECT n % 90, repeat(md5(n::text), 40) FROM generate_series(1, 500) n",
      );
      await pause(150);
    });
    return { culprits: [] };
  },
});

function positionOf(lsn: string): bigint {
  const [high = "0", low = "0"] = lsn.split("/");
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/** Standby status update: received this far, nothing of it flushed or applied. */
function stillHere(received: bigint, flushed: bigint): Buffer {
  const message = Buffer.alloc(34);
  message.write("r", 0, "latin1");
  message.writeBigUInt64BE(received, 1);
  message.writeBigUInt64BE(flushed, 9);
  message.writeBigUInt64BE(flushed, 17);
  message.writeBigUInt64BE(0n, 25);
  return message;
}
