import { expect, it } from "vitest";
import type { Change } from "../../../functions/core/contract/context.ts";
import { whatChanged } from "../../../functions/core/facts/what-changed.ts";
import { collectedAt } from "../../support/evidence-builder.ts";
import { anEvent, metricView } from "../../support/metric-scene.ts";

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

it("M7 an event of before hides no newer call that sets a parameter to something else, and one of the same value does", () => {
  const group = { subject: "orders-17", source: "parameter-group" } as const;
  const told = (minutesAgo: number, value: string) => {
    const message = `Updated parameter jit to ${value} with apply method immediate`;
    const parameters = '[{"parameterName":"jit","parameterValue":"1","applyMethod":"immediate"}]';
    const call: Change = {
      at: new Date(Date.parse(collectedAt) - 10 * 60_000).toISOString(),
      source: "cloudtrail",
      subject: "orders-17",
      what: "ModifyDBParameterGroup",
      by: "ana",
      error: null,
      detail: `dBParameterGroupName=orders-17, parameters=${parameters}`,
    };
    const events = [{ ...anEvent(minutesAgo, "configuration change", message), ...group }];
    const view = metricView({ events, context: { changes: [call] } });
    return whatChanged(view).map(({ name, to, source }) => [name, to, source]);
  };
  expect(told(20 * 60, "0")).toEqual([
    ["jit", "1", "CloudTrail"],
    ["jit", "0", "DescribeEvents"],
  ]);
  expect(told(11, "1")).toEqual([["jit", "1", "DescribeEvents"]]);
  expect(told(9, "0")).toEqual([["jit", "0", "DescribeEvents"]]);
});

it("M7 a value by the memory of the class, set for a restart that a call asked for, is a change since then", () => {
  const call = (minutesAgo: number, what: string, subject: string, detail: string): Change => {
    const at = new Date(Date.parse(collectedAt) - minutesAgo * 60_000).toISOString();
    return { at, source: "cloudtrail", subject, what, by: "ana", error: null, detail };
  };
  const parameters =
    '[{"parameterName":"innodb_buffer_pool_size","parameterValue":"{DBInstanceClassMemory*92/100}","applyMethod":"pending-reboot"}]';
  const set = call(900, "ModifyDBParameterGroup", "orders-17", `parameters=${parameters}`);
  const reboot = call(890, "RebootDBInstance", "orders-db", "dBInstanceIdentifier=orders-db");
  const told = (...changes: Change[]) =>
    whatChanged(metricView({ context: { changes } })).map(({ kind, name, to, at: done }) => [
      kind,
      name,
      to,
      done,
    ]);
  expect(told(reboot, set)).toContainEqual([
    ...["parameter", "innodb_buffer_pool_size", "{DBInstanceClassMemory*92/100}"],
    reboot.at,
  ]);
  expect(told(set)).toEqual([]);
  expect(told({ ...reboot, error: "AccessDenied" }, set)).toEqual([]);
});
