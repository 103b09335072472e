import { describe, expect, it } from "vitest";
import type { RdsEvent } from "../../../../functions/core/contract/context.ts";
import { restartOrCrash } from "../../../../functions/core/rules/availability/restart-or-crash.ts";
import { collectedAt } from "../../../support/evidence-builder.ts";
import { anEvent, held, metricView } from "../../../support/metric-scene.ts";

type Line = readonly [minutesAgo: number, text: string];

const killed = (minutesAgo: number): Line => [
  minutesAgo,
  "server process (PID 812) was terminated by signal 9: Killed",
];
const recovered = (minutesAgo: number): Line => [
  minutesAgo,
  "database system was not properly shut down; automatic recovery in progress",
];

function judge(lines: readonly Line[], events: readonly RdsEvent[] = []) {
  const texts = lines.map(([minutesAgo, text]) => {
    const at = new Date(Date.parse(collectedAt) - minutesAgo * 60_000).toISOString();
    return `${at.slice(0, 19).replace("T", " ")} UTC::@:[7]:LOG:  ${text}`;
  });
  const log = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  return restartOrCrash.evaluate(
    metricView({
      events,
      context: { logs: [{ ...log, lines: texts }] },
      self: { instanceClass: "db.r6g.large" },
      values: { DatabaseConnections: held(80) },
    }),
  )[0];
}

describe("how often it crashed, by the engine's log", () => {
  it("M3 a loop of less than a minute is told as several", () => {
    const loop = Array.from({ length: 10 }, (_, nth) => killed(14 - (50 * nth) / 60));
    expect(judge(loop)?.summary).toContain("5 restarts within a day");
    // A server process and, a moment later, the startup process of the same crash.
    expect(judge([killed(5), killed(4.5)])?.summary).not.toContain("restarts within a day");
  });

  it("M3 all are counted where the newest file is the first by its name", () => {
    const hung = (minutesAgo: number) => {
      const at = new Date(Date.parse(collectedAt) - minutesAgo * 60_000).toISOString();
      return `${at.slice(0, 19)}.000000Z 0 [ERROR] [MY-012872] [InnoDB] [FATAL] Semaphore wait has lasted > 600 seconds. We intentionally crash the server because it appears to be hung.`;
    };
    const log = { kind: "error", lastWrittenAt: null, truncated: false } as const;
    const logs = [
      { ...log, file: "error/mysql-error-running.log.2026-11-21.08", lines: [130, 100, 70].map(hung) },
      { ...log, file: "error/mysql-error-running.log", lines: [hung(10)] },
    ];
    const values = { DatabaseConnections: held(80) };
    const view = metricView({ engine: "mysql", context: { logs }, server: { uptimeSeconds: 500 }, values });
    expect(restartOrCrash.evaluate(view)[0]?.summary).toContain("4 restarts within a day");
  });

  it.each([
    ["a restore", anEvent(178, "creation", "DB instance created")],
    ["a failover", anEvent(180, "failover", "Multi-AZ instance failover completed")],
  ])("M3 the recovery of %s hours ago is none", (_, event) => {
    const both = [recovered(180), recovered(5)];
    expect(judge(both, [event])?.summary).toContain("crashed or was stopped, and came up again 5 min ago");
    expect(judge(both, [event])?.summary).not.toContain("restarts within a day");
    expect(judge(both)?.summary).toContain("2 restarts within a day");
  });

  it("M3 is told beside the one event that RDS has had", () => {
    const event = anEvent(10, "availability", "DB instance restarted");
    const twice = judge([killed(36), killed(11)], [event]);
    expect(twice?.summary).toContain("came up again 10 min ago");
    expect(twice?.summary).toContain("2 restarts within a day");
    expect(judge([killed(11)], [event])?.summary).not.toContain("restarts within a day");
  });

  it("M7 what is still set so comes again by the kills that followed it, and by none before", () => {
    const set = (minutesAgo: number) => ({
      ...anEvent(
        minutesAgo,
        "configuration change",
        "Updated parameter work_mem to 524288 with apply method immediate",
      ),
      ...{ subject: "orders-17", source: "parameter-group" as const },
    });
    const twice = [killed(40), killed(11)];
    expect(judge(twice, [set(97)])).toMatchObject({ severity: "P1" });
    const once = judge(twice, [set(20)]);
    expect(once).toMatchObject({ severity: "P2" });
    expect(once?.summary).toMatch(
      /2 restarts within a day; it follows the change of work_mem to 524288, 20 min/,
    );
  });
});
