import { describe, expect, it } from "vitest";
import { expensiveStatement } from "../../../../functions/core/rules/queries/expensive-statement.ts";
import { ioSaturated } from "../../../../functions/core/rules/resources/io-saturated.ts";
import { anAlarm, aProbe } from "../../../support/evidence-builder.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { aVolume } from "../../../support/kind-scene.ts";
import { curveOf, held, metricView } from "../../../support/metric-scene.ts";

const job = "SELECT r.customer_id FROM recipients r JOIN customers c ON c.id = r.customer_id GROUP BY 1";
const short = "SELECT id FROM messages WHERE customer_id = ?";
const usual = (value: number) => ({ latest: null, baselineDay: value, baselineWeek: value });

interface Seen {
  /** Sessions, and for how long each has run. */
  readonly jobs?: readonly [number, number];
  readonly shorts?: readonly [number, number];
  readonly iops?: number;
  /** It has been short for so many minutes, by the hours before as well; else all that was read are the last ten. */
  readonly shortFor?: number;
  readonly asked?: boolean;
  readonly cpu?: number;
  /** Of the short one, by Performance Insights. */
  readonly load?: number;
  readonly application?: string;
  readonly latency?: readonly number[];
}

const shareOf = (name: string, load: number) => ({ name, id: null, load, waits: [{ name: "CPU", load }] });

/** Two statements by their sessions alone, on a volume of 3000 operations. */
function seen({ jobs = [5, 900], shorts = [4, 20], iops = 2980, asked = false, ...more }: Seen = {}) {
  const running = (first: number, [count, seconds]: readonly [number, number], query: string) =>
    Array.from({ length: count }, (_, at) =>
      aRunning(first + at, seconds, { query, waitEvent: "executing", application: more.application ?? null }),
    );
  const { shortFor } = more;
  const { values, earlier } = curveOf((ago) => (ago < (shortFor ?? 0) ? iops : 300));
  const view = metricView({
    engine: "mysql",
    self: { vcpus: 2, storage: aVolume({ allocatedGib: 200, iops: 3000, throughputMibps: 125 }) },
    values: {
      ReadIOPS: shortFor === undefined ? held(iops) : values,
      ...(more.cpu === undefined ? {} : { CPUUtilization: held(more.cpu) }),
      ...(more.latency === undefined ? {} : { ReadLatency: more.latency, DiskQueueDepth: held(60) }),
      ...(asked ? { NetworkReceiveThroughput: held(3e6), NetworkTransmitThroughput: held(9e6) } : {}),
    },
    readings: {
      ReadIOPS: { ...usual(300), ...(shortFor === undefined ? {} : { earlier }) },
      NetworkReceiveThroughput: usual(1e6),
      NetworkTransmitThroughput: usual(3e6),
    },
    context: {
      load:
        more.load === undefined
          ? null
          : [{ by: "statement", items: [shareOf(short, more.load), shareOf(job, 5)] }],
    },
    overrides: { signal: anAlarm("DiskQueueDepth", { threshold: 20 }) },
    sessions: [...running(1, jobs, job), ...running(50, shorts, short)],
  });
  const why = { reason: "performance_schema is OFF", howToSee: null, tier: "performance" } as const;
  const digests = aProbe("mysql-statement-digests", [], { status: "skipped", ...why });
  return { ...view, evidence: { ...view.evidence, probes: [...view.evidence.probes, digests] } };
}

const told = (of: Seen = {}) => expensiveStatement.evaluate(seen(of));
const tables = (of: Seen = {}) => told(of).map(({ summary }) => /One statement on (\w+)/.exec(summary)?.[1]);

describe("statements known by their sessions alone, beside storage at its limit", () => {
  it("D3 what fewer run for a moment is no cause of its own, and is told beside what many run for long", () => {
    expect(tables()).toEqual(["recipients"]);
    expect(told()[0]?.evidence.map(({ says }) => says)).toContain(
      `others take long meanwhile, as whatever reads from that storage does: ${short} (for 20 s)`,
    );
  });

  it("D3 it is one where as many run it, where it has run as long, and where storage has room", () => {
    expect(tables({ shorts: [6, 20] })).toEqual(["messages", "recipients"]);
    expect(tables({ shorts: [5, 20] })).toHaveLength(2);
    expect(tables({ shorts: [4, 120] })).toHaveLength(2);
    expect(tables({ iops: 1500 })).toHaveLength(2);
    // It began when storage had long been at its limit.
    expect(tables({ jobs: [5, 400] })).toHaveLength(2);
  });

  it("D3 it is none behind a job of hours where nobody saw storage begin to be short, and is one where it began long after", () => {
    expect(tables({ jobs: [5, 3000] })).toEqual(["recipients"]);
    expect(tables({ jobs: [5, 4 * 3600], shortFor: 200 })).toEqual(["recipients"]);
    expect(tables({ jobs: [5, 1500], shortFor: 20 })).toEqual(["recipients"]);
    expect(tables({ jobs: [5, 3 * 3600], shortFor: 20 })).toHaveLength(2);
  });

  it("D3 it is one where the CPU is full as well, or Performance Insights tells what it takes", () => {
    expect(tables({ cpu: 98 })).toHaveLength(2);
    expect(tables({ cpu: 40 })).toHaveLength(1);
    expect(tables({ load: 4 })).toHaveLength(2);
  });
});

describe("storage at its limit while statements run since before it", () => {
  const offered = (of: Seen = {}) => ioSaturated.evaluate(seen(of))[0]?.actions ?? [];

  it("D11 is not bought more of as a click: they may be what asks for it", () => {
    expect(offered().map(({ automatic }) => automatic)).toEqual([false]);
    expect(offered()[0]?.preview).toMatch(
      /^# No call is shown: 5 statements have run since before storage was short, for up to 15 min \(SELECT r\.customer_id .*may be what asks for it: first see/,
    );
  });

  it.each<[string, Seen]>([
    ["for 50 min, of which storage was read for ten", { jobs: [5, 3000] }],
    [
      "for 50 min, and what alone was seen to begin is that requests take longer",
      { jobs: [5, 3000], latency: [...held(0.002, 4), ...held(0.03, 6)] },
    ],
    ["for longer than storage was read, and short", { jobs: [5, 4 * 3600], shortFor: 200 }],
    ["since a few minutes before it", { jobs: [5, 1500], shortFor: 20 }],
  ])("D7 is not bought, either, where they have run %s", (_, of) => {
    expect(offered(of)[0]).toMatchObject({
      automatic: false,
      preview: expect.stringContaining("have run since before storage was short"),
    });
  });

  it("A23 is offered where they had long run when it was seen to begin", () => {
    expect(offered({ jobs: [5, 3 * 3600], shortFor: 20 })[0]?.automatic).toBe(true);
    expect(offered({ jobs: [5, 3600], shortFor: 6 })[0]?.automatic).toBe(true);
  });

  it("A23 is offered where nothing has run so long, or the clients ask for more than as a rule", () => {
    expect(offered({ jobs: [5, 40] })[0]?.automatic).toBe(true);
    expect(offered({ asked: true })[0]?.automatic).toBe(true);
    // Performance Insights tells whose it is; a backup is nobody's to end, and an outage waits for nobody.
    expect(offered({ load: 4 })[0]?.automatic).toBe(true);
    expect(offered({ application: "mysqldump" })[0]?.automatic).toBe(true);
    expect(offered({ latency: held(0.2) })[0]?.automatic).toBe(true);
    // It began when storage had long been at its limit.
    expect(offered({ jobs: [5, 200] })[0]?.automatic).toBe(true);
  });
});
