import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import type { LockForest } from "../../../../functions/core/contract/locks.ts";
import type { View } from "../../../../functions/core/facts/view.ts";
import { ddlLockQueue } from "../../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { hotRowContention } from "../../../../functions/core/rules/locks/hot-row-contention.ts";
import { aProbe, aView } from "../../../support/evidence-builder.ts";
import { aForest, aSession, waiters } from "../../../support/forest-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";
import { aStatement } from "../../../support/statement-builder.ts";

type Statement = readonly [name: string, load: number, wait: string];

/** No session was seen; Performance Insights, and pg_locks where a forest is given. */
function hidden(statements: readonly Statement[], forest: LockForest | null = null) {
  const names = [...new Set(statements.map(([, , wait]) => wait))];
  const loadOf = (wait: string) =>
    statements.reduce((sum, [, load, of]) => sum + (of === wait ? load : 0), 0);
  const load: LoadDimension[] = [
    { by: "wait-event", items: names.map((name) => ({ name, id: null, load: loadOf(name), waits: [] })) },
    {
      by: "statement",
      items: statements.map(([name, at, wait]) => ({
        name,
        id: null,
        load: at,
        waits: [{ name: wait, load: at }],
      })),
    },
  ];
  const probes = forest === null ? [] : [aProbe("postgres-locks-alone", [forest])];
  const view = metricView({
    self: { vcpus: 2 },
    values: { DBLoad: held(30), CPUUtilization: held(20) },
    context: { load },
    overrides: { probes },
  });
  return { ...view, server: null, connections: null, sessions: null, forests: null };
}

const blind = { application: null, user: "reports", state: "other" } as const;
const queue = (object: string) =>
  aForest([
    { who: aSession(8121, { ...blind, transactionSeconds: null }) },
    ...waiters(58, "session:8121", { seconds: 356, waits: { object } }),
  ]);
const alter: readonly Statement[] = [
  ["SELECT * FROM invoices WHERE id = ?", 20, "Lock:relation"],
  ["ALTER TABLE invoices ADD COLUMN level int", 1, "Lock:relation"],
];

describe("who holds what Performance Insights shows others to wait for", () => {
  it("D7 is told for a table where pg_locks alone was open, and nobody is ended for it", () => {
    const [finding] = ddlLockQueue.evaluate(hidden(alter, queue("public.invoices")));
    expect(finding?.actions).toEqual([]);
    expect(finding?.summary).toContain("ALTER TABLE invoices ADD COLUMN level int wants it");
    expect(finding?.summary).toContain(
      "by pg_locks alone 58 sessions wait for a lock on table public.invoices",
    );
    expect(finding?.summary).toContain("likely holder: user reports, pid 8121");
    expect(finding?.summary).toContain("what it does could not be seen, so nobody is to be ended for it");
    expect(finding?.summary).not.toContain("who holds the table could not be seen");
  });

  it("D7 is not told by a queue for another table, nor where pg_locks was not read", () => {
    for (const forest of [queue("public.parcels"), null]) {
      const [finding] = ddlLockQueue.evaluate(hidden(alter, forest));
      expect(finding?.summary).toContain("who holds the table could not be seen");
      expect(finding?.summary).not.toContain("8121");
    }
  });

  const reserve = "UPDATE stock SET reserved = reserved + ? WHERE sku = ?";
  const finding = (...more: readonly Statement[]) =>
    hotRowContention.evaluate(hidden([[reserve, 20, "Lock:transactionid"], ...more]))[0];
  const beside = (...more: readonly Statement[]) =>
    (finding(...more)?.evidence ?? []).map(({ says }) => says).join("; ");
  const batchText = "UPDATE stock s SET on_hand = f.n FROM feed f WHERE f.sku = s.sku";
  const batch: Statement = [batchText, 0.97, "CPU"];

  it("D3 may be a statement that changes the same table all the time: told beside, and as what many short ones look like too", () => {
    expect(beside(batch)).toContain(
      `${batchText} changes stock meanwhile, waits for none of its rows and makes a load of 1, as one session does that is always at work: one transaction, or many short ones`,
    );
  });

  it("D3 sends nobody to the busiest writer of the table first", () => {
    const short: Statement = ["UPDATE stock SET counted_at = now() WHERE id = $1", 0.8, "CPU"];
    for (const one of [batch, short]) {
      expect(finding(one)?.summary).toContain("wait for rows that others hold");
      expect(finding(one)?.summary).not.toContain("look first at");
    }
  });

  it("D3 are not an INSERT, several sessions together, one that waits as well, one that idles, or another table", () => {
    for (const other of [
      ["INSERT INTO stock (sku, reserved) VALUES ($1, 0)", 0.8, "IO:WALSync"],
      ["UPDATE stock SET seen = now() WHERE sku = ?", 2.4, "CPU"],
      ["UPDATE carts SET n = ? WHERE id = ?", 0.97, "CPU"],
      ["SELECT sum(on_hand) FROM stock", 0.97, "CPU"],
      ["UPDATE stock SET on_hand = ? WHERE sku = ?", 0.97, "Lock:transactionid"],
      ["UPDATE stock SET seen = ? WHERE sku = ?", 0.2, "CPU"],
    ] satisfies Statement[]) {
      expect(finding(other)?.summary).toContain("wait for rows that others hold");
      expect(beside(other)).not.toContain("meanwhile");
    }
  });

  it("D3 is no statement that is called again and again, and the likelier one that is called seldom", () => {
    const counted = (callsPerSecond: number) => {
      const view = hidden([[reserve, 20, "Lock:transactionid"], batch]);
      const row = aStatement({ query: batchText, now: { callsPerSecond } });
      const rows = view.rows;
      const counts = aView({ overrides: { probes: [aProbe("postgres-top-statements", [row])] } });
      const both: View = { ...view, rows: (probe) => rows(probe) ?? counts.rows(probe) };
      return hotRowContention
        .evaluate(both)[0]
        ?.evidence.map(({ says }) => says)
        .join("; ");
    };
    expect(counted(800)).not.toContain("meanwhile");
    expect(counted(0.001)).toContain("called less than once a second");
  });

  it("D7 is told for rows, too, where pg_locks alone was open", () => {
    const forest = queue("row (7,3) of public.stock");
    const [told] = hotRowContention.evaluate(hidden([[reserve, 20, "Lock:transactionid"]], forest));
    expect(told?.summary).toContain("likely holder: user reports, pid 8121");
  });
});

