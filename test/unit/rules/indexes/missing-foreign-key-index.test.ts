import { describe, expect, it } from "vitest";
import type { Session } from "../../../../functions/core/contract/session.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import type { PostgresForeignKeyIndexRow } from "../../../../functions/core/probes/postgres/foreign-key-indexes-rows.ts";
import { missingForeignKeyIndex } from "../../../../functions/core/rules/indexes/missing-foreign-key-index.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aProbe, aServer, aView, someEvidence } from "../../../support/evidence-builder.ts";
import { aSession } from "../../../support/forest-builder.ts";
import { aStatement, aTable } from "../../../support/statement-builder.ts";

function aKey(overrides: Partial<PostgresForeignKeyIndexRow> = {}): PostgresForeignKeyIndexRow {
  return {
    schema: "public",
    table: "items",
    constraint: "items_order",
    columns: ["order_id"],
    referencedTable: "public.orders",
    tableRows: 1_000_000,
    tableBytes: 80e6,
    referencedDeletes: 0,
    referencedUpdates: 5,
    onDelete: "cascade",
    owner: "shop",
    createIndex: "CREATE INDEX CONCURRENTLY ON public.items (order_id)",
    ...overrides,
  };
}

/** With the server up for 1,000 seconds: 100 deletes over a million rows are just 100,000 rows a second. */
function sceneWith(keys: readonly PostgresForeignKeyIndexRow[], sessions: readonly Session[] = []) {
  return {
    overrides: {
      probes: [
        aProbe("postgres-server", [aServer({ uptimeSeconds: 1000 })]),
        aProbe("postgres-sessions", [...sessions]),
        aProbe("postgres-foreign-key-indexes", [...keys]),
      ],
    },
  };
}

const judge = (...args: Parameters<typeof sceneWith>) =>
  missingForeignKeyIndex.evaluate(aView(sceneWith(...args)));

describe("missing-foreign-key-index", () => {
  it("D4 is only worth knowing while nobody deletes parents", () => {
    const drafts = judge([aKey(), aKey({ constraint: "other", tableRows: 10 })]);
    expect(drafts.map(({ severity, subject }) => ({ severity, subject }))).toEqual([
      { severity: "P3", subject: "" },
    ]);
    expect(drafts[0]?.summary).toContain("2 foreign keys have no index");
  });

  it("D6 is moderate when deletes read the large table for as much as one percent of a core", () => {
    expect(judge([aKey({ referencedDeletes: 99 })])[0]?.severity).toBe("P3");
    const [finding] = judge([aKey({ referencedDeletes: 100 })]);
    expect(finding?.severity).toBe("P2");
    expect(finding?.summary).toBe(
      "Every row deleted from public.orders reads all of items (1 million rows, 76 MiB), because items_order has no index on order_id; 100 rows deleted so far",
    );
    expect(finding?.actions[0]).toMatchObject({
      id: "create-index",
      risk: "safe",
      automatic: true,
      preview: "CREATE INDEX CONCURRENTLY items_order_id_idx ON public.items (order_id)",
    });
  });

  it("D4 stays calm about a small table, however many deletes there are", () => {
    expect(judge([aKey({ tableRows: 99_999, referencedDeletes: 1e6 })])[0]?.severity).toBe("P3");
    expect(judge([aKey({ tableRows: 100_000, referencedDeletes: 1e6 })])[0]?.severity).toBe("P2");
  });

  it("D3 explains the deletion that runs long because of it, and no other statement", () => {
    const deleting = { state: "active", statementSeconds: 400 } as const;
    const sessions = [
      aSession(7, { ...deleting, query: "DELETE FROM orders WHERE closed" }),
      aSession(8, { ...deleting, query: "DELETE FROM orders_archive WHERE closed" }),
    ];
    const evidence = someEvidence(sceneWith([aKey({ referencedDeletes: 1 })], sessions));
    const { findings } = diagnose(evidence, defaultSettings);
    const cause = findings.find(({ id }) => id === "missing-foreign-key-index");
    expect(cause?.severity).toBe("P2");
    expect(cause?.explains).toEqual(["long-running-query:session:7"]);
  });

  it("D3 explains the first deletion while it runs, not counted yet; those who wait for its locks are helped by its end alone", () => {
    const query = "DELETE FROM orders WHERE closed";
    const of = (overrides: Partial<Session>) =>
      judge([aKey()], [aSession(7, { state: "active", statementSeconds: 13, query, ...overrides })])[0];
    const finding = of({});
    expect(finding).toMatchObject({ severity: "P2", subject: "public.items.items_order" });
    expect(finding?.summary).toContain("a deletion runs now");
    expect(finding?.explains.map(({ cause, subject }) => `${cause} ${subject}`)).toEqual([
      "long-running-query session:7",
    ]);
    expect(JSON.stringify(finding?.evidence)).toContain("an index helps the deletions that come after");
    expect(of({ statementSeconds: 0.9 })?.severity).toBe("P3");
    expect(of({ waitEvent: "Lock/transactionid" })?.severity).toBe("P3");
    expect(of({ query: "DELETE FROM invoices" })?.severity).toBe("P3");
  });

  it("D3 knows the deletion from a parent with a dot in its name", () => {
    const query = 'DELETE FROM "my.shop"."or.ders" WHERE closed';
    const key = aKey({ referencedDeletes: 1, referencedTable: '"my.shop"."or.ders"' });
    const sessions = [aSession(7, { state: "active", statementSeconds: 400, query })];
    const { findings } = diagnose(someEvidence(sceneWith([key], sessions)), defaultSettings);
    const cause = findings.find(({ id }) => id === "missing-foreign-key-index");
    expect(cause?.explains).toEqual(["long-running-query:session:7"]);
  });

  it("D2 tells the three worst apart and groups the rest", () => {
    const keys = Array.from({ length: 9 }, (_, n) =>
      aKey({ constraint: `fk_${n}`, referencedDeletes: 5000, tableRows: 200_000 + n }),
    );
    const drafts = judge(keys);
    expect(drafts.map(({ subject }) => subject)).toEqual([
      "public.items.fk_8",
      "public.items.fk_7",
      "public.items.fk_6",
      "",
    ]);
    expect(judge(keys.toReversed())).toEqual(drafts);
  });
});

