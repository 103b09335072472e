import { describe, expect, it } from "vitest";
import { createMemoryMetrics } from "../../../../functions/adapters/memory/memory-metrics.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { openedAt } from "../../../support/incident-builder.ts";
import { aChangeable, anAwsOrder, changeableTarget, knownParameters } from "../../../support/rds-builder.ts";

const gib = 1024 ** 3;
const quiet: Readonly<Record<string, number>> = {
  ...{ CPUUtilization: 30, DatabaseConnections: 120, FreeableMemory: 8 * gib },
  ...{ ReadIOPS: 900, WriteIOPS: 600, ReadThroughput: 1e7, WriteThroughput: 1e7 },
  // Of a cluster of two, five minutes long.
  SampleCount: 10,
};

/** A quiet day of each instance, but for what is said of one. */
function aDayOf(busy: Readonly<Record<string, Readonly<Record<string, number>>>>) {
  const end = Date.parse(openedAt);
  return createMemoryMetrics(({ name, namespace, statistic, dimensions, periodSeconds }) => {
    const value = { ...quiet, ...busy[dimensions["DBInstanceIdentifier"] ?? ""] }[
      statistic === "SampleCount" ? statistic : name
    ];
    if (value === undefined || Number.isNaN(value))
      return { missing: "CloudWatch has no data points in this window" };
    const points = Array.from({ length: 288 }, (_, at) => ({
      ...{ at: new Date(end - (at + 1) * 300_000).toISOString(), value },
    }));
    const of = { ...{ id: name, namespace, statistic, dimensions: { ...dimensions } }, unit: null };
    return { ...of, periodSeconds, points };
  });
}

const target: Target = { ...changeableTarget, flavour: "aurora", clusterId: "orders" };
const cluster = aChangeable({ kind: "cluster", id: "orders", members: ["orders-db", "orders-2"] });

function smaller(metrics: ReturnType<typeof aDayOf>) {
  const has = { DBInstanceClass: "db.m7g.xlarge" };
  const world = awsWorld(
    { has, clusterId: "orders", zones: ["eu-west-1a", "eu-west-1b"] },
    knownParameters,
    metrics,
  );
  world.rds.databases.push(aChangeable({ id: "orders-2", has, clusterId: "orders" }));
  const { describe: ofInstance } = world.rds;
  world.rds.describe = async (ref, signal) => (ref.kind === "cluster" ? cluster : ofInstance(ref, signal));
  const order = anAwsOrder("scale-instance-class", { target }, { from: "db.m7g.xlarge", to: "db.m7g.large" });
  return { ...world, done: () => world.execute(order) };
}

describe("A20 a smaller class for one instance of Aurora", () => {
  it("has to carry the day of every member: each of them may have been the writer", async () => {
    const { done, rds } = smaller(aDayOf({ "orders-2": { CPUUtilization: 45 } }));
    expect((await done()).refusal).toMatchObject({
      guard: "below-peak",
      reason: expect.stringContaining("CPU 45 % of 4 vCPUs"),
    });
    expect(rds.sent).toEqual([]);
  });

  it("is not given where the class of another member changed within the day", async () => {
    const { done, rds } = smaller(aDayOf({}));
    const says = "Finished applying modification to DB instance class";
    rds.events = async ({ id }) =>
      id === "orders-2"
        ? [1, 2].map(() => ({ at: openedAt, says: says.replace("Finished applying", "Applying") }))
        : [];
    expect((await done()).refusal).toMatchObject({
      guard: "peak-not-known",
      reason: expect.stringContaining("of orders-2 RDS says"),
    });
  });

  it("is not given where a member's day, or who they are, cannot be seen", async () => {
    const unseen = smaller(aDayOf({ "orders-2": { CPUUtilization: Number.NaN } }));
    expect((await unseen.done()).refusal).toMatchObject({
      guard: "peak-not-known",
      reason: expect.stringContaining("CPUUtilization of orders-2"),
    });
    const blank = smaller(aDayOf({}));
    blank.rds.describe = async ({ kind }) =>
      kind === "cluster"
        ? Promise.reject(new AwsError("AccessDenied", true, "no"))
        : aChangeable({ has: { DBInstanceClass: "db.m7g.xlarge" }, clusterId: "orders" });
    expect((await blank.done()).refusal).toMatchObject({
      guard: "peak-not-known",
      reason: expect.stringContaining("the members of orders could not be asked for (AccessDenied)"),
    });
  });

  it("is given where all of them fit it", async () => {
    const { refusal } = await smaller(aDayOf({})).done();
    expect(refusal ?? null).toBeNull();
  });
});
