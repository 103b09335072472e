import { describe, expect, it } from "vitest";
import type { MemoryRdsChanges } from "../../../../functions/adapters/memory/memory-rds-changes.ts";
import { executeAwsOrder } from "../../../../functions/core/actions/execute-aws.ts";
import type { Changeable } from "../../../../functions/core/change-ports.ts";
import type { WorkOrder } from "../../../../functions/core/contract/work-order.ts";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld as world } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder, awsInputs } from "../../../support/rds-builder.ts";

const actions = [
  "scale-instance-class",
  "grow-storage",
  "tune-storage",
  "reboot-instance",
  "take-snapshot",
] as const;

describe.each(actions)("A0 %s", (id) => {
  const order = anAwsOrder(id);

  it("sends one call, is followed, and is done when RDS shows it", async () => {
    const { rds, execute, follow } = world();
    const began = await execute(order);
    expect(began).toMatchObject({ status: "running", mayHaveActed: true });
    expect(rds.sent).toHaveLength(1);
    expect(await follow(order, began)).toMatchObject({ status: "running" });
    rds.settle();
    expect(await follow(order, began)).toMatchObject({ status: "done", mayHaveActed: true });
    expect(rds.sent).toHaveLength(1);
  });

  it("sends nothing a second time when the first attempt died after the call", async () => {
    const { rds, execute, follow } = world();
    await execute(order);
    const again = await execute(order, { repeated: true });
    expect(again.status).toBe("running");
    expect(rds.sent).toHaveLength(1);
    rds.settle();
    expect((await follow(order, again)).status).toBe("done");
  });

  it("finds again what an earlier attempt began when the order's time is over by then", async () => {
    const { rds, clock, execute } = world();
    await execute(order);
    await clock.advance(90_000);
    expect((await execute(order, { repeated: true })).status).toBe("running");
    expect((await execute(order)).refusal?.guard).toBe("order-expired");
    expect(rds.sent).toHaveLength(1);
  });

  it("follows a call whose answer was lost, and tells that it was", async () => {
    const { rds, execute, follow } = world();
    rds.answers.push("lost");
    const began = await execute(order);
    expect(began).toMatchObject({ status: "running", mayHaveActed: true });
    expect(began.summary).toContain("may have been taken");
    rds.settle();
    expect((await follow(order, began)).status).toBe("done");
    expect(rds.sent).toHaveLength(1);
  });

  it("tells in the end when a call without an answer was never taken", async () => {
    const { rds, clock, execute, follow } = world();
    rds.answers.push(new AwsError("TimeoutError", false, "socket hang up"));
    const began = await execute(order);
    expect(rds.sent).toEqual([]);
    await clock.advance(8 * 3_600_000 * 4);
    const ended = await follow(order, began);
    expect(ended.status).toMatch(/^(failed|not-verified)$/);
    expect(ended.summary).toContain("aws rds describe-");
  });

  it.each([
    ["Throttling", "rds-not-now"],
    ["InvalidDBInstanceStateFault", "rds-not-now"],
    ["AccessDenied", "rds-refused"],
    ["InsufficientDBInstanceCapacityFault", "rds-not-available"],
    ["SomethingNewFault", "rds-refused"],
  ])("has not acted when RDS answers %s", async (code, guard) => {
    const { rds, execute } = world();
    rds.answers.push(new AwsError(code, true, "said RDS"));
    const outcome = await execute(order);
    expect(outcome).toMatchObject({ status: "refused", mayHaveActed: false, refusal: { guard } });
    expect(outcome.summary).toContain(`${code}: said RDS`);
  });

  it("only looks when it is only tried", async () => {
    const { rds, execute } = world();
    expect((await execute(order, { dryRun: true })).summary).toContain("Nothing was done: only tried.");
    expect(rds.sent).toEqual([]);
  });

  it("D11 sends nothing that no person was asked about", async () => {
    const { rds, clock } = world();
    const unasked = { ...order, guards: { ...order.guards, unasked: true } };
    const signal = new AbortController().signal;
    const outcome = await executeAwsOrder(unasked, { rds, clock, repeated: false }, signal);
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "never-alone" } });
    expect(rds.sent).toEqual([]);
  });

  it("sends nothing to a database that it cannot see, and says so", async () => {
    const { rds, clock } = world();
    const blind: MemoryRdsChanges = {
      ...rds,
      describe: async () => Promise.reject(new AwsError("Throttling", true, "Rate exceeded")),
      snapshot: async () => Promise.reject(new AwsError("Throttling", true, "Rate exceeded")),
    };
    const outcome = await executeAwsOrder(
      order,
      { rds: blind, clock, repeated: false },
      new AbortController().signal,
    );
    expect(outcome).toMatchObject({ status: "failed", mayHaveActed: false });
    expect(outcome.summary).toContain("Nothing was sent");
  });

  it.each(["modifying", "stopped", "a-status-of-tomorrow", null])(
    "A0 is refused while the status is %s",
    async (status) => {
      const { rds, execute } = world({ status });
      const outcome = await execute(order);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "database-status" } });
      expect(outcome.refusal?.reason).toMatch(
        /RDS takes this call while it is available.* \(https:\/\/docs\.aws/,
      );
      expect(rds.sent).toEqual([]);
    },
  );

  it("is refused for a database made anew under the same name", async () => {
    const { execute } = world({ resourceId: "db-ANOTHER" });
    expect((await execute(order)).refusal?.guard).toBe("another-database");
  });

  it("says so when RDS knows no such database", async () => {
    const { execute } = world({ id: "bills-db" });
    expect((await execute(order)).refusal?.guard).toBe("no-such-database");
  });
});

