import { describe, expect, it } from "vitest";
import { autovacuumTooSlow as rule } from "../../../../functions/core/rules/vacuum/autovacuum-too-slow.ts";
import { aTable, lookedDeeper } from "../../../support/statement-builder.ts";

const workers = {
  ...{ enabled: true, workersBusy: 3, workersMax: 3, wraparoundWorkers: 0, waitingWorkers: 0 },
  ...{ longestSeconds: 900, longestWork: "autovacuum: VACUUM public.events", naptimeSeconds: 60 },
  ...{ costDelayMs: 2, costLimit: 200, memoryBytes: 67_108_864 },
};
const scanned = { intervalSeconds: 1, seqScansPerSecond: 40, seqRowsPerSecond: 4_000_000 };
const holder = {
  ...{ holder: "session", name: "9", sessionKey: "k", database: "shop", user: "shop", application: "web" },
  ...{ client: null, state: "idle-in-transaction", xminAge: 90_000, catalogOnly: false, query: null },
};

function findingsOf(given: Partial<typeof workers> = {}, heldSeconds?: number, table = {}) {
  return rule.evaluate(
    lookedDeeper({
      "postgres-vacuum-workers": [{ ...workers, ...given }],
      "postgres-tables": [aTable({ deadRows: 300_000, now: scanned, ...table })],
      ...(heldSeconds === undefined
        ? {}
        : { "postgres-oldest-xmin": [{ ...holder, seconds: heldSeconds, stateSeconds: heldSeconds }] }),
    }),
  );
}

describe("autovacuum-too-slow", () => {
  it("P13 tells that every worker is taken while a table that scans read waits for one", () => {
    expect(findingsOf()).toMatchObject([
      { severity: "P2", explains: [{ subject: "public.orders" }, {}, {}] },
    ]);
    expect(findingsOf()[0]?.evidence[0]?.says).toContain("39 MiB a second");
    expect(findingsOf({}, undefined, { now: { ...scanned, seqScansPerSecond: 0 } })).toMatchObject([
      { severity: "P3" },
    ]);
  });

  it("P13 says nothing while a worker is left, stands still, or has only just begun, nor where it is off", () => {
    const others = [{ workersBusy: 2 }, { waitingWorkers: 1 }, { longestSeconds: 59 }, { enabled: false }];
    expect(others.flatMap((given) => findingsOf(given))).toEqual([]);
    expect(findingsOf({}, undefined, { autovacuumEnabled: false })).toEqual([]);
  });

  it("P13 leaves it to the old snapshot where there is one: no worker removes what it sees", () => {
    expect(findingsOf({}, 59)).toHaveLength(1);
    expect(findingsOf({}, 60)).toEqual([]);
  });

  it("A24 raises the limit that workers share, at most to what is allowed", () => {
    const actions = (costLimit: number) => findingsOf({ costLimit })[0]?.actions ?? [];
    expect(actions(200)[0]?.describes).toContain("autovacuum_vacuum_cost_limit to 1000");
    expect(actions(2500)[0]?.describes).toContain("autovacuum_vacuum_cost_limit to 10000");
    expect(actions(10_000).map(({ preview }) => preview)).toEqual([
      "VACUUM (ANALYZE, TRUNCATE false) public.orders",
    ]);
  });
});
