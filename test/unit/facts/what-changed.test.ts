import { expect, it } from "vitest";
import type { Change } from "../../../functions/core/contract/context.ts";
import { whatChanged } from "../../../functions/core/facts/what-changed.ts";
import { collectedAt } from "../../support/evidence-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

const at = new Date(Date.parse(collectedAt) - 40 * 60_000).toISOString();

function changedBy(more: Pick<Change, "detail" | "before">) {
  const call = { source: "cloudtrail", subject: "orders-db", what: "ModifyDBInstance", by: "ana" } as const;
  return whatChanged(
    metricView({
      self: { instanceClass: "db.r6g.large", engineVersion: "17.4" },
      context: { changes: [{ ...call, at, error: null, ...more }] },
    }),
  ).map(({ kind, name, from, to }) => [kind, name, from, to]);
}

it("M7 a call that changes class, version and networks tells all three", () => {
  expect(
    changedBy({
      detail:
        "dBInstanceIdentifier=orders-db, dBInstanceClass=db.r6g.large, engineVersion=17.4, vpcSecurityGroupIds=sg-2, applyImmediately=true",
      before: { dBInstanceClass: "db.r6g.2xlarge", engineVersion: "16.9", vpcSecurityGroupIds: "sg-1" },
    }),
  ).toEqual([
    ["class", null, "db.r6g.2xlarge", "db.r6g.large"],
    ["major-upgrade", null, "16.9", "17.4"],
    ["call", "vpcSecurityGroupIds", "sg-1", "sg-2"],
  ]);
});

it("M7 a class and a version that a tool names as they are, are no change", () => {
  expect(
    changedBy({
      detail:
        "dBInstanceIdentifier=orders-db, dBInstanceClass=db.r6g.large, engineVersion=17.4, vpcSecurityGroupIds=sg-2",
      before: { vpcSecurityGroupIds: "sg-1" },
    }),
  ).toEqual([["call", "vpcSecurityGroupIds", "sg-1", "sg-2"]]);
});
