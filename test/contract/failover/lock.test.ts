import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { createDynamoDbClient } from "../../../functions/adapters/aws/clients.ts";
import { createDynamoFailoverLock } from "../../../functions/adapters/aws/failover/dynamo-failover-lock.ts";
import { createDynamoRunStore } from "../../../functions/adapters/aws/failover/dynamo-run-store.ts";
import { createRandomIds } from "../../../functions/adapters/aws/random-ids.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { UnreadableError } from "../../../functions/core/errors.ts";
import { createIncidentTable } from "../incident-table.ts";
import { onEndpoint } from "../on-endpoint.ts";
import { memoryFailover } from "./failover-world.ts";
import { aRun, failoverLockContract, runStoreContract } from "./lock.contract.ts";

describe("lock and runs of failovers in memory", () => {
  failoverLockContract(async () => memoryFailover().ports.lock);
  runStoreContract(async () => memoryFailover().ports.runs);
});

await onEndpoint("lock and runs of failovers in DynamoDB", (aws) => {
  const make = async () => {
    const client = createDynamoDbClient(aws);
    const shared = { client, table: await createIncidentTable(aws), ids: createRandomIds() };
    const runs = createDynamoRunStore({ ...shared, clock: createVirtualClock() });
    return { runs, lock: createDynamoFailoverLock({ ...shared, runs, clock: createVirtualClock() }) };
  };
  failoverLockContract(async () => (await make()).lock);
  runStoreContract(async () => (await make()).runs);

  const held = async () => {
    const { runs, lock } = await make();
    await runs.save({ ...aRun("run-1"), group: "orders" });
    const { token } = await lock.take("orders", "run-1");
    return { lock, stamp: { run: "run-1", token, effect: 5 } };
  };
  const refused = { code: "Deposed", refused: true };

  it("F4 admits an effect, the same again, and none that is older than the last", async () => {
    const { lock, stamp } = await held();
    await lock.admit(stamp, { kind: "change" });
    await lock.admit(stamp, { kind: "change" });
    await lock.admit({ ...stamp, effect: 6 }, { kind: "failover" });
    await expect(lock.admit(stamp, { kind: "change" })).rejects.toMatchObject(refused);
  });

  it("F4 admits nothing of a run that has no lock, lost it, or is not known", async () => {
    const { lock, stamp } = await held();
    const before = { ...stamp, token: stamp.token - 1 };
    await expect(lock.admit(before, { kind: "change" })).rejects.toMatchObject(refused);
    await expect(lock.admit({ ...stamp, run: "run-9" }, { kind: "change" })).rejects.toMatchObject(refused);
    await lock.release("orders", "run-1");
    await expect(lock.admit(stamp, { kind: "change" })).rejects.toMatchObject(refused);
  });

  it("F4 records what moves a writer before it is sent, and finds the group of who was promoted out of it", async () => {
    const { lock, stamp } = await held();
    expect(await lock.read("orders")).toEqual({ group: "orders", promoted: [], lastCallAt: null });
    const promoted = { node: "orders-db-1", resourceId: "db-1" };
    await lock.admit(stamp, { kind: "promotion", itsGroup: "its-own", ...promoted });
    await lock.admit(stamp, { kind: "promotion", itsGroup: "its-own", ...promoted });
    const record = await lock.read("its-own");
    expect(record).toMatchObject({ group: "orders", promoted: [promoted] });
    expect(record.lastCallAt).toMatch(/^\d{4}-/);
    expect(record).toMatchObject({ lastCallBy: "run-1", lastRun: "run-1" });
  });

  it("F4 knows who changed anything last beside who moved the writer, and leads nobody to a group by who was deposed", async () => {
    const { lock, stamp } = await held();
    await lock.admit(stamp, { kind: "failover" });
    await lock.release("orders", "run-1");
    const { token } = await lock.take("orders", "run-2");
    await lock.admit({ run: "run-2", token, effect: 1, group: "orders" }, { kind: "change" });
    expect(await lock.read("orders")).toMatchObject({ lastCallBy: "run-1", lastRun: "run-2" });
    const promotion = { kind: "promotion", itsGroup: "its-own", node: "orders-db-1", resourceId: "db-1" };
    await expect(
      lock.admit({ ...stamp, effect: 9 }, { ...promotion, kind: "promotion" as const }),
    ).rejects.toMatchObject(refused);
    expect((await lock.read("its-own")).group).toBe("its-own");
  });

  it("F4 leaves no call of a promotion that RDS refused: to an earlier run it would have moved the writer since", async () => {
    const { lock, stamp } = await held();
    const promotion = { kind: "promotion", itsGroup: "its-own", node: "orders-db-1", resourceId: "db-1" };
    const what = { ...promotion, kind: "promotion" as const };
    await lock.admit(stamp, what);
    await lock.retract(stamp, what);
    expect(await lock.read("orders")).toMatchObject({ lastCallAt: null, lastRun: "run-1" });
    await lock.admit({ ...stamp, effect: 6 }, { kind: "failover" });
    const { lastCallAt } = await lock.read("orders");
    await lock.release("orders", "run-1");
    const { token } = await lock.take("orders", "run-2");
    const next = { run: "run-2", token, effect: 1, group: "orders" };
    await lock.admit(next, what);
    expect(await lock.read("orders")).toMatchObject({ lastCallBy: "run-2" });
    await lock.retract(next, what);
    expect(await lock.read("orders")).toMatchObject({ lastCallAt, lastCallBy: "run-1" });
  });

  it("F4 a refused promotion overtakes nobody whose own try of the same replica stands, unanswered", async () => {
    const { lock, stamp } = await held();
    const promotion = { kind: "promotion", itsGroup: "its-own", node: "orders-db-1", resourceId: "db-1" };
    const what = { ...promotion, kind: "promotion" as const };
    await lock.admit(stamp, what);
    const { lastCallAt } = await lock.read("orders");
    await lock.release("orders", "run-1");
    const { token } = await lock.take("orders", "run-2");
    const later = { run: "run-2", token, effect: 1, group: "orders" };
    await lock.admit(later, what);
    await lock.retract(later, what);
    const record = await lock.read("its-own");
    expect(record).toMatchObject({ group: "orders", promoted: [{ node: "orders-db-1", tries: 1 }] });
    expect(record).toMatchObject({ lastCallAt, lastCallBy: "run-1" });
  });

  it("F3 leaves no call of a cluster's failover that RDS refused, but one before it that may have happened", async () => {
    const { lock, stamp } = await held();
    const what = { kind: "failover" as const };
    await lock.admit(stamp, what);
    await lock.retract(stamp, what);
    expect(await lock.read("orders")).toMatchObject({ lastCallAt: null, lastRun: "run-1" });
    await lock.admit({ ...stamp, effect: 6 }, what);
    await lock.admit({ ...stamp, effect: 7 }, what);
    await lock.retract({ ...stamp, effect: 6 }, what);
    await lock.retract({ ...stamp, effect: 7 }, what);
    expect(await lock.read("orders")).toMatchObject({ lastCallBy: "run-1" });
  });

  it("F4 takes back what was refused for certain, and not a try before it that may have happened", async () => {
    const { lock, stamp } = await held();
    const promotion = { kind: "promotion", itsGroup: "its-own", node: "orders-db-1", resourceId: "db-1" };
    const what = { ...promotion, kind: "promotion" as const };
    await lock.admit(stamp, what);
    await lock.retract(stamp, what);
    expect((await lock.read("orders")).promoted).toEqual([]);
    expect((await lock.read("its-own")).group).toBe("its-own");
    await lock.admit({ ...stamp, effect: 6 }, what);
    await lock.admit({ ...stamp, effect: 7 }, what);
    await lock.retract({ ...stamp, effect: 6 }, what);
    await lock.retract({ ...stamp, effect: 7 }, what);
    const record = await lock.read("its-own");
    expect(record).toMatchObject({ group: "orders", promoted: [{ node: "orders-db-1" }] });
    expect(record.lastCallAt).not.toBeNull();
  });
});

