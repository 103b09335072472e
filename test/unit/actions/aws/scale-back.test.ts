import { describe, expect, it } from "vitest";
import { createMemoryMetrics } from "../../../../functions/adapters/memory/memory-metrics.ts";
import type { Changeable } from "../../../../functions/core/change-ports.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { openedAt } from "../../../support/incident-builder.ts";
import { aChangeable, anAwsOrder, changeableTarget, knownParameters } from "../../../support/rds-builder.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
/** A quiet day on db.m7g.xlarge. */
const quiet: Readonly<Record<string, number>> = {
  ...{ CPUUtilization: 30, DatabaseConnections: 120, FreeableMemory: 8 * gib, ReadIOPS: 900, WriteIOPS: 600 },
  ...{ ReadThroughput: 20 * mib, WriteThroughput: 10 * mib, ServerlessDatabaseCapacity: 11 },
  // Of a cluster of two, five minutes long.
  SampleCount: 10,
};

/** A day of readings every five minutes, with this at its worst; `hours`: how long it has been there. */
function aDay(worst: Readonly<Record<string, number>>, hours = 24, gap: readonly number[] = []) {
  const end = Date.parse(openedAt);
  return createMemoryMetrics(({ name, namespace, statistic, dimensions, periodSeconds }) => {
    const value = { ...quiet, ...worst }[statistic === "SampleCount" ? statistic : name];
    if (value === undefined || Number.isNaN(value))
      return { missing: "CloudWatch has no data points in this window" };
    const points = Array.from({ length: hours * 12 }, (_, at) => ({
      ...{ at: new Date(end - (at + 1) * 300_000).toISOString(), value: at === 40 ? value : value / 2 },
    }))
      .map((one) => (name === "FreeableMemory" ? { ...one, value } : one))
      .filter((_, at) => !gap.includes(at));
    return {
      id: name,
      namespace,
      statistic,
      dimensions: { ...dimensions },
      unit: null,
      periodSeconds,
      points,
    };
  });
}

const orderable = { ...{ DBInstanceClass: "db.m7g.xlarge" } };
const back = { from: "db.m7g.xlarge", to: "db.m7g.large" };
const scaleBack = (
  metrics: ReturnType<typeof aDay> | null,
  parameters = knownParameters,
  target: Target = changeableTarget,
  state: Partial<Changeable> = {},
) => {
  const world = awsWorld(
    { has: orderable, zones: ["eu-west-1a", "eu-west-1b"], ...state },
    parameters,
    metrics,
  );
  return { ...world, done: world.execute(anAwsOrder("scale-instance-class", { target }, back)) };
};