describe.each(["scale-instance-class", "grow-storage", "tune-storage", "reboot-instance"] as const)(
  "%s",
  (id) => {
    it("A20 is refused when changes wait that were not shown, and names them", async () => {
      const { rds, execute } = world({ pending: [{ name: "EngineVersion", value: "18.1" }] });
      const outcome = await execute(anAwsOrder(id));
      expect(outcome.refusal).toMatchObject({ guard: "pending-changes" });
      expect(outcome.refusal?.reason).toContain("EngineVersion (18.1)");
      expect(rds.sent).toEqual([]);
    });

    it("A20 goes on when what waits was shown", async () => {
      const { execute } = world({ pending: [{ name: "EngineVersion", value: "18.1" }] });
      expect((await execute(anAwsOrder(id, {}, { pending: ["EngineVersion=18.1"] }))).status).toBe("running");
    });
  },
);

describe("what is refused of one of them alone", () => {
  const guardOf = async (order: WorkOrder, state: Partial<Changeable> = {}) => {
    const { rds, execute } = world(state);
    const { refusal } = await execute(order);
    expect(rds.sent).toEqual([]);
    return refusal?.guard;
  };
  const scale = (input: object, guards: object = {}) =>
    anAwsOrder(
      "scale-instance-class",
      { guards: { ...anAwsOrder("take-snapshot").guards, ...guards } },
      input,
    );

  it("A20 a class that cannot be ordered in one of its zones", async () => {
    expect(await guardOf(scale({ to: "db.m7g.2xlarge" }))).toBe("not-orderable");
    expect(await guardOf(scale({ to: "db.m7g.4xlarge" }))).toBe("not-orderable");
  });

  it("A20 a class above the ceiling, whatever its family, and one that cannot be compared", async () => {
    expect(await guardOf(scale({}, { maxInstanceClass: "db.r7g.large" }))).toBe("class-ceiling");
    expect(await guardOf(scale({ to: "db.m7g.metal" }, { maxInstanceClass: "db.r7g.large" }))).toBe(
      "class-ceiling",
    );
    expect(await guardOf(scale({ to: "db.m7g.4xlarge" }, { maxInstanceClass: "db.r7g.4xlarge" }))).toBe(
      "not-orderable",
    );
  });

  it("A20 A26 an outage while a large transaction is open", async () => {
    expect(await guardOf(scale({ openSeconds: 601 }))).toBe("large-transaction");
    expect(await guardOf(anAwsOrder("reboot-instance", {}, { openSeconds: 601 }))).toBe("large-transaction");
  });

  it.each(["reboot-instance", "scale-instance-class"] as const)(
    "A26 %s is judged by the last look before the order, and not by what was shown",
    async (id) => {
      const at = new Date(Date.parse(anAwsOrder(id).issuedAt) - 30_000).toISOString();
      const by = (seconds: number | null, shown: number) => {
        const { guards } = anAwsOrder(id);
        return anAwsOrder(
          id,
          { guards: { ...guards, openTransaction: { seconds, at } } },
          { openSeconds: shown },
        );
      };
      expect((await world().execute(by(4, 3600))).status).toBe("running");
      expect(await guardOf(by(590, 5))).toBe("large-transaction");
      expect(await guardOf(by(569, 5), { status: "stopped" })).toBe("database-status");
      const { steps } = await world().execute(by(null, 3600));
      expect(steps.map(({ says }) => says).join(" ")).toContain("could not be seen from outside");
    },
  );

  it("A20 says when it is not known whether one is open", async () => {
    const { execute } = world();
    const { steps } = await execute(scale({ openSeconds: null }));
    expect(steps.map(({ says }) => says).join(" ")).toContain("could not be seen from outside");
  });

  it("A20 a class or a size that has become another since", async () => {
    expect(await guardOf(scale({ from: "db.m7g.medium" }))).toBe("state-changed");
    expect(await guardOf(anAwsOrder("grow-storage", {}, { fromGib: 90 }))).toBe("state-changed");
  });

  it("A23 what RDS does not take of the volume now", async () => {
    expect(await guardOf(anAwsOrder("grow-storage", {}, { sizeGib: 105 }))).toBe("not-valid-now");
    expect(await guardOf(anAwsOrder("tune-storage", {}, { iops: 500 }))).toBe("not-valid-now");
    expect(await guardOf(anAwsOrder("tune-storage", {}, { type: "io1" }))).toBe("not-valid-now");
  });

  it("A23 a change of storage while the last one is optimized", async () => {
    const storageOperation = { status: "Optimizing", percent: 12 };
    expect(await guardOf(anAwsOrder("grow-storage"), { storageOperation })).toBe("storage-optimizing");
    expect(await guardOf(anAwsOrder("grow-storage"), { status: "storage-optimization" })).toBe(
      "database-status",
    );
  });

  it("A40 an input that is not one of the action, and an action that this version does not know", async () => {
    expect(await guardOf(anAwsOrder("take-snapshot", {}, { name: "two--hyphens" }))).toBe("unknown-action");
    expect(await guardOf(anAwsOrder("take-snapshot", { actionId: "delete-database" }))).toBe(
      "unknown-action",
    );
  });
});