await onEndpoint("runs of failovers in one table, of two processes", (aws) => {
  /** Each with what it remembers, as two warm containers of one function. */
  const two = async () => {
    const client = createDynamoDbClient(aws);
    const shared = { client, table: await createIncidentTable(aws), clock: createVirtualClock() };
    const store = () => createDynamoRunStore({ ...shared, ids: createRandomIds() });
    return { ...shared, one: store(), other: store() };
  };
  const ending = { status: "failed", phase: "execute", says: "RDS refused it", nextCommand: "x" } as const;
  const watch = { kind: "watch-old-primary", node: "orders-db", since: 1, because: "fenced" } as const;

  it("F7 a run that the other one ended is open again by its redrive, and for as long as it watches", async () => {
    const { one, other } = await two();
    const begun = await one.save(aRun("run-1"));
    const ended = await other.save({ ...begun, phase: "ended", ending });
    expect(await one.open()).toEqual([]);
    const redriven = await one.save({ ...ended, keepsLock: true });
    expect(await other.open()).toEqual(["run-1"]);
    const going = await one.save({ ...redriven, phase: "fence", keepsLock: false });
    expect(await other.open()).toEqual(["run-1"]);
    const done = await one.save({ ...going, phase: "ended", duties: [watch] });
    expect(await other.open()).toEqual(["run-1"]);
    await other.save({ ...done, duties: [] });
    expect(await one.open()).toEqual([]);
  });

  it("F7 one that cannot be read stands beside the others, with whom it left where that much can be read", async () => {
    const { client, table, one } = await two();
    await one.save({ ...aRun("run-1"), oldResource: "db-ONE" });
    const begun = await one.save({ ...aRun("run-2"), oldResource: "db-TWO" });
    const broken = async (body: string) => {
      const item = { pk: "FAILOVER#run-2", sk: "STATE", revision: 1, isOpen: "yes", body };
      await DynamoDBDocumentClient.from(client).send(new PutCommand({ TableName: table, Item: item }));
      await expect(one.get("run-2")).rejects.toThrow(UnreadableError);
      const [first, second] = (await one.standing()).toSorted((a, b) => a.id.localeCompare(b.id));
      expect(first).toMatchObject({ id: "run-1", run: { oldResource: "db-ONE" } });
      expect(second).toMatchObject({ id: "run-2", run: null });
      return second?.unreadable;
    };
    const newer = await broken(JSON.stringify({ ...begun, phase: "a-newer-one" }));
    expect(newer).toMatchObject({ says: expect.stringContaining("FAILOVER#run-2"), oldResource: "db-TWO" });
    const driven = { ...begun, phase: "a-newer-one", driver: { name: "e", at: 7_000_000_000_000 } };
    expect(await broken(JSON.stringify(driven))).toMatchObject({ ended: false, wroteAt: 7_000_000_000_000 });
    expect(await broken("{")).toMatchObject({ oldResource: null });
  });

  it("F7 the mark of a redrive stays, whoever deletes the one before it in that moment", async () => {
    const { client, one, other } = await two();
    const begun = await one.save(aRun("run-1"));
    let late: (() => Promise<unknown>) | null = null;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "DeleteItemCommand") await late?.();
          return next(args);
        },
      { step: "initialize", name: "late" },
    );
    late = async () => {
      late = null;
      const stored = await other.get("run-1");
      if (stored !== null) await other.save({ ...stored, phase: "fence" });
    };
    await one.save({ ...begun, phase: "ended", ending });
    expect(late).toBeNull();
    expect(await one.open()).toEqual(["run-1"]);
    expect((await one.get("run-1"))?.phase).toBe("fence");
  });

  it("F7 so it does where the sweeper deletes the mark of a run that it saw ended", async () => {
    const { client, one, other } = await two();
    const begun = await one.save(aRun("run-1"));
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "DeleteItemCommand" && lost) throw new Error("no answer");
          return next(args);
        },
      { step: "initialize", name: "lost" },
    );
    let lost = true;
    const sent = one.save({ ...begun, phase: "ended", ending });
    await expect(sent).rejects.toThrow("no answer");
    lost = false;
    expect(await other.open()).toEqual([]);
    const ended = await other.get("run-1");
    if (ended === null) throw new Error("it is gone");
    await one.save({ ...ended, keepsLock: true });
    expect(await other.open()).toEqual(["run-1"]);
  });

  it("F7 the mark of a redrive stays where the sweeper lists between it and its run", async () => {
    const { client, clock, one, other } = await two();
    const begun = await one.save(aRun("run-1"));
    const ended = await one.save({ ...begun, phase: "ended", ending });
    // The run by its mark, which is not there; the mark; the run.
    let puts = 0;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "PutItemCommand") puts += 1;
          if (commandName === "PutItemCommand" && puts === 3) expect(await other.open()).toEqual([]);
          return next(args);
        },
      { step: "initialize", name: "between" },
    );
    const redriven = await one.save({ ...ended, keepsLock: true });
    expect(puts).toBe(3);
    expect(await other.open()).toEqual(["run-1"]);
    await one.save({ ...redriven, phase: "fence" });
    await clock.advance(61_000);
    expect(await other.open()).toEqual(["run-1"]);
  });

  it("F7 a mark is written once, and not with every look", async () => {
    const { client, one, other } = await two();
    const writes: string[] = [];
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "PutItemCommand") writes.push(commandName);
          return next(args);
        },
      { step: "initialize", name: "count" },
    );
    let run = await one.save(aRun("run-1"));
    expect(writes).toHaveLength(2);
    for (const store of [one, other, one]) run = await store.save({ ...run, phase: "wait" });
    expect(writes).toHaveLength(5);
  });
});

describe("a lock that does not answer", () => {
  it("F4 nobody is told that it is free", async () => {
    const client = createDynamoDbClient({ region: "eu-west-1", endpoint: "http://127.0.0.1:9" });
    const shared = { client, table: "none", ids: createRandomIds() };
    const runs = createDynamoRunStore({ ...shared, clock: createVirtualClock() });
    const lock = createDynamoFailoverLock({ ...shared, runs, clock: createVirtualClock() });
    await expect(lock.holder("orders")).rejects.toMatchObject({ refused: false });
    await expect(lock.take("orders", "run-1")).rejects.toMatchObject({ refused: false });
  });
});
