import { describe, expect, it } from "vitest";
import type { Engine, Target } from "../../../../functions/core/contract/target.ts";
import { engineSupportEnding } from "../../../../functions/core/rules/configuration/engine-support-ending.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { type MetricScene, metricView } from "../../../support/metric-scene.ts";

/** The evidence is of 2026-11-21 unless `collectedAt` says else. */
const judge = (
  engine: Engine,
  engineVersion: string,
  {
    flavour = "rds",
    on = "2026-11-21",
    ...scene
  }: MetricScene & { flavour?: Target["flavour"]; on?: string } = {},
) =>
  engineSupportEnding.evaluate(
    metricView({
      ...scene,
      overrides: {
        target: aTarget({ engine, engineVersion, flavour }),
        collectedAt: `${on}T10:00:00.000Z`,
      },
    }),
  )[0];

describe("engine-support-ending", () => {
  it.each([
    ["postgres", "17.4", "rds"],
    ["postgres", "15.13", "aurora"],
    ["mysql", "8.4.6", "rds"],
    ["mysql", "8.0.mysql_aurora.3.10.1", "aurora"],
    ["mariadb", "10.11.14", "rds"],
    ["postgres", "13.9", "self-managed"],
  ] as const)("M2 is silent about %s %s of %s", (engine, version, flavour) => {
    expect(judge(engine, version, { flavour })).toBeUndefined();
  });

  it("M2 says what has ended, what is charged and until when", () => {
    expect(judge("mysql", "8.0.42")).toMatchObject({
      severity: "P3",
      summary:
        "Standard support of mysql 8.0 ended on 2026-07-31 (114 days ago): extended support is charged for each vCPU or ACU and hour from 2026-08-01, at a higher price from 2028-08-01, until 2029-07-31; then RDS upgrades it by itself",
    });
    expect(judge("postgres", "14.18")?.summary).toContain("ends on 2027-02-28 (in 98 days)");
    expect(judge("mysql", "5.7.mysql_aurora.2.12.4", { flavour: "aurora" })?.summary).toContain("ended");
    expect(judge("mariadb", "10.6.22")?.summary).toContain("at any time now, ready or not");
  });

  it("M2 wakes in the month before RDS upgrades by itself", () => {
    expect(judge("mysql", "5.7.44", { on: "2027-02-10" })?.severity).toBe("P2");
    expect(judge("mysql", "5.7.44", { on: "2027-03-10" })).toMatchObject({
      severity: "P3",
      summary: expect.stringContaining("extended support has ended, too"),
    });
    const self = { lifecycleSupport: "open-source-rds-extended-support-disabled" };
    expect(judge("postgres", "14.18", { on: "2027-02-10", self })?.severity).toBe("P2");
    expect(judge("postgres", "14.18", { on: "2027-02-10" })?.severity).toBe("P3");
  });

  it("M2 takes what is newer than its table for supported, and says of what is not in it that it does not know", () => {
    expect(judge("mysql", "9.7.1")).toBeUndefined();
    expect(judge("postgres", "18.1", { flavour: "aurora" })).toBeUndefined();
    expect(judge("mariadb", "10.4.34")).toMatchObject({
      confidence: 0.4,
      summary: expect.stringContaining("mariadb 10.4 ends is not known here"),
    });
    expect(judge("postgres", "9.6.24")?.summary).toContain("not known here");
  });

  it("M2 shows where the dates and the targets of today are, and no call that upgrades", () => {
    expect(judge("mysql", "8.0.42")?.actions[0]?.preview).toMatch(
      /^# No call is shown: .*describe-db-engine-versions --engine mysql --engine-version 8\.0\.42 .*describe-db-major-engine-versions/,
    );
  });
});
