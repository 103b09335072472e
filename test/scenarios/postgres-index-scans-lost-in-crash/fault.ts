import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Look-alike: a crash threw the counters away, so an index that every query uses shows no scan since the start",
  tiers: ["immediate", "performance", "health"],
  // From 15 on nothing but the checkpointer's start shows the crash.
  majors: [15, 16, 17, 18],
  thresholds: { unusedIndexSeconds: 14 },
  make: async (stage) => {
    const table = stage.table();
    const [session] = await stage.pgSessions(1, stage.application());
    if (session === undefined) throw new Error("no session");
    await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, customer int, note text)`);
    await session.query(
      `INSERT INTO ${table} SELECT n, n % 40000, repeat('x', 40) FROM generate_series(1, ${stage.number(60, 90)} * 1000) n`,
    );
    await session.query(`CREATE INDEX ${table}_customer ON ${table} (customer)`);
    await session.query(`ANALYZE ${table}`);
    await session.query("SET enable_seqscan = off");
    for (let turn = 1; turn <= 300; turn += 1) {
      await session.query(`SELECT count(*) FROM ${table} WHERE customer = ${turn}`);
    }
    // As old as the threshold before the crash: the server's own start stays what it was.
    await session.query("SELECT pg_sleep(15)");
    session.on("error", () => undefined);
    process.kill(await pidOf(session), "SIGKILL");
    await waitUntil(
      async () => {
        const after = await openSession(stage.postgres()).catch(() => null);
        await after?.end();
        return after !== null;
      },
      { what: "the server to recover" },
    );
    return { culprits: [] };
  },
});