describe("A24 a parameter", () => {
  const order = (input: object = {}, overrides: Partial<WorkOrder> = {}) =>
    anAwsOrder("change-parameter", overrides, input);
  const set = (name: string) => ({ values: [{ name, value: "1" }] });

  it("is set once, told with what it was, and proved by what the group has", async () => {
    const { rds, execute, follow } = world();
    const began = await execute(order());
    expect(began.status).toBe("running");
    expect(began.steps.map(({ says }) => says).join(" ")).toContain(
      "Before: max_wal_size 4096, in orders-17.",
    );
    expect(rds.sent).toEqual([
      {
        operation: "ModifyDBParameterGroup",
        input: {
          DBParameterGroupName: "orders-17",
          Parameters: [{ ParameterName: "max_wal_size", ParameterValue: "8192", ApplyMethod: "immediate" }],
        },
      },
    ]);
    const done = await follow(order(), began);
    expect(done).toMatchObject({ status: "done", summary: expect.stringContaining("in-sync") });
    expect((await execute(order(), { repeated: true })).status).toBe("already-done");
    expect(rds.sent).toHaveLength(1);
  });

  it("is not done while an instance applies it, and has failed where it could not", async () => {
    const { rds, execute, follow } = world();
    const began = await execute(order());
    const applying = (status: string) => aChangeable({ parameterGroups: [{ name: "orders-17", status }] });
    rds.databases[0] = applying("applying");
    expect((await follow(order(), began)).status).toBe("running");
    rds.databases[0] = applying("failed-to-apply");
    const failed = await follow(order(), began);
    expect(failed.status).toBe("failed");
    expect(failed.summary).toContain("aws rds describe-db-parameters --db-parameter-group-name orders-17");
  });

  it("is not done already in a group that the database does not use, or could not apply", async () => {
    const values = { values: [{ name: "max_wal_size", value: "4096" }] };
    const group = (name: string, status: string | null) => ({ parameterGroups: [{ name, status }] });
    const told = async (state: Partial<Changeable>) => {
      const { status, refusal } = await world(state).execute(order(values));
      return [status, refusal?.guard];
    };
    expect(await told(group("orders-18", "in-sync"))).toEqual(["refused", "another-database"]);
    expect(await told(group("orders-17", "failed-to-apply"))).toEqual(["refused", "not-applied"]);
    expect(await told(group("orders-17", "applying"))).toEqual(["not-verified", undefined]);
    expect(await told(group("orders-17", null))).toEqual(["not-verified", undefined]);
    expect(await told(group("orders-17", "in-sync"))).toEqual(["already-done", undefined]);
  });

  it("is sent for now where the group has the value and it waits for a restart", async () => {
    const { rds, execute } = world({ parameterGroups: [{ name: "orders-17", status: "pending-reboot" }] });
    await execute(order({ values: [{ name: "max_wal_size", value: "4096" }] }));
    expect(rds.sent).toHaveLength(1);
  });

  it("has failed where the database has got another group meanwhile, and is not done while nothing is told", async () => {
    const { rds, execute, follow } = world();
    const began = await execute(order());
    rds.databases[0] = aChangeable({ parameterGroups: [{ name: "orders-17", status: null }] });
    expect((await follow(order(), began)).status).toBe("running");
    rds.databases[0] = aChangeable({ parameterGroups: [{ name: "orders-18", status: "in-sync" }] });
    const swapped = await follow(order(), began);
    expect(swapped).toMatchObject({
      status: "failed",
      summary: expect.stringContaining("does not use it any more"),
    });
  });

  it.each([
    ["default-group", { of: "default.postgres17" }, "default group"],
    ["parameter-not-dynamic", set("shared_buffers"), "shared_buffers is static"],
    ["parameter-not-dynamic", set("fsync"), "fsync cannot be modified"],
    ["parameter-not-dynamic", set("maxx_wal"), "maxx_wal is no parameter of it"],
    ["another-database", { of: "bills-17" }, "does not use the parameter group bills-17"],
  ])("is refused by %s for %j", async (guard, input, says) => {
    const { rds, execute } = world();
    const { refusal } = await execute(order(input));
    expect(refusal?.guard).toBe(guard);
    expect(refusal?.reason).toContain(says);
    expect(rds.sent).toEqual([]);
  });

  it("is refused where others use the group, who are named, and not where they were shown", async () => {
    const { rds, execute } = world();
    rds.databases.push(aChangeable({ id: "bills-db" }));
    const { refusal } = await execute(order());
    expect(refusal).toMatchObject({ guard: "shared-group", reason: expect.stringContaining("bills-db") });
    expect(rds.sent).toEqual([]);
    expect((await execute(order({ usedBy: ["bills-db"] }))).status).toBe("running");
  });

  it("is followed when its answer was lost", async () => {
    const { rds, execute, follow } = world();
    rds.answers.push("lost");
    const began = await execute(order());
    expect(began.summary).toContain("may have been taken");
    expect((await follow(order(), began)).status).toBe("done");
  });
});

