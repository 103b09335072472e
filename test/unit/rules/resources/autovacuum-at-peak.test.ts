import { describe, expect, it } from "vitest";
import { maintenanceAtPeak } from "../../../../functions/core/rules/resources/maintenance-at-peak.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const worker = (pid: number, seconds: number, automatic = true, wraparound = false) => ({
  ...{ pid, command: "vacuum" as const, relation: `public.t${pid}`, phase: "scanning heap" },
  ...{ percent: 1, seconds, user: null, application: null, automatic, wraparound },
  ...{ database: "shop", waitEvent: null, done: 1, total: 100, unit: "blocks", sessionKey: null },
});

const told = (...rows: readonly ReturnType<typeof worker>[]) =>
  maintenanceAtPeak.evaluate(
    metricView({
      values: { WriteLatency: held(0.08), WriteIOPS: held(900) },
      probes: { "postgres-vacuum-progress": [...rows] },
    }),
  );

describe("autovacuum beside a volume that is short", () => {
  it("D4 does not blame an autovacuum that has just begun, which is a sign of the work that there is", () => {
    expect(told(worker(9, 1.2))).toEqual([]);
    expect(told(worker(9, 59))).toEqual([]);
    expect(told(worker(9, 60))).toHaveLength(1);
  });

  it("D3 tells autovacuums that are at work at once as one cause, and what persons began each by itself", () => {
    const [both, ...more] = told(worker(1, 3960), worker(2, 3900, true, true));
    expect(more).toEqual([]);
    expect(both?.summary).toContain(
      "VACUUM of public.t2 has run for 1 h 5 min, 1 % of this phase done (autovacuum), and beside it VACUUM of public.t1 for 1 h 6 min, while",
    );
    expect(both?.evidence.map(({ says }) => says)).toContain(
      "VACUUM of public.t2 prevents wraparound: stopped, it starts again at once",
    );
    expect(
      told(worker(1, 900), worker(2, 800), worker(3, 700), worker(4, 600), worker(5, 500))[0]?.summary,
    ).toContain("and 2 more, while");
    expect(told(worker(1, 3960), worker(2, 3900, false), worker(3, 90))).toHaveLength(2);
    expect(told(worker(1, 3960), worker(2, 20))[0]?.summary).not.toContain("t2");
  });

  it("D2 is one finding by its name as workers come and go, and what persons began is one for each session", () => {
    const subjects = (...rows: readonly ReturnType<typeof worker>[]) =>
      told(...rows).map(({ subject }) => subject);
    expect(subjects(worker(1, 3960), worker(2, 3900))).toEqual(["autovacuum"]);
    expect(subjects(worker(2, 4000), worker(3, 90))).toEqual(["autovacuum"]);
    expect(subjects(worker(1, 3960), worker(7, 3900, false), worker(8, 3800, false))).toEqual([
      "autovacuum",
      "session:7",
      "session:8",
    ]);
    expect(told(worker(1, 3960))[0]?.explains).toContainEqual(
      expect.objectContaining({ cause: "long-running-query", subject: "session:1" }),
    );
  });
});
