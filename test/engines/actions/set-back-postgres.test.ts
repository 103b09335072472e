import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { actorStatements, execute } from "./support.ts";

const was = { unique: false, definition: "USING btree (w DESC) WHERE (v > 3)" };
const judged = { schema: "public", table: "items", name: "items_judged", keeps: null, scans: null, was };

describe.each([14, 18] as const)("what somebody has done meanwhile on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off" } });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    for (const sql of actorStatements("postgres")) await root.query(sql);
    await root.query(`create table public.items (id int primary key, v int, w int);
      grant create on schema public to actor; alter table public.items owner to actor`);
  });
  afterAll(async () => {
    await closeAll([root]);
    await server?.stopNow();
  });

  const drop = (options = {}): Promise<Outcome> => execute(server, "drop-index", judged, options);

  it("A13 drops no index that somebody has made anew under the name, on something else", async () => {
    for (const other of [
      "(v)",
      "(w desc)",
      "(w) where v > 3",
      "(w desc) where v > 4",
      "using hash (w) where v > 3",
    ]) {
      await root.query(`create index items_judged on public.items ${other}`);
      expect(await drop()).toMatchObject({ status: "refused", refusal: { guard: "changed-since" } });
      await root.query("drop index public.items_judged");
    }
    await root.query("create index items_judged on public.items (w desc) where v > 3");
    expect(await drop()).toMatchObject({ status: "done" });
  });

  it("A10 takes back the index that it has built, and no other one under its name", async () => {
    const build = {
      ...{ schema: "public", table: "items", name: "items_built", unique: false },
      definition: "(W desc) WHERE V > 3",
    };
    const built = await execute(server, "create-index", build);
    expect(built, built.summary).toMatchObject({
      status: "done",
      undo: { actionId: "drop-index", input: { was } },
    });
    const undo = (): Promise<Outcome> => execute(server, "drop-index", built.undo?.input ?? null);
    await root.query(`drop index public.items_built; create index items_built on public.items (v)`);
    const refused = await undo();
    expect(refused).toMatchObject({ status: "refused", refusal: { guard: "changed-since" } });
    expect((await root.query("select from pg_indexes where indexname = 'items_built'")).rowCount).toBe(1);
    await root.query("drop index public.items_built");
    await root.query("create index items_built on public.items (w desc) where v > 3");
    expect(await undo()).toMatchObject({ status: "done" });
  });

  it("A13 drops nothing by an order that does not say what was judged, and says what is there", async () => {
    await root.query("create index items_judged on public.items (v)");
    const { was: _was, ...unsaid } = judged;
    const outcome = await execute(server, "drop-index", unsaid);
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "nothing-to-compare" } });
    expect(outcome.refusal?.reason).toContain("Index items_judged is (v) now");
    expect(outcome.refusal?.release).toContain("runs the statement that is shown");
    expect((await root.query("select from pg_indexes where indexname = 'items_judged'")).rowCount).toBe(1);
    await root.query("drop index public.items_judged");
  });

  it("A13 drops no index again that somebody has built again after an earlier attempt, and says so", async () => {
    await root.query("create index items_judged on public.items (w desc) where v > 3");
    const again = await drop({ repeated: true });
    expect(again).toMatchObject({ status: "refused", refusal: { guard: "maybe-set-back" } });
    expect(again.refusal?.release).toContain("a person is asked first");
    expect((await root.query("select from pg_indexes where indexname = 'items_judged'")).rowCount).toBe(1);
    expect(await drop()).toMatchObject({ status: "done" });
    expect(await drop({ repeated: true })).toMatchObject({ status: "already-done", mayHaveActed: true });
  });

  it("A6 sets no limit again that somebody has taken away after an earlier attempt", async () => {
    await root.query("alter role actor createrole");
    if (major >= 16) await root.query("grant shop to actor with admin option");
    const limit = { of: "role", name: "shop", setting: "statement_timeout", value: "60s" };
    const set = (options = {}): Promise<Outcome> => execute(server, "set-timeout", limit, options);
    expect(await set()).toMatchObject({ status: "done" });
    await root.query("alter role shop reset statement_timeout");
    expect(await set({ repeated: true })).toMatchObject({ refusal: { guard: "maybe-set-back" } });
    const kept = "select from pg_db_role_setting where setrole = 'shop'::regrole";
    expect((await root.query(kept)).rowCount).toBe(0);
  });
});