describe("A20 the class of before", () => {
  it("is what an undo gives back, named by the outcome from the first moment to the end", async () => {
    const { rds, execute, follow } = awsWorld();
    const order = anAwsOrder("scale-instance-class");
    const began = await execute(order);
    const undo = {
      actionId: "scale-instance-class",
      input: { of: "orders-db", from: "db.m7g.xlarge", to: "db.m7g.large" },
      preview: expect.stringContaining("--db-instance-class db.m7g.large"),
    };
    expect(began.undo).toMatchObject(undo);
    rds.settle();
    expect(await follow(order, began)).toMatchObject({ status: "done", undo });
  });

  it("is given back when the last 24 hours fit it, with the numbers", async () => {
    const { rds, done } = scaleBack(aDay({}));
    const outcome = await done;
    expect(outcome.status).toBe("running");
    expect(rds.sent).toHaveLength(1);
    expect(outcome.steps[0]?.says).toMatch(
      /The last 24 hours fit db.m7g.large: CPU 30 % of 4 vCPUs, and at most 80 % of 2 vCPUs; connections 120, .*IOPS 1500, and at most 80 % of 3600; throughput 30 MiB/,
    );
    expect(outcome.undo?.input).toMatchObject({ to: "db.m7g.xlarge" });
  });

  it.each([
    [{ CPUUtilization: 45 }, "CPU 45 % of 4 vCPUs"],
    [{ DatabaseConnections: 900 }, "connections 900"],
    [{ FreeableMemory: 1 * gib }, "memory beside the buffer pool"],
    [{ ReadIOPS: 2500 }, "IOPS 3100"],
    [{ WriteThroughput: 70 * mib }, "throughput 90 MiB"],
  ])("is not given back over a peak of %j", async (worst, says) => {
    const { rds, done } = scaleBack(aDay(worst));
    const { refusal } = await done;
    expect(refusal).toMatchObject({ guard: "below-peak", reason: expect.stringContaining(says) });
    expect(rds.sent).toEqual([]);
  });

  it.each([
    ["nobody can ask", null, "cannot be asked"],
    [
      "a metric is not there",
      aDay({ FreeableMemory: Number.NaN }),
      "FreeableMemory of orders-db: CloudWatch has no",
    ],
    ["the day is not whole", aDay({}, 20), "CPUUtilization of orders-db: 240 of 288"],
    ["a peak fits into a gap", aDay({}, 24, [97, 98, 99, 100]), "284 of 288"],
    ["the last minutes are missing", aDay({}, 24, [0, 1, 2, 3, 4]), "283 of 288"],
    ["the first hour is missing", aDay({}, 23), "276 of 288"],
  ])("is not given back where %s: not seen is never well", async (_, metrics, says) => {
    const { rds, done } = scaleBack(metrics);
    const { refusal } = await done;
    expect(refusal).toMatchObject({ guard: "peak-not-known", reason: expect.stringContaining(says) });
    expect(rds.sent).toEqual([]);
  });

  const ofAChange = [
    { at: openedAt, says: "Applying modification to database instance class" },
    { at: openedAt, says: "Finished applying modification to DB instance class" },
  ];

  const grew = { at: openedAt, from: "db.m7g.large", to: "db.m7g.xlarge" };

  it("is given back within the day of the growth that it takes back", async () => {
    const { rds, execute } = awsWorld({ has: orderable }, knownParameters, aDay({}));
    rds.events = async () => ofAChange;
    expect((await execute(anAwsOrder("scale-instance-class", {}, { ...back, grew }))).status).toBe("running");
  });

  it.each([
    ["nobody told when it grew", back],
    ["the class changed before it grew", { ...back, grew: { ...grew, at: "2026-11-21T23:00:00.000Z" } }],
    ["it grew from another class", { ...back, grew: { ...grew, from: "db.m7g.2xlarge" } }],
  ])("is not given back within the day of a change of class where %s", async (_what, input) => {
    const { rds, execute } = awsWorld({ has: orderable }, knownParameters, aDay({}));
    rds.events = async () => ofAChange;
    const { refusal } = await execute(anAwsOrder("scale-instance-class", {}, input));
    expect(refusal).toMatchObject({
      guard: "peak-not-known",
      reason: expect.stringContaining("RDS says at"),
    });
    expect(rds.sent).toEqual([]);
  });

  it("is told by the undo when it grew, and from what", async () => {
    const order = anAwsOrder("scale-instance-class");
    const { undo } = await awsWorld().execute(order);
    expect(undo?.input).toMatchObject({ grew: { ...grew, at: new Date(order.issuedAt).toISOString() } });
  });

  it("is not given back where the class changed twice within the day, nor where nobody can tell", async () => {
    const events = [
      async () => [...ofAChange, ...ofAChange],
      () => Promise.reject(new AwsError("Throttling", true, "x")),
    ];
    for (const asked of events) {
      const { rds, execute } = awsWorld({ has: orderable }, knownParameters, aDay({}));
      rds.events = asked;
      const { refusal } = await execute(anAwsOrder("scale-instance-class", {}, { ...back, grew }));
      expect(refusal?.guard).toBe("peak-not-known");
      expect(rds.sent).toEqual([]);
    }
  });

  it("is given back over the short gap that a restart leaves", async () => {
    expect((await scaleBack(aDay({}, 24, [0, 1, 2, 97, 98, 99])).done).status).toBe("running");
  });

  it("is not given back where a fixed buffer pool would not fit, nor by a formula that is not understood", async () => {
    const set = (value: string) => [
      { name: "shared_buffers", value, isSet: true, dynamic: false, modifiable: true },
    ];
    expect((await scaleBack(aDay({}), set("1048576")).done).refusal?.reason).toContain("would not start");
    expect((await scaleBack(aDay({}), set("{Something/2}")).done).refusal?.reason).toContain(
      "not understood",
    );
  });

  it.each([
    [{ engine: "mysql" }, {}, 4],
    [{ engine: "mariadb" }, {}, 8],
    [{}, [{ name: "huge_pages", value: "off", isSet: true, dynamic: false, modifiable: true }], 8],
  ] as const)(
    "is not given back over memory of which nobody sees how much is a half-filled pool: %j %j",
    async (engine, off, free) => {
      const parameters = "length" in off ? [...knownParameters, ...off] : knownParameters;
      const day = aDay({ FreeableMemory: free * gib });
      const { rds, done } = scaleBack(day, parameters, { ...changeableTarget, ...engine });
      const used = (16 - free) * 1024;
      expect((await done).refusal).toMatchObject({
        guard: "below-peak",
        reason: expect.stringContaining(
          `memory in use (how full the buffer pool is cannot be seen) ${used} MiB, and at most 90 % of 8192 MiB`,
        ),
      });
      expect(rds.sent).toEqual([]);
    },
  );

  it("is given back on MySQL while all that is used would fit", async () => {
    const day = aDay({ FreeableMemory: 9 * gib });
    const { done } = scaleBack(day, knownParameters, { ...changeableTarget, engine: "mysql" });
    expect((await done).status).toBe("running");
  });

  it("is a class that lives on credits for nobody", async () => {
    const { execute, rds } = awsWorld({ has: orderable }, knownParameters, aDay({}));
    const { refusal } = await execute(
      anAwsOrder("scale-instance-class", {}, { ...back, to: "db.t4g.large" }),
    );
    expect(refusal?.guard).toMatch(/not-orderable|peak-not-known/);
    expect(rds.sent).toEqual([]);
  });
});

