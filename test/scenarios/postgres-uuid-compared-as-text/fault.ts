import { createHash } from "node:crypto";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A new client library casts the key, a uuid, to text before it compares: no index is of use",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(93)],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "migrations");
    if (owner === undefined) throw new Error("no session");
    const rows = stage.number(260_000, 320_000);
    await owner.query(`CREATE TABLE wishlists (id uuid PRIMARY KEY, owner_email varchar(120) NOT NULL, entries jsonb NOT NULL, updated_at timestamptz NOT NULL);
      CREATE INDEX wishlists_owner ON wishlists (owner_email);
      INSERT INTO wishlists SELECT md5(n::text)::uuid, 'person' || n || '@example.org', jsonb_build_object('sku', n % 900), now() - n * interval '1 minute'
        FROM generate_series(1, ${rows}) n`);
    await owner.query("VACUUM ANALYZE wishlists");
    await ordinaryWork(stage, 3);
    const [editor, ...clients] = await stage.pgSessions(6, "wishlist-svc");
    if (editor === undefined) throw new Error("no session");
    await keepRunning(stage, [editor], 5, async (session, turn) => {
      await session.query("SELECT id, entries FROM wishlists WHERE owner_email = $1", [
        `person${1 + turn}@example.org`,
      ]);
      await pause(30);
    });
    await keepRunning(stage, clients, 100, async (client, turn) => {
      const { rows: found } = await client.query(
        'SELECT "w"."id", "w"."owner_email", "w"."entries" FROM "wishlists" "w" WHERE "w"."id"::text = $1',
        [uuidOf(1 + ((turn * 7919) % rows))],
      );
      if (found.length === 0) throw new Error("no such list");
    });
    return { culprits: [] };
  },
});

/** As the text form of md5(n)::uuid in SQL. */
function uuidOf(number: number): string {
  const hex = createHash("md5").update(String(number)).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
