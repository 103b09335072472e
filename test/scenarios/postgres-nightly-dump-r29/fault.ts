import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Harmless: the nightly pg_dump copies a table for a while, to a client that takes its time; nobody waits for it",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  thresholds: { longRunningSeconds: 5 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE TABLE documents (id int PRIMARY KEY, body text NOT NULL)");
    await setup.query(
      "INSERT INTO documents SELECT n, repeat('page ' || n || ' ', 60) FROM generate_series(1, 90000) n",
    );
    await setup.query("VACUUM ANALYZE documents");
    await setup.end();
    await ordinaryWork(stage, 4);
    const dump = await onePg(stage, "pg_dump");
    await dump.query("BEGIN");
    await dump.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    await dump.query("LOCK TABLE public.documents IN ACCESS SHARE MODE");
    stage.leave(dump.query("COPY public.documents (id, body) TO stdout"));
    const { stream } = (dump as unknown as { connection: { stream: { pause(): void; resume(): void } } })
      .connection;
    stream.pause();
    stage.cleanUp(async () => stream.resume());
    await pause(9000);
    return { culprits: [] };
  },
});
