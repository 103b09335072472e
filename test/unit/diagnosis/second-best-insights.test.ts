import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../functions/core/contract/context.ts";
import type { Session } from "../../../functions/core/contract/session.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { anIdleTransaction, aRunning } from "../../support/forest-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

const update = "UPDATE counters SET n = n + ? WHERE id = ?";
const rowWait = "wait/synch/cond/innodb/row_lock_wait";
const load: LoadDimension[] = [
  {
    by: "wait-event",
    items: [
      { name: rowWait, id: null, load: 28, waits: [] },
      { name: "CPU", id: null, load: 1, waits: [] },
    ],
  },
  { by: "statement", items: [{ name: update, id: null, load: 28, waits: [{ name: rowWait, load: 28 }] }] },
];

/** Who waits by the states of sessions, and by Performance Insights, where the locks gave no answer. */
function rowsOf(sessions: readonly Session[]) {
  const { evidence } = metricView({ engine: "mysql", sessions, context: { load } });
  const silent = { status: "timeout", reason: "2 s were not enough", rowCount: 0 } as const;
  const probes = evidence.probes.map((probe) =>
    /row-locks|metadata-locks/.test(probe.id) ? { ...probe, ...silent, rows: [] } : probe,
  );
  const { findings } = diagnose({ ...evidence, probes }, defaultSettings);
  return {
    seen: findings.map(({ key }) => key).filter((key) => key.endsWith(":second-best")),
    by: findings.find(({ key }) => key === "hot-row-contention:insights")?.explainedBy,
  };
}

const rows = (seconds: number) =>
  Array.from({ length: 30 }, (_, nth) =>
    aRunning(100 + nth, seconds, { waitEvent: "InnoDB lock", query: update }),
  );
const idle = anIdleTransaction(12, 90, { user: "report", query: "SELECT * FROM audit" });
const queued = (id: number, query: string) =>
  aRunning(id, 40, { waitEvent: "Waiting for table metadata lock", query });

describe("a likely holder, beside row waits of Performance Insights", () => {
  it("D2 explains them where they last: they are the same waits", () => {
    expect(rowsOf([idle, ...rows(40)])).toEqual({
      seen: ["blocked-by-idle-transaction:second-best"],
      by: ["blocked-by-idle-transaction:second-best"],
    });
  });

  it("D2 hides none where they take turns, or nobody is likely", () => {
    expect(rowsOf([idle, ...rows(0.5)])).toEqual({
      seen: ["blocked-by-idle-transaction:second-best"],
      by: [],
    });
    expect(rowsOf(rows(40))).toEqual({ seen: ["blocked-by-running-query:second-best"], by: [] });
  });

  it("D2 hides none where it holds a table that others queue for", () => {
    const queue = [
      queued(55, "ALTER TABLE shop.audit ADD note text"),
      queued(56, "SELECT * FROM audit WHERE id = ?"),
    ];
    expect(rowsOf([idle, ...queue])).toEqual({ seen: ["ddl-lock-queue:second-best"], by: [] });
  });
});
