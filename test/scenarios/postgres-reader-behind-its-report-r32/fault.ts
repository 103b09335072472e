import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A long report on the reader holds up replay, which waits for it by max_standby_streaming_delay; what the application reads there is over a minute old",
  majors: [16, 17, 15],
  tiers: ["immediate", "performance", "health"],
  look: "replica",
  server: { replicas: 1, settings: { max_standby_streaming_delay: "900s" } },
  make: async (stage) => {
    const server = stage.postgres();
    const [node] = server.replicas;
    if (node === undefined) throw new Error("no replica");
    const replica = { ...server, port: node.port };
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE ledger_lines (id int PRIMARY KEY, account int NOT NULL, booked_at timestamptz NOT NULL, amount int NOT NULL);
       INSERT INTO ledger_lines SELECT n, n % 4, now() - make_interval(secs => (n * 7919) % 4000000), n % 900 FROM generate_series(1, 150000) AS n`,
    );
    await setup.query("VACUUM ANALYZE ledger_lines");
    await ordinaryWork(stage);
    const there = async (applicationName: string) => {
      const session = await openSession(replica, { user: "shop", applicationName });
      stage.cleanUp(() => session.end());
      return session;
    };
    const watcher = await there("watcher");
    await waitUntil(
      async () =>
        Number((await watcher.query("SELECT count(*)::int AS n FROM ledger_lines")).rows[0].n) === 150_000,
      { what: "the reader has the rows" },
    );
    const web = await there("account-web");
    await keepRunning(stage, [web], 5, async (client, turn) => {
      await client.query("SELECT amount FROM ledger_lines WHERE id = $1", [1 + (turn % 9000)]);
      await pause(60);
    });
    const report = await there("finance-report");
    const culprit = await pidOf(report);
    await report.query("SET max_parallel_workers_per_gather = 0");
    stage.leave(
      report.query(
        `SELECT a.account, count(*) AS pairs, max(a.booked_at - b.booked_at) AS widest FROM ledger_lines a
         JOIN ledger_lines b ON b.account = a.account AND b.booked_at < a.booked_at GROUP BY a.account`,
      ),
    );
    await pause(1500);
    // What the writer's vacuum removes, the report may still see.
    await setup.query("DELETE FROM ledger_lines WHERE id > 140000");
    await pause(1200);
    await setup.query("VACUUM ledger_lines");
    await waitUntil(
      async () =>
        Number(
          (
            await watcher.query(
              "SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float AS age",
            )
          ).rows[0].age,
        ) > 75,
      { what: "the reader is over a minute behind", timeoutMs: 110_000, everyMs: 500 },
    );
    return { culprits: [culprit] };
  },
});