describe("A20 the class of before, on Aurora", () => {
  const target: Target = {
    ...changeableTarget,
    ...{ name: "orders-1", flavour: "aurora", clusterId: "orders", resourceId: "cluster-ORDERS" },
  };
  const member = (id: string, DBInstanceClass: string) =>
    aChangeable({
      ...{ id, clusterId: "orders", resourceId: `db-${id}`, engine: "aurora-postgresql", multiAz: false },
      ...{ zones: ["eu-west-1a"], has: { DBInstanceClass, StorageType: "aurora" } },
    });
  const smaller = (
    worst: Readonly<Record<string, number>>,
    reader = "db.r6g.xlarge",
    to: string = "db.r6g.large",
  ) => {
    const world = awsWorld(
      { kind: "cluster", id: "orders", resourceId: "cluster-ORDERS", members: ["orders-1", "orders-2"] },
      [],
      aDay({ FreeableMemory: 16 * gib, ...worst }),
    );
    world.rds.databases.push(member("orders-1", "db.r6g.xlarge"), member("orders-2", reader));
    world.rds.orderable = async () => [
      { zones: ["eu-west-1a"], multiAzCapable: false, storageType: "aurora" },
    ];
    const input = { of: "orders-1", from: "db.r6g.xlarge", to };
    return { ...world, done: world.execute(anAwsOrder("scale-instance-class", { target }, input)) };
  };

  it("is given back while every member's day fits it, its IOPS and throughput too", async () => {
    const { rds, done } = smaller({ CPUUtilization: 30 });
    const outcome = await done;
    expect(outcome.status, outcome.summary).toBe("running");
    expect(outcome.steps[0]?.says).toContain("IOPS 1500, and at most 80 % of 3600");
    expect(rds.sent).toHaveLength(1);
  });

  it.each([
    ["more IOPS than it passes", { ReadIOPS: 2500 }, "db.r6g.xlarge", "below-peak", "IOPS 3100"],
    ["a member that is larger", { CPUUtilization: 30 }, "db.r6g.2xlarge", "below-peak", "30 % of 8 vCPUs"],
    ["a member of a class that nobody knows", {}, "db.serverless", "peak-not-known", "db.serverless"],
    ["a member that is gone", { SampleCount: 15 }, "db.r6g.xlarge", "peak-not-known", "had 3 instances"],
    ["nobody counted", { SampleCount: Number.NaN }, "db.r6g.xlarge", "peak-not-known", "how many"],
  ])("is not given back over %s", async (_what, worst, reader, guard, says) => {
    const { rds, done } = smaller(worst, reader);
    const { refusal } = await done;
    expect(refusal).toMatchObject({ guard, reason: expect.stringContaining(says) });
    expect(rds.sent).toEqual([]);
  });

  it("is not given back to a class of which nobody knows what it passes to storage", async () => {
    const { refusal } = await smaller({}, "db.r6g.xlarge", "db.x2g.large").done;
    expect(refusal).toMatchObject({
      ...{ guard: "peak-not-known", reason: expect.stringContaining("passes to storage is not known") },
    });
  });
});

