import { Query } from "pg";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

interface CopyTarget {
  sendCopyFromChunk(chunk: Buffer): void;
}

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A supplier's feed hangs in the middle of its COPY FROM STDIN: active, waiting for its client, and others wait for its keys",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 10, idleInTransactionSeconds: 6 },
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "setup");
    if (owner === undefined) throw new Error("no session");
    const known = stage.number(20_000, 30_000);
    await owner.query(`CREATE TABLE supplier_offers (supplier_id int NOT NULL, sku varchar(20) NOT NULL, price numeric(10,2) NOT NULL,
        PRIMARY KEY (supplier_id, sku));
      INSERT INTO supplier_offers SELECT 1 + n % 5, 'A-' || n, 1 + n % 900 FROM generate_series(1, ${known}) n`);
    await owner.query("ANALYZE supplier_offers");
    await ordinaryWork(stage, 3);
    // A herring: somebody's editor looked at something else and sleeps in its transaction; nobody needs it.
    const [editor] = await stage.pgSessions(1, "pgAdmin 4 - CONN:71");
    await editor?.query("BEGIN");
    await editor?.query("SELECT count(*) FROM pg_class");
    const [feed] = await stage.pgSessions(1, "supplier-feed");
    if (feed === undefined) throw new Error("no session");
    const { rows } = await feed.query("SELECT pg_backend_pid() AS pid");
    const lines = Array.from({ length: 4000 }, (_, n) => `7\tN-${n + 1}\t${1 + (n % 500)}.50\n`).join("");
    const copy = new Query("COPY supplier_offers (supplier_id, sku, price) FROM STDIN");
    copy.on("error", () => undefined);
    // It sends what it has and then hangs on its own source: neither more rows nor the end ever come.
    Object.assign(copy, {
      handleCopyInResponse: (connection: CopyTarget) => connection.sendCopyFromChunk(Buffer.from(lines)),
    });
    feed.query(copy);
    await waitUntil(
      async () => {
        const { rows: seen } = await owner.query(
          "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND wait_event = 'ClientRead'",
          [rows[0].pid],
        );
        return seen.length > 0;
      },
      { what: "the feed waits for its client" },
    );
    const editors = await stage.pgSessions(8, "offer-api");
    for (const [index, api] of editors.entries()) {
      stage.leave(
        api.query(
          "INSERT INTO supplier_offers VALUES (7, $1, $2) ON CONFLICT (supplier_id, sku) DO UPDATE SET price = EXCLUDED.price",
          [`N-${index * 41 + 3}`, 10 + index],
        ),
      );
    }
    await pause(14_000);
    return { culprits: [rows[0].pid] };
  },
});
