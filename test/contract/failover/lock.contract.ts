import { expect, it } from "vitest";
import { newRun } from "../../../functions/core/contract/failover.ts";
import { ConflictError } from "../../../functions/core/errors.ts";
import type { FailoverLock, RunStore } from "../../../functions/core/failover/ports.ts";

const input = { database: "orders-db", reason: "down", kind: "unplanned", dryRun: false } as const;

export function aRun(id: string) {
  return newRun(id, { ...input, force: false, maxLagSeconds: 30 }, 1_000, false);
}

export function failoverLockContract(make: () => Promise<FailoverLock>): void {
  it("F4 is free before anybody takes it", async () => {
    const lock = await make();
    expect(await lock.holder("orders")).toBeNull();
  });

  it("F4 has one holder, and tells the others who it is", async () => {
    const lock = await make();
    const first = await lock.take("orders", "run-1");
    expect(first.run).toBe("run-1");
    expect(await lock.take("orders", "run-2")).toEqual(first);
    expect(await lock.holder("orders")).toEqual(first);
  });

  it("F4 raises the token with every taking, by the same run and after it was given back", async () => {
    const lock = await make();
    const first = await lock.take("orders", "run-1");
    const second = await lock.take("orders", "run-1");
    await lock.release("orders", "run-1");
    const third = await lock.take("orders", "run-2");
    expect(second.token).toBeGreaterThan(first.token);
    expect(third).toMatchObject({ run: "run-2" });
    expect(third.token).toBeGreaterThan(second.token);
  });

  it("F4 is given back by its holder alone, and twice is as once", async () => {
    const lock = await make();
    const held = await lock.take("orders", "run-1");
    await lock.release("orders", "run-2");
    expect(await lock.holder("orders")).toEqual(held);
    await lock.release("orders", "run-1");
    await lock.release("orders", "run-1");
    expect(await lock.holder("orders")).toBeNull();
  });

  it("F4 is not given back by an older token of the same run: it was taken anew since", async () => {
    const lock = await make();
    const before = await lock.take("orders", "run-1");
    const held = await lock.take("orders", "run-1");
    await lock.release("orders", "run-1", undefined, before.token);
    expect(await lock.holder("orders")).toEqual(held);
    await lock.release("orders", "run-1", undefined, held.token);
    expect(await lock.holder("orders")).toBeNull();
  });
}

export function runStoreContract(make: () => Promise<RunStore>): void {
  it("F7 keeps a run, and knows none of another name", async () => {
    const store = await make();
    const saved = await store.save(aRun("run-1"));
    expect(saved.revision).toBe(1);
    expect(await store.get("run-1")).toEqual(saved);
    expect(await store.get("run-2")).toBeNull();
  });

  it("F7 refuses whoever saves an older run than the stored one", async () => {
    const store = await make();
    const saved = await store.save(aRun("run-1"));
    await store.save({ ...saved, phase: "lock" });
    await expect(store.save({ ...saved, phase: "choose" })).rejects.toThrow(ConflictError);
    await expect(store.save(aRun("run-1"))).rejects.toThrow(ConflictError);
    expect((await store.get("run-1"))?.phase).toBe("lock");
  });

  it("F7 starts no run that nobody has stored before from the middle", async () => {
    const store = await make();
    await expect(store.save({ ...aRun("run-1"), revision: 3 })).rejects.toThrow(ConflictError);
  });

  it("F7 lists what somebody has to see to: runs that go on, and old primaries that are watched for", async () => {
    const store = await make();
    const goesOn = await store.save(aRun("run-1"));
    const ended = { ...(await store.save(aRun("run-2"))), phase: "ended" as const };
    const node = { kind: "watch-old-primary", node: "orders-db", since: 1, because: "fenced" } as const;
    const watching = await store.save({ ...ended, duties: [node] });
    expect([...(await store.open())].sort()).toEqual(["run-1", "run-2"]);
    const standing = (await store.standing()).map(({ id, run }) => [id, run?.phase]);
    expect(standing.toSorted()).toEqual([
      ["run-1", goesOn.phase],
      ["run-2", "ended"],
    ]);
    await store.save({ ...watching, duties: [] });
    expect(await store.open()).toEqual(["run-1"]);
    const failed = await store.save({ ...goesOn, phase: "ended" });
    expect(await store.open()).toEqual([]);
    await store.save({ ...failed, phase: "load" });
    expect(await store.open()).toEqual(["run-1"]);
  });
}