describe("how far it is", () => {
  it("A23 storage-optimization is not done, and its progress is told", async () => {
    const { rds, execute, follow } = world();
    const order = anAwsOrder("grow-storage");
    const began = await execute(order);
    rds.settle();
    const [grown = aChangeable()] = rds.databases;
    rds.databases[0] = {
      ...grown,
      status: "storage-optimization",
      storageOperation: { status: "Optimizing", percent: 40 },
    };
    const looked = await follow(order, began);
    expect(looked.status).toBe("running");
    expect(looked.summary).toContain("storage: Optimizing 40 %");
    rds.databases[0] = grown;
    expect((await follow(order, began)).status).toBe("done");
  });

  it("A23 an instance that has stopped for want of room takes the change", async () => {
    const { rds, execute } = world({ status: "storage-full" });
    expect((await execute(anAwsOrder("grow-storage"))).status).toBe("running");
    expect(rds.sent).toHaveLength(1);
  });

  it("A20 says that RDS has let go of a change, with the next command", async () => {
    const { rds, clock, execute, follow } = world();
    const order = anAwsOrder("scale-instance-class");
    const began = await execute(order);
    rds.databases[0] = aChangeable();
    expect((await follow(order, began)).status).toBe("running");
    await clock.advance(301_000);
    const ended = await follow(order, began);
    expect(ended).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(ended.summary).toContain("db.m7g.large");
    expect(ended.summary).toContain(
      "aws rds describe-events --source-type db-instance --source-identifier orders-db",
    );
  });

  it("A20 ends with what it is like and the next command when it lasts too long", async () => {
    const { clock, execute, follow } = world();
    const order = anAwsOrder("scale-instance-class");
    const began = await execute(order);
    await clock.advance(7_201_000);
    const ended = await follow(order, began);
    expect(ended.status).toBe("not-verified");
    expect(ended.summary).toMatch(
      /modifying and still has DBInstanceClass db.m7g.large; pending: .*Next: aws rds/,
    );
  });

  it("A20 is not needed any more when the class is there", async () => {
    const { rds, execute } = world({ has: { DBInstanceClass: "db.m7g.xlarge" } });
    expect((await execute(anAwsOrder("scale-instance-class"))).status).toBe("already-done");
    expect(rds.sent).toEqual([]);
  });

  it("A26 a restart is proved by what waited for it, where no event comes", async () => {
    const group = (status: string) => ({ parameterGroups: [{ name: "orders-17", status }] });
    const { rds, execute, follow } = world(group("pending-reboot"));
    const order = anAwsOrder("reboot-instance");
    const began = await execute(order);
    rds.databases[0] = aChangeable(group("pending-reboot"));
    expect((await follow(order, began)).status).toBe("running");
    rds.databases[0] = aChangeable(group("in-sync"));
    const done = await follow(order, began);
    expect(done).toMatchObject({ status: "done", summary: expect.stringContaining("orders-17 is applied") });
  });

  it("A23 a fifth change of storage in a day is not asked of RDS", async () => {
    const { rds, clock } = world();
    const at = new Date(clock.now() - 3_600_000).toISOString();
    const says = "Finished applying modification to allocated storage";
    const busy: MemoryRdsChanges = { ...rds, events: async () => [1, 2, 3, 4].map(() => ({ at, says })) };
    const signal = new AbortController().signal;
    const order = anAwsOrder("grow-storage");
    const { refusal } = await executeAwsOrder(order, { rds: busy, clock, repeated: false }, signal);
    expect(refusal?.guard).toBe("storage-changes");
    expect(rds.sent).toEqual([]);
  });

  it("A0 what is sent is what was shown", async () => {
    for (const id of actions) {
      const { rds, execute } = world();
      const { steps } = await execute(anAwsOrder(id));
      const [call] = rds.sent;
      expect(call?.input).toMatchObject({ DBInstanceIdentifier: awsInputs[id].of });
      expect(steps.map(({ says }) => says).filter((says) => says.startsWith("Sent: aws rds "))).toHaveLength(
        1,
      );
    }
  });
});