describe("A21 the capacity of before", () => {
  const target: Target = {
    ...changeableTarget,
    ...{
      flavour: "aurora",
      clusterId: "orders",
      resourceId: "cluster-ORDERS",
      instanceClass: "db.serverless",
    },
  };
  const lower = (
    worst: Readonly<Record<string, number>>,
    members = ["orders-1", "orders-2"],
    { minAcu = 2, parameters = knownParameters.slice(0, 0) } = {},
  ) => {
    const cluster = { kind: "cluster", id: "orders", resourceId: "cluster-ORDERS", members } as const;
    const world = awsWorld(
      { ...cluster, has: { MinCapacity: minAcu, MaxCapacity: 32 } },
      parameters,
      aDay({ SampleCount: members.length * 5, ...worst }),
    );
    const order = anAwsOrder("take-snapshot", { actionId: "scale-serverless-capacity", target });
    const input = { of: "orders", fromAcu: 32, minAcu, maxAcu: 16 };
    return { ...world, done: world.execute({ ...order, input }) };
  };

  it("is given back while no member needed more, and names the way up again", async () => {
    const { rds, done } = lower({ ServerlessDatabaseCapacity: 12.5 });
    const outcome = await done;
    expect(outcome).toMatchObject({ status: "running", undo: { input: { fromAcu: 16, maxAcu: 32 } } });
    expect(outcome.steps[0]?.says).toContain("12.5 ACU at the peak, and at most 80 % of 16");
    expect(rds.sent).toHaveLength(1);
  });

  it("is not given back below the peak of a member, nor where RDS names none", async () => {
    expect((await lower({ ServerlessDatabaseCapacity: 13 }).done).refusal?.guard).toBe("below-peak");
    expect((await lower({}, []).done).refusal?.guard).toBe("peak-not-known");
    expect((await lower({ SampleCount: 15 }).done).refusal?.reason).toContain("one that is gone");
  });

  const set = (value: string) => [
    { name: "max_connections", value, isSet: true, dynamic: false, modifiable: true },
  ];
  it.each([
    [2700, 2, [], "2700 connections at the peak, and at most 80 % of 3244"],
    [1700, 0.5, [], "1700 connections at the peak, and at most 80 % of 2000"],
    [900, 2, set("1000"), "900 connections at the peak, and at most 80 % of 1000"],
    [900, 2, set("{Something/2}"), "not understood"],
  ])(
    "is not given back over %d connections at %d ACU and more: what may connect follows the largest",
    async (peak, minAcu, parameters, says) => {
      const { rds, done } = lower({ DatabaseConnections: peak }, ["orders-1"], { minAcu, parameters });
      expect((await done).refusal?.reason).toContain(says);
      expect(rds.sent).toEqual([]);
    },
  );
});

describe("A23 the IOPS of before", () => {
  const has = { StorageType: "io2", Iops: 3000, StorageThroughput: 500 };
  const tuned = () => anAwsOrder("tune-storage", {}, { type: "io2", iops: 6000 });

  it("are given back by what the outcome names, once a day fits them", async () => {
    const world = awsWorld({ has }, knownParameters, aDay({ ReadIOPS: 1500, WriteIOPS: 500 }));
    const began = await world.execute(tuned());
    expect(began.undo?.input).toMatchObject({ iops: 3000, takesBack: { iops: 6000 } });
    world.rds.settle();
    const { undo } = await world.follow(tuned(), began);
    const undone = await world.execute({ ...tuned(), orderId: "2", input: undo?.input ?? null });
    expect(undone.status).toBe("running");
    expect(undone.steps[0]?.says).toContain("IOPS 2000, and at most 80 % of 3000");
  });

  it("are not given back below the peak, nor where somebody has changed them since", async () => {
    const busy = awsWorld({ has: { ...has, Iops: 6000 } }, knownParameters, aDay({ ReadIOPS: 2500 }));
    const input = {
      ...{ of: "orders-db", fromGib: 100, sizeGib: 100, iops: 3000 },
      takesBack: { iops: 6000 },
    };
    expect((await busy.execute({ ...tuned(), input })).refusal?.guard).toBe("below-peak");
    const other = { ...input, takesBack: { iops: 5000 } };
    expect((await busy.execute({ ...tuned(), input: other })).refusal?.guard).toBe("state-changed");
    expect(busy.rds.sent).toEqual([]);
  });

  it("have no way back where the type changed, or the volume grew", async () => {
    const world = awsWorld({ has: { ...has, StorageType: "gp3" } });
    expect((await world.execute(tuned())).undo).toBeUndefined();
    const grown = await awsWorld({ has }).execute(anAwsOrder("grow-storage"));
    expect(grown.undo).toBeUndefined();
  });
});
