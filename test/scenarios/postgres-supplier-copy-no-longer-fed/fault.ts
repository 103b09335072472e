import type { Client } from "pg";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** COPY FROM STDIN whose client sends some lines and then no more: node-postgres itself would refuse to feed it. */
function copyThatStalls(client: Client, sql: string, lines: readonly string[]): void {
  const nothing = () => undefined;
  const feed = {
    submit: (connection: { query(text: string): void }) => connection.query(sql),
    handleCopyInResponse: (connection: { sendCopyFromChunk(chunk: Buffer): void }) =>
      connection.sendCopyFromChunk(Buffer.from(lines.join(""))),
    handleCopyData: nothing,
    handleDataRow: nothing,
    handleRowDescription: nothing,
    handleCommandComplete: nothing,
    handleEmptyQuery: nothing,
    handlePortalSuspended: nothing,
    handleReadyForQuery: nothing,
    handleError: nothing,
    callback: nothing,
  };
  (client as unknown as { query(work: typeof feed): void }).query(feed);
}

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A supplier's file is copied into the offers, the pipe that feeds it stands still in mid-transaction, and baskets wait for the rows it changed before",
  majors: [17],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 10, idleInTransactionSeconds: 6 },
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "edi-loader");
    if (owner === undefined) throw new Error("no session");
    const supplier = stage.number(3, 7);
    await owner.query(`CREATE TABLE supplier_offers (offer_id int PRIMARY KEY, supplier_id int NOT NULL, sku varchar(24) NOT NULL,
        on_sale boolean NOT NULL DEFAULT true, stock int NOT NULL);
      INSERT INTO supplier_offers SELECT n, n % 9, 'SKU-' || n, true, 40 + n % 60 FROM generate_series(1, 18000) n;
      CREATE INDEX supplier_offers_supplier ON supplier_offers (supplier_id)`);
    await owner.query("ANALYZE supplier_offers");
    await ordinaryWork(stage, 3);
    // Herrings: a consumer of notifications sleeps as it should, and a desktop has a transaction open that nobody waits for.
    const [listener] = await stage.pgSessions(1, "offer-events");
    await listener?.query("LISTEN offers_changed");
    const [desktop] = await stage.pgSessions(1, "DBeaver 25.2");
    await desktop?.query("BEGIN");
    await desktop?.query("SELECT count(*) FROM supplier_offers WHERE supplier_id = 1");
    const { rows } = await owner.query("SELECT pg_backend_pid() AS pid");
    await owner.query("BEGIN");
    await owner.query("UPDATE supplier_offers SET on_sale = false WHERE supplier_id = $1", [supplier]);
    const lines = Array.from(
      { length: 300 },
      (_, line) => `${50_000 + line}\t${supplier}\tNEW-${line}\tt\t25\n`,
    );
    copyThatStalls(
      owner,
      "COPY supplier_offers (offer_id, supplier_id, sku, on_sale, stock) FROM STDIN",
      lines,
    );
    stage.cleanUp(async () => {
      await desktop?.query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
    });
    await waitUntil(
      async () =>
        (
          await listener?.query(
            "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND wait_event = 'ClientRead'",
            [rows[0].pid],
          )
        )?.rowCount === 1,
      { what: "COPY waits for its client" },
    );
    const baskets = await stage.pgSessions(10, "basket-api");
    for (const [index, basket] of baskets.entries()) {
      const sql = "UPDATE supplier_offers SET stock = stock - 1 WHERE offer_id = $1 AND stock > 0";
      stage.leave(basket.query(sql, [supplier + 9 * (index * 13 + 2)]));
    }
    await pause(14_000);
    return { culprits: [rows[0].pid] };
  },
});