describe("deletions whose look-ups take the CPU just now", () => {
  /** 40 orders a call, and a look through all items for each of them. */
  const purge = aStatement({
    query: "DELETE FROM orders WHERE id BETWEEN $1 AND $2",
    now: {
      callsPerSecond: 1.6,
      averageSessions: 1.9,
      meanSeconds: 1.2,
      percentOfTime: 98,
      rowsPerSecond: 64,
    },
  });
  const items = (scans: number, rows = 13e6) =>
    aTable({
      schema: "public",
      table: "items",
      now: { intervalSeconds: 2, seqScansPerSecond: scans, seqRowsPerSecond: rows },
    });
  const told = (table: ReturnType<typeof aTable>, statement = purge) => {
    const scene = sceneWith([aKey({ referencedDeletes: 400 })]);
    const probes = [aProbe("postgres-tables", [table]), aProbe("postgres-top-statements", [statement])];
    // It has been up for so long that what was deleted is next to nothing.
    const [server = aProbe("postgres-server", [aServer()]), ...others] = scene.overrides.probes;
    const old = { ...server, rows: [aServer({ uptimeSeconds: 1e7 })] };
    const { findings } = diagnose(
      someEvidence({ overrides: { probes: [old, ...others, ...probes] } }),
      defaultSettings,
    );
    return findings.find(({ id }) => id === "missing-foreign-key-index");
  };

  it("D3 are the cause of the statement that costs so much, whatever was counted before", () => {
    const cause = told(items(65));
    expect(cause).toMatchObject({ severity: "P2" });
    expect(cause?.explains.some((one) => one.startsWith("expensive-statement:"))).toBe(true);
    expect(cause?.evidence.map(({ says }) => says).join()).toContain(
      "65 whole reads of public.items a second",
    );
  });

  it.each([
    ["reads for another reason", items(900), purge],
    ["reads of a page or two", items(65, 9000), purge],
    [
      "a statement on another table",
      items(65),
      aStatement({ ...purge, query: "DELETE FROM orders_archive WHERE id = $1" }),
    ],
  ])("D3 %s are none", (_, table, statement) => {
    expect(told(table, statement)?.severity).toBe("P3");
  });
});
