import { describe, expect, it } from "vitest";
import { neverUnasked } from "../../../functions/core/text/never-alone.ts";

const idle = { state: "idle-in-transaction", waitEvent: null } as const;

describe("what an idle holder said last", () => {
  it.each([
    // A view may say FOR UPDATE SKIP LOCKED, and attribute notation calls a function: PostgreSQL takes both.
    "SELECT * FROM next_job",
    "select w.claim from worker w",
    "TABLE next_job",
    "WITH job AS (SELECT * FROM next_job) SELECT id FROM job",
    "SELECT id FROM jobs WHERE id = 1 FOR UPDATE",
    "UPDATE orders SET total = 1 WHERE id = 1; SELECT * FROM next_job",
    "INSERT INTO runs (job) SELECT id FROM next_job RETURNING job",
    "UPDATE workers SET job = n.id FROM next_job n WHERE workers.id = 7 RETURNING n.id",
    "DELETE FROM queue USING next_job n WHERE queue.id = n.id",
    "DELETE FROM queue WHERE id IN (SELECT id FROM next_job)",
    "MERGE INTO runs r USING next_job n ON r.id = n.id WHEN MATCHED THEN UPDATE SET job = n.id",
    "INSERT INTO runs TABLE next_job",
    "UPDATE worker SET got = worker.claim WHERE id = 7",
    "COPY lines FROM PROGRAM 'curl example.com'",
  ])("A1 a lease may be behind what it read: %s is asked about", (query) => {
    expect(neverUnasked({ ...idle, query })).toMatchObject({ kind: "works-elsewhere" });
  });

  it.each([
    "UPDATE orders SET total = 1 WHERE id = 1",
    "DELETE FROM orders WHERE id = 1",
    "SELECT pg_backend_pid() AS pid",
    "COPY orders FROM STDIN",
    "INSERT INTO orders (id) VALUES (1)",
    'UPDATE "orders" SET "total" = 1.5 WHERE "orders"."id" = 5',
    "UPDATE orders SET total = 1 WHERE total IS DISTINCT FROM 2",
    "SAVEPOINT s",
  ])("A1 nothing that leases was read: %s", (query) => {
    expect(neverUnasked({ ...idle, query })).toBeNull();
  });
});