describe("who waits for a table where sessions are hidden and the process list is not", () => {
  const waiting = "Waiting for table metadata lock";
  const seen = (table: string, other = table, truncated = false) => {
    const list = [
      aSession(71, {
        user: "deploy",
        query: `ALTER TABLE ${table} ADD COLUMN level int`,
        waitEvent: waiting,
      }),
      ...[72, 73, 74].map((id) =>
        aSession(id, {
          user: "web",
          query: `SELECT id FROM ${id === 74 ? other : table} WHERE id = ?`,
          waitEvent: waiting,
        }),
      ),
    ].map((one, n) => ({
      ...one,
      statementSeconds: 352 - n,
      stateSeconds: 352 - n,
      state: "active" as const,
    }));
    const mdl = "synch/cond/sql/MDL_context::COND_wait_status";
    const view = hidden(
      alter.map(([name, load]) => [name, load, mdl]),
      null,
    );
    const both = metricView({
      engine: "mysql",
      self: { vcpus: 2 },
      values: { DBLoad: held(30), CPUUtilization: held(20) },
      context: { load: view.evidence.context?.load ?? null },
      overrides: {
        probes: [
          { ...aProbe("mysql-metadata-locks", []), status: "skipped", reason: "denied" },
          { ...aProbe("mysql-sessions-alone", list), truncated },
        ],
      },
    });
    const blinded = { ...both, server: null, connections: null, sessions: null, forests: null };
    return (ddlLockQueue.evaluate(blinded)[0]?.evidence ?? []).map(({ says }) => says).join("\n");
  };

  it("D7 is told by it beside the average of Performance Insights, with the session that stands first", () => {
    expect(seen("invoices")).toMatch(
      /by the process list alone 4 sessions wait for a lock on invoices, the longest for 5 min 52 s; first in line: ALTER TABLE, .*deploy.*71/,
    );
  });

  it("D7 says how many of them want that table, and that more may, where the list was cut", () => {
    expect(seen("invoices", "parcels")).toContain("; 3 of them name invoices");
    expect(seen("invoices")).not.toContain("of them name");
    expect(seen("invoices", "invoices", true)).toContain("; more may wait, the list was cut");
  });

  it("D7 is not told of a queue for another table", () => {
    expect(seen("parcels")).not.toContain("process list");
  });
});
