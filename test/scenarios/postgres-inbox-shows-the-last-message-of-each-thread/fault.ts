import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The inbox shows the newest message of each of its threads by a subquery, and messages have no index by thread",
  majors: [18],
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.pgSessions(stage.number(3, 5), stage.application());
    const rows = stage.number(26_000, 32_000);
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE threads (id uuid PRIMARY KEY, owner_id bigint NOT NULL, subject text NOT NULL, updated_at timestamptz NOT NULL)",
    );
    await setup?.query("CREATE INDEX threads_of_owner ON threads (owner_id, updated_at)");
    await setup?.query(
      "CREATE TABLE messages (id uuid PRIMARY KEY, thread_id uuid NOT NULL, author_id bigint NOT NULL, body text NOT NULL, sent_at timestamptz NOT NULL)",
    );
    await setup?.query("CREATE INDEX messages_of_author ON messages (author_id)");
    await setup?.query(
      "INSERT INTO threads SELECT md5(n::text)::uuid, n % 250, 'subject ' || n, timestamptz '2026-05-01' + n * interval '3 minutes' FROM generate_series(1, 3000) n",
    );
    await setup?.query(
      `INSERT INTO messages SELECT md5('m' || n)::uuid, md5((1 + n % 3000)::text)::uuid, n % 700, repeat('hello ', 20), timestamptz '2026-05-01' + n * interval '20 seconds' FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query("ANALYZE threads, messages");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 120, (client, turn) =>
      client.query(
        "SELECT t.id, t.subject, (SELECT m.body FROM messages m WHERE m.thread_id = t.id ORDER BY m.sent_at DESC LIMIT 1) AS last_body FROM threads t WHERE t.owner_id = $1 ORDER BY t.updated_at DESC LIMIT 25",
        [(turn * 7) % 250],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(90)],
});
