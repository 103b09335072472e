import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { hotRowContention } from "../../../../functions/core/rules/locks/hot-row-contention.ts";
import { cpuSaturated } from "../../../../functions/core/rules/resources/cpu-saturated.ts";
import { maintenanceAtPeak } from "../../../../functions/core/rules/resources/maintenance-at-peak.ts";
import { aConnection, collectedAt } from "../../../support/evidence-builder.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const item = (name: string, load: number) => ({ name, id: null, load, waits: [] });
const by = (dimension: LoadDimension["by"], ...items: LoadDimension["items"]): LoadDimension => ({
  by: dimension,
  items,
});
const slow = { WriteLatency: held(0.12), WriteIOPS: held(900), DiskQueueDepth: held(14) };
const busy = { CPUUtilization: held(93) };
const found = (values: Record<string, readonly number[]>, load: LoadDimension[], scene: MetricScene = {}) =>
  maintenanceAtPeak.evaluate(metricView({ values, ...scene, context: { load, ...scene.context } }));

function logOf(...lines: readonly string[]) {
  const excerpt = {
    file: "error/postgresql.log",
    kind: "error" as const,
    lastWrittenAt: null,
    truncated: false,
  };
  const at = Date.parse(collectedAt);
  const stamp = (index: number) =>
    new Date(at - (lines.length - index) * 60_000).toISOString().slice(0, 19).replace("T", " ");
  return [{ ...excerpt, lines: lines.map((line, index) => `${stamp(index)} UTC::@:[355]:LOG: ${line}`) }];
}

describe("cpu-saturated by Performance Insights", () => {
  const at = (sessions: number) =>
    cpuSaturated.evaluate(metricView({ values: { ...busy, DBLoadCPU: held(sessions) } }))[0];

  it("D4 is a cause where sessions queue for the vCPUs, and a note where none does", () => {
    expect(at(5)).toMatchObject({ severity: "P1" });
    expect(at(1.8)).toMatchObject({ severity: "P2" });
    expect(at(0.4)).toMatchObject({ severity: "P3", explains: [], actions: [] });
    expect(at(0.4)?.summary).toContain("sessions do not queue for it");
  });

  it("D2 says what the sessions wait for instead", () => {
    const load = [by("wait-event", item("Lock:transactionid", 9), item("CPU", 0.4))];
    const view = metricView({ values: { ...busy, DBLoadCPU: held(0.4) }, context: { load } });
    expect(cpuSaturated.evaluate(view)[0]?.evidence).toContainEqual({
      source: "Performance Insights",
      says: "sessions: Lock:transactionid 96 %",
    });
  });
});

describe("waits for rows by Performance Insights", () => {
  const waiting = (sessions: number, work: number) =>
    hotRowContention.evaluate(
      metricView({
        context: {
          load: [
            by("wait-event", item("Lock:transactionid", sessions), item("CPU", work)),
            by("statement", item("UPDATE stock SET n = n - $1 WHERE id = $2", sessions)),
          ],
        },
        overrides: { probes: [], connection: aConnection({ status: "not-tried" }) },
      }),
    );

  it("D10 are told without a holder to blame, where the locks themselves were not seen", () => {
    expect(waiting(9, 0.4)).toMatchObject([{ severity: "P2", actions: [], subject: "insights" }]);
    expect(waiting(9, 0.4)[0]?.summary).toMatch(/^9 sessions .* 96 % of the load; most load: UPDATE stock/);
  });

  it("D10 are no news beside much work, nor in small numbers", () => {
    expect(waiting(3, 6)).toEqual([]);
    expect(waiting(1, 0.2)).toEqual([]);
  });
});

describe("maintenance-at-peak from outside", () => {
  const freeze = item("autovacuum: VACUUM public.orders (to prevent wraparound)", 1.6);
  const read = item("SELECT * FROM orders WHERE id = $1", 0.9);

  it("D4 is a share of the load while something is short, and never stopped", () => {
    const [finding, ...more] = found(slow, [by("statement", freeze, read)]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      subject: "insights",
      severity: "P1",
      actions: [],
      summary: expect.stringContaining(
        "Maintenance takes 64 % of the load: autovacuum: VACUUM public.orders",
      ),
    });
    expect(finding?.explains.map(({ cause }) => cause)).toContain("io-saturated");
  });

  it("D4 is no news while nothing is short, nor where it takes little", () => {
    const calm = { WriteLatency: held(0.004), WriteIOPS: held(900) };
    expect(found(calm, [by("statement", freeze, read)])).toEqual([]);
    expect(found(slow, [by("statement", item(freeze.name, 0.3), item(read.name, 4))])).toEqual([]);
  });

  it("D4 explains a CPU that no session queues for", () => {
    const values = { ...busy, DBLoadCPU: held(0.3), DBLoad: held(5) };
    const [finding] = found(values, [by("statement", freeze, item(read.name, 3))]);
    expect(finding).toMatchObject({ severity: "P2", subject: "insights" });
    const alone = { ...values, DBLoad: held(0.6) };
    expect(found(alone, [by("statement", freeze)])[0]).toMatchObject({ severity: "P3" });
  });

  it("D4 reads checkpoints by the log: those that WAL asked for, not those of the clock", () => {
    const wal = "checkpoint starting: wal";
    const often = { context: { logs: logOf(wal, wal, wal, wal, wal) } };
    expect(found(slow, [], often)[0]).toMatchObject({
      subject: "checkpoints",
      summary: expect.stringContaining("5 of them within 15 min were asked for by the volume of WAL"),
    });
    const warned = { context: { logs: logOf("checkpoints are occurring too frequently (9 seconds apart)") } };
    expect(found(slow, [], warned)[0]?.summary).toContain("occur too frequently, 9 s apart");
    const time = "checkpoint starting: time";
    expect(found(slow, [], { context: { logs: logOf(time, time, time, time, time) } })).toEqual([]);
  });

  it("D4 reads checkpoints by the waits for them, and who makes them necessary", () => {
    const waits = by("wait-event", item("IPC:CheckpointDone", 2), item("IO:DataFileSync", 1), item("CPU", 1));
    const statements = by("statement", item("INSERT INTO events SELECT $1", 2.4));
    const [finding] = found(slow, [waits, statements]);
    expect(finding?.summary).toContain("75 % of the load waits for them");
    expect(finding?.summary).toContain("what writes most: INSERT INTO events SELECT $1 (60 % of the load)");
  });
});
