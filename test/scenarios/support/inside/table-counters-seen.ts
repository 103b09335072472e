import { aSession } from "../../../support/forest-builder.ts";
import { aPlan, aStatement, aTable } from "../../../support/statement-builder.ts";
import { aWait } from "./world.ts";

export const gib = 1024 ** 3;
export const day = 86_400;

type TableMore = Parameters<typeof aTable>[0];

export function large(more: TableMore = {}) {
  return aTable({
    ...{ bytes: 40 * gib, indexBytes: 12 * gib, liveRows: 60e6, deadRows: 1e6, deadPercent: 1.6 },
    ...{ vacuumAtDeadRows: 12e6, analyzeAtChangedRows: 6e6, changedSinceAnalyze: 9e5, ...more },
  });
}

export const tables = (...all: TableMore[]) => ({
  rows: { "postgres-tables": all.map((more) => large(more)) },
});

/** What a statement over the table does while its rows are many more than before. */
export const slowed = {
  sessions: [1, 2, 3, 4].map((id) =>
    aSession(id, {
      query: "SELECT * FROM orders WHERE customer_id = $1",
      statementSeconds: 6,
      stateSeconds: 6,
    }),
  ),
  metrics: { CPUUtilization: 97, DBLoad: 6, DBLoadCPU: 5 },
};
export const began = "2026-11-20 11:00:00+00";
const found = { spends: "96 % of its plan's cost: a Index Scan of orders for 4 rows" };
export const onOrders = (more: object = {}) => ({
  "postgres-plans": [
    aPlan({ query: "SELECT * FROM orders WHERE customer_id = $1", meanSeconds: 0.6, ...found }),
  ],
  "postgres-top-statements": [
    aStatement({
      query: "SELECT * FROM orders WHERE customer_id = $1",
      now: {
        averageSessions: 4,
        meanSeconds: 0.6,
        callsPerSecond: 7,
        percentOfTime: 93,
        blocksReadPerSecond: 900,
      },
      ...more,
    }),
  ],
  "postgres-wait-profile": [aWait(null, 4.5, "SELECT * FROM orders WHERE customer_id = $1")],
});

export function plan(problem: "sequential-scan" | "row-estimate", detail: string, index: boolean) {
  const columns = ["customer_id"];
  const createIndex = "CREATE INDEX CONCURRENTLY ON public.orders (customer_id)";
  return aPlan({
    query: "SELECT * FROM orders WHERE customer_id = $1",
    ...{
      calls: 9000,
      totalSeconds: 5400,
      meanSeconds: 0.6,
      totalCost: 900_000,
      estimatedRows: 1,
      meanRows: problem === "row-estimate" ? 90_000 : 4,
    },
    problems: [{ kind: problem, relation: "public.orders", detail }],
    suggestions: index
      ? [
          {
            schema: "public",
            table: "orders",
            columns,
            createIndex,
            why: "it reads all rows for few",
            costWithIndex: 40,
          },
        ]
      : [],
  });
}
