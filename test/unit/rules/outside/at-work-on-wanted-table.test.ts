import { describe, expect, it } from "vitest";
import { ddlLockQueue } from "../../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

type Waits = Readonly<Record<string, number>>;

/** Forty wait to read price_feed, which TRUNCATE wants; beside them one statement. */
function told(beside: string, waits: Waits, wanted = "TRUNCATE price_feed"): string | undefined {
  const statement = (name: string, loads: Waits) => ({
    ...{ name, id: null, load: Object.values(loads).reduce((sum, load) => sum + load, 0) },
    waits: Object.entries(loads).map(([wait, load]) => ({ name: wait, load })),
  });
  const lock = { name: "Lock:relation", id: null, load: 41, waits: [] };
  const view = metricView({
    self: { vcpus: 4 },
    values: { DBLoad: held(42) },
    context: {
      load: [
        { by: "wait-event", items: [lock, { ...lock, name: "CPU", load: 1 }] },
        {
          by: "statement",
          items: [
            statement("SELECT net FROM price_feed WHERE sku = ?", { "Lock:relation": 40 }),
            statement(wanted, { "Lock:relation": 1 }),
            statement(beside, waits),
          ],
        },
      ],
    },
  });
  const outside = { ...view, server: null, connections: null, sessions: null, forests: null };
  return ddlLockQueue.evaluate(outside)[0]?.summary;
}

describe("a table that a queue waits for, seen from outside", () => {
  const copy = "COPY ( SELECT * FROM public.price_feed ) TO STDOUT";
  const atWork = "at work on it meanwhile, and waiting for no table";

  it("D2 names what works on it meanwhile and waits for no table: it may be what has it", () => {
    const summary = told(copy, { "Client:ClientWrite": 0.8, CPU: 0.2 });
    expect(summary).toContain("TRUNCATE price_feed wants it");
    expect(summary).toContain(`${atWork}: ${copy} (1), which may be what it waits for`);
    expect(summary).toContain("nobody is to be ended for it");
  });

  it.each([
    "ALTER TABLE IF EXISTS ONLY public.price_feed ADD COLUMN a int",
    "ALTER TABLE price_feed ADD COLUMN sku_id int REFERENCES skus (id)",
    "ALTER TABLE price_feed DROP CONSTRAINT validate",
    "ALTER TABLE price_feed ALTER COLUMN net TYPE numeric, ADD FOREIGN KEY (sku) REFERENCES skus (id)",
    "ALTER TABLE price_feed ADD FOREIGN KEY (sku) REFERENCES skus (id), DROP COLUMN code",
    "LOCK TABLE price_feed",
    'DROP TABLE "price_feed"',
  ])("D2 reads the table that is wanted: %s", (wanted) => {
    expect(told(copy, { CPU: 1 }, wanted)).toContain(atWork);
  });

  it.each([
    "CREATE INDEX pf_sku ON price_feed (sku)",
    "CREATE TRIGGER t AFTER INSERT ON price_feed EXECUTE FUNCTION f()",
    "ALTER TABLE price_feed VALIDATE CONSTRAINT pf_sku",
    "ALTER TABLE IF EXISTS ONLY price_feed VALIDATE CONSTRAINT pf_sku",
    "ALTER TABLE price_feed ADD FOREIGN KEY (sku) REFERENCES skus (id)",
    "ALTER TABLE price_feed ADD CONSTRAINT pf_sku FOREIGN KEY (sku, code) REFERENCES skus (id, code)",
    "LOCK TABLE price_feed IN SHARE MODE",
  ])("D2 names no reader where who wants the table lets readers in: %s", (wanted) => {
    expect(told(copy, { CPU: 1 }, wanted)).not.toContain(atWork);
    expect(told("UPDATE price_feed SET net = ?", { CPU: 1 }, wanted)).toContain(atWork);
  });

  it.each<[string, string, Waits, string?]>([
    [
      "works on a table that is called as a column of it",
      "SELECT code FROM currency",
      { CPU: 1 },
      "ALTER TABLE price_feed ADD COLUMN currency text",
    ],
    [
      "works on a table that is called as its schema",
      "SELECT * FROM sales",
      { CPU: 1 },
      "TRUNCATE sales.price_feed",
    ],
    ["works on another table", "COPY ( SELECT * FROM prices ) TO STDOUT", { CPU: 1 }],
    ["waits for the table itself, though it worked before", copy, { CPU: 0.7, "Lock:relation": 0.3 }],
    ["is seen now and then", copy, { CPU: 0.3 }],
    ["works where what is wanted was not seen", copy, { CPU: 1 }, "SELECT ? FROM price_feed"],
  ])("D7 names nobody who %s", (_what, beside, waits, wanted) => {
    const summary = told(beside, waits, wanted);
    expect(summary).toContain("wait for a whole table");
    expect(summary).not.toContain(atWork);
  });
});
