import { expect, it } from "vitest";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import type { LabServer } from "../../lab/engines/lab-server.ts";
import { execute } from "./support.ts";

export interface TrialLab {
  server(): LabServer;
  /** Runs as the owner of what is tried on. */
  sql(text: string): Promise<string>;
  /** Definition of the table with its indexes. */
  definition(): Promise<string>;
}

const schemaOf = (server: LabServer) => (server.engine === "postgres" ? "public" : "app");

/** items: 20,000 rows of which each has its own v, and two kinds. */
export function trialSuite({ server, sql, definition }: TrialLab): void {
  const trial = (more: object = {}) => ({
    ...{ schema: schemaOf(server()), table: "items", name: "items_v", unique: false, definition: "(v)" },
    ...{ statement: `SELECT id, note FROM ${schemaOf(server())}.items WHERE v = 4711`, gainPercent: 30 },
    ...more,
  });
  const tried = (more: object = {}, options = {}): Promise<Outcome> =>
    execute(server(), "try-index", JSON.parse(JSON.stringify(trial(more))), options);

  it("A32 keeps an index that pays, in everybody's sight, with cost and time before and after", async () => {
    const outcome = await tried();
    expect(outcome).toMatchObject({ status: "done", mayHaveActed: true });
    expect(outcome.summary).toMatch(
      /Before: cost [\d.]+, [\d.]+ ms; after: cost [\d.]+, [\d.]+ ms\. It pays/,
    );
    const is = await definition();
    expect(is).toContain("items_v");
    expect(is).not.toMatch(/INVISIBLE|IGNORED/);
    expect(outcome.undo?.actionId).toMatch(/^(drop|hide)-index$/);
    const shown = server().engine === "postgres" ? "USING btree (v)" : "(`v`)";
    expect(outcome.undo?.input).toMatchObject({ was: { unique: false, definition: shown } });
    const again = await tried();
    expect(again).toMatchObject({ status: "not-verified", mayHaveActed: false });
    expect(again.summary).toContain("a person decides");
    expect(again).not.toHaveProperty("undo");
    const repeat = await tried({}, { repeated: true });
    expect(repeat).toMatchObject({ status: "not-verified", mayHaveActed: true, undo: outcome.undo });
  });

  it("A32 drops an index again that does not pay, and nothing is left of it", async () => {
    const outcome = await tried({
      ...{ name: "items_kind", definition: "(kind)" },
      statement: `SELECT sum(v) FROM ${schemaOf(server())}.items WHERE kind = 1`,
    });
    expect(outcome).toMatchObject({ status: "done", mayHaveActed: true });
    expect(outcome.summary).toContain("it was dropped again");
    expect(outcome).not.toHaveProperty("undo");
    expect(await definition()).not.toContain("items_kind");
  });

  it.each([
    ["a statement after it", "SELECT 1; DROP TABLE items"],
    ["one that writes", "WITH x AS (SELECT 1) DELETE FROM items"],
    ["one that locks", "SELECT * FROM items FOR UPDATE"],
    ["one with parameters", "SELECT * FROM items WHERE v = $1"],
    ["one that ends sessions", "SELECT pg_terminate_backend(1)"],
    ["one that ends sessions by a quoted name", 'SELECT "pg_terminate_backend"(1)'],
    ["one whose name is written in numbers", 'SELECT U&"\\0070g_terminate_backend"(1)'],
    ["one that waits by a quoted name", "SELECT `sleep`(1)"],
    ["somebody's operator", "SELECT 1 OPERATOR(public.+) 2"],
    ["one with a comment", "SELECT * FROM items -- WHERE"],
  ])("A32 tries no statement with %s", async (_what, statement) => {
    expect(await tried({ name: "items_x", statement })).toMatchObject({
      refusal: { guard: "unknown-action" },
    });
  });

  it("A32 builds nothing for a statement that cannot be run", async () => {
    const statement = `SELECT nothing FROM ${schemaOf(server())}.items WHERE v = 1`;
    const outcome = await tried({ name: "items_none", definition: "(note)", statement });
    expect(outcome).toMatchObject({
      status: "refused",
      mayHaveActed: false,
      refusal: { guard: "cannot-try" },
    });
    expect(await definition()).not.toContain("items_none");
  });

  it("A32 counts a statement that did not end in time as longer than that, and does no more than its share", async () => {
    const from = Date.now();
    const cross = `${schemaOf(server())}.items a, ${schemaOf(server())}.items b, ${schemaOf(server())}.items c`;
    const statement = `SELECT count(*) FROM ${cross} WHERE a.id + b.id + c.id = 7 AND a.kind + b.v + c.v > 3`;
    const outcome = await tried({ name: "items_slow", definition: "(note, kind)", statement });
    expect(outcome).toMatchObject({ status: "done" });
    expect(outcome.summary).toMatch(/Before: cost [\d.]+, over 5000 ms; after: cost [\d.]+, over 5000 ms/);
    expect(await definition()).not.toContain("items_slow");
    expect(Date.now() - from).toBeLessThan(30_000);
  }, 60_000);

  it("D11 A32 is never tried unasked, and tried without acting it only looks", async () => {
    const input = { name: "items_y", definition: "(note)" };
    expect(await tried(input, { guards: { unasked: true } })).toMatchObject({
      refusal: { guard: "never-alone" },
    });
    expect((await tried(input, { dryRun: true })).summary).toContain("only tried");
    expect(await definition()).not.toContain("items_y");
    expect(await sql("SELECT count(*) AS n FROM items")).toContain("20000");
  });
}
