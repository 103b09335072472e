import { describe, expect, it } from "vitest";
import type { Finding } from "../../../functions/core/contract/finding.ts";
import { withLateChanges } from "../../../functions/core/diagnosis/late-changes.ts";
import { collectedAt } from "../../support/evidence-builder.ts";
import { anEvent, metricView } from "../../support/metric-scene.ts";

const finding: Finding = {
  id: "spilling-query",
  key: "spilling-query:insights",
  category: "queries",
  severity: "P2",
  confidence: 0.6,
  summary: "Statements write and read temporary files",
  evidence: [{ source: "Performance Insights", says: "9 sessions at a time" }],
  explains: [],
  explainedBy: [],
  actions: [],
};
const ago = (minutes: number): string => new Date(Date.parse(collectedAt) - minutes * 60_000).toISOString();
const call = (minutes: number, what: string, more: object = {}) => ({
  ...{ at: ago(minutes), source: "cloudtrail" as const, subject: "orders-db", what, by: "terraform" },
  ...{ detail: "dBInstanceIdentifier=orders-db, vpcSecurityGroupIds=sg-2", error: null, ...more },
});
const set = (minutes: number, name: string) => ({
  ...anEvent(minutes, "configuration change", `Updated parameter ${name} to 30 with apply method immediate`),
  source: "parameter-group" as const,
});

function saidOf(
  events: readonly ReturnType<typeof set>[],
  changes: readonly ReturnType<typeof call>[],
  of = finding,
) {
  const view = metricView({ events: [...events], context: { changes: [...changes] } });
  return withLateChanges(view, of)
    .evidence.slice(of.evidence.length)
    .map(({ says }) => says);
}

describe("what was changed within the day before a cause of now", () => {
  it("D2 is told newest first with its time and by whom, and with its doubt", () => {
    expect(saidOf([set(21, "temptable_max_ram")], [call(14, "ModifyDBInstance")])).toEqual([
      "set or asked for within the day before, and no rule says whether it has to do with it: ModifyDBInstance (vpcSecurityGroupIds=sg-2) by terraform 14 min ago and temptable_max_ram to 30 21 min ago",
    ]);
  });

  it("D2 is not told where it is older, still to come, was refused, changes nothing, or the finding tells it", () => {
    const none = [set(25 * 60, "work_mem"), set(-3, "port")];
    expect(saidOf(none, [call(9, "ModifyDBInstance", { error: "AccessDenied" })])).toEqual([]);
    expect(saidOf([], [call(9, "AddTagsToResource"), call(8, "CreateDBSnapshot")])).toEqual([]);
    const telling = { ...finding, summary: "it began 2 min after the change of work_mem to 30" };
    expect(saidOf([set(20, "work_mem")], [], telling)).toEqual([]);
    expect(saidOf([set(20, "mem")], [], telling)).toHaveLength(1);
    const moved = { ...finding, id: "failover-happened" as const };
    expect(saidOf([], [call(2, "RebootDBInstance")], moved)).toHaveLength(1);
    const named = { ...moved, summary: "ana called RebootDBInstance" };
    expect(saidOf([], [call(2, "RebootDBInstance", { by: "ana" })], named)).toEqual([]);
  });

  it("C3 tells no value that may be a literal or a secret", () => {
    const value = "INSERT INTO seen VALUES ('bob@example.com', 'not-for-slack')";
    const [said = ""] = saidOf(
      [
        {
          ...set(20, "x"),
          message: `Updated parameter init_connect to ${value} with apply method immediate`,
        },
      ],
      [call(9, "ModifyDBInstance", { detail: 'tags=[{"key":"apiKey","value":"not-for-slack"}], iops=6000' })],
    );
    expect(said).toContain("init_connect to another value");
    expect(said).toContain("iops=6000");
    expect(said).not.toMatch(/not-for-slack|example/);
  });

  it("D2 tells what is not in force yet as that", () => {
    const pending = {
      ...set(20, "x"),
      message: "Updated parameter jit to 1 with apply method pending-reboot",
    };
    const later = call(9, "ModifyDBInstance", { detail: "iops=6000, applyImmediately=false" });
    expect(saidOf([pending], [later])[0]).toMatch(
      /\(iops=6000\) by terraform, for its maintenance window, 9 min ago and jit to 1, from its next restart on, 20 min ago/,
    );
  });

  it("D9 is told of no note and of nothing that has long been so", () => {
    for (const of of [
      { ...finding, severity: "P3" as const },
      { ...finding, nature: "chronic" as const },
    ])
      expect(saidOf([set(20, "work_mem")], [], of)).toEqual([]);
  });

  it("D2 names three at the most", () => {
    const sets = ["a", "b", "c", "d"].map((name, at) => set(10 + at, `parameter_${name}`));
    expect(saidOf(sets, [])[0]?.match(/parameter_/g)).toHaveLength(3);
  });
});
