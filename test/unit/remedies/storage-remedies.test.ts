import { describe, expect, it } from "vitest";
import type { Member } from "../../../functions/core/contract/topology.ts";
import {
  leaveBurstCredits,
  relieveStorage,
} from "../../../functions/core/remedies/aws/storage-performance.ts";
import { growStorage } from "../../../functions/core/remedies/aws/storage-remedies.ts";
import { aVolume, kindView } from "../../support/kind-scene.ts";
import { anEvent } from "../../support/metric-scene.ts";

type Storage = Partial<NonNullable<Member["storage"]>>;
const on = (storage: Storage, self: Partial<Member> = {}) =>
  kindView("rds-instance", { self: { ...self, storage: aVolume(storage) } });
const modify = "aws rds modify-db-instance --db-instance-identifier orders-db";
const rest = "--apply-immediately --region eu-west-1";

describe("a volume that has to grow", () => {
  const at = (storage: Storage) => growStorage(on(storage))[0];

  it("A23 sends IOPS where there are any to provision, and none for a small gp3, which refuses them", () => {
    expect(at({ allocatedGib: 100 })?.preview).toBe(`${modify} --allocated-storage 120 ${rest}`);
    expect(at({ allocatedGib: 500, iops: 15_000 })?.preview).toBe(
      `${modify} --allocated-storage 600 --iops 15000 ${rest}`,
    );
    expect(at({ type: "io1", allocatedGib: 200, iops: 4000 })?.preview).toBe(
      `${modify} --allocated-storage 240 --iops 4000 ${rest}`,
    );
    expect(at({ type: "gp2", allocatedGib: 200, iops: null })?.preview).toBe(
      `${modify} --allocated-storage 240 ${rest}`,
    );
  });

  it("A23 stays under 400 GiB while that is enough, and else says that all data is copied", () => {
    expect(at({ allocatedGib: 350 })?.preview).toContain("--allocated-storage 399 --apply");
    const crossing = at({ allocatedGib: 380 });
    expect(crossing?.preview).toContain("--allocated-storage 456 --iops 12000 --storage-throughput 500 ");
    expect(crossing?.consequence).toContain("all data is copied");
    expect(at({ allocatedGib: 500, iops: 12_000 })?.consequence).not.toContain("copied");
  });

  it("A23 raises the limit of autoscaling that the new size leaves behind", () => {
    expect(at({ limitGib: 125 })?.preview).toContain("--max-allocated-storage 152 ");
    expect(at({ limitGib: 1000 })?.preview).not.toContain("--max-allocated-storage");
  });

  it("A0 is withheld while the last change is being optimized, and after four in a day", () => {
    const optimizing = on(
      { operation: "Optimizing", operationPercent: 37 },
      { status: "storage-optimization" },
    );
    expect(growStorage(optimizing)[0]?.preview).toMatch(
      /^# No call is shown: .*still being optimized \(37 %\)/,
    );
    const changed = (times: number) =>
      kindView("rds-instance", {
        context: {
          events: Array.from({ length: times }, (_, index) =>
            anEvent(
              60 * (index + 1),
              "configuration change",
              "Finished applying modification to allocated storage.",
            ),
          ),
        },
      });
    expect(growStorage(changed(4))[0]?.preview).toMatch(/^# .*4 times in the last 24 hours/);
    expect(growStorage(changed(3))[0]?.preview).toContain("modify-db-instance");
  });

  it("A23 is irreversible, shown or withheld: no volume shrinks; more IOPS of the same size are not", () => {
    const growing = [at({ allocatedGib: 100 }), at({ allocatedGib: null })];
    expect(growing.map((action) => action?.risk)).toEqual(["irreversible", "irreversible"]);
    for (const action of growing) expect(action?.consequence).toContain("Storage cannot shrink again.");
    const [faster] = relieveStorage(on({ allocatedGib: 500, iops: 12_000 }), "iops");
    expect(faster).toMatchObject({ risk: "disruptive", consequence: expect.not.stringContaining("shrink") });
  });

  it("A23 is shown in the very emergency: a database that RDS has stopped for want of space", () => {
    expect(growStorage(on({}, { status: "storage-full" }))[0]?.preview).toContain("--allocated-storage 120");
  });

  it("A23 says how large it is, and no size, where there is no larger one or it could not be seen", () => {
    expect(at({ allocatedGib: 65_000 })?.preview).toMatch(/^# .*65000 GiB of the 65536/);
    expect(at({ allocatedGib: null })?.preview).toMatch(/^# .*size of its volume could not be seen/);
    expect(growStorage(kindView("aurora-provisioned"))).toEqual([]);
  });
});

/** A class that passes what any of these volumes can be given. */
const wide = { instanceClass: "db.r6g.4xlarge" };

describe("storage that does not keep up", () => {
  const at = (sign: Parameters<typeof relieveStorage>[1], storage: Storage) =>
    relieveStorage(on(storage, wide), sign)[0]?.preview;

  it("A23 raises what has reached its limit, and nothing for slow requests under every limit", () => {
    const large = { allocatedGib: 500, iops: 12_000, throughputMibps: 500 };
    expect(at("iops", large)).toBe(`${modify} --allocated-storage 500 --iops 18000 ${rest}`);
    expect(at("throughput", large)).toBe(
      `${modify} --allocated-storage 500 --iops 12000 --storage-throughput 750 ${rest}`,
    );
    expect(at("latency", large)).toBeUndefined();
    expect(at("waits", large)).toBeUndefined();
  });

  it("A23 knows that gp3 under 400 GiB has no more to give, and io1 no more than 50 IOPS a GiB", () => {
    expect(at("throughput", { allocatedGib: 200 })).toBe(
      `${modify} --storage-type io2 --allocated-storage 200 --iops 9000 ${rest}`,
    );
    expect(at("iops", { allocatedGib: 50 })).toMatch(/^# .*cannot be raised/);
    expect(at("iops", { type: "io1", allocatedGib: 100, iops: 5000 })).toContain("--storage-type io2");
    expect(at("iops", { type: "io1", allocatedGib: 200, iops: 5000 })).toContain("--iops 8000 ");
    expect(at("iops", { type: "io1", allocatedGib: 120, iops: 5000 })).toContain("--iops 6000 ");
  });

  it("A23 offers beside io2 the size from which gp3 has more, never to be taken back, and nothing of it where it has", () => {
    const grown = (allocatedGib: number, type = "gp3") =>
      relieveStorage(on({ allocatedGib, type, iops: 3000 }, wide), "iops").find(
        ({ id }) => id === "grow-storage",
      );
    expect(grown(250)?.preview).toBe(
      `${modify} --allocated-storage 400 --iops 12000 --storage-throughput 500 ${rest}`,
    );
    expect(grown(250)).toMatchObject({
      risk: "irreversible",
      consequence: expect.stringContaining("all data is copied"),
    });
    expect(grown(50)?.preview).toContain("--allocated-storage 400 ");
    expect(grown(385)?.preview).toContain("--allocated-storage 424 ");
    expect(grown(400)).toBeUndefined();
    expect(grown(250, "io2")).toBeUndefined();
    expect(relieveStorage(on({ allocatedGib: 250 }), "latency")).toEqual([]);
  });

  it("A23 shows no call for operations that the class does not pass for longer than half an hour a day", () => {
    const offered = (instanceClass: string, storage: Storage) =>
      relieveStorage(on(storage, { instanceClass }), "iops");
    const small = { allocatedGib: 380, iops: 3000 };
    const withheld = offered("db.r6g.large", small);
    expect(withheld).toHaveLength(1);
    expect(withheld[0]).toMatchObject({ automatic: false });
    expect(withheld[0]?.preview).toContain("its class db.r6g.large itself passes 3600 operations a second");
    // No more than the class passes.
    expect(offered("db.r6g.xlarge", small)[0]?.preview).toContain(
      "--storage-type io2 --allocated-storage 380 --iops 6000 ",
    );
    expect(offered("db.r6g.xlarge", small)).toHaveLength(2);
    const striped = { allocatedGib: 500, iops: 12_000, throughputMibps: 500 };
    expect(offered("db.m6i.2xlarge", striped)[0]?.preview).toMatch(/^# No call/);
    expect(offered("db.m6i.4xlarge", striped)[0]?.preview).toContain("--iops 18000");
    // Another type has no credits, and costs no more.
    expect(offered("db.m5.large", { type: "gp2", allocatedGib: 900, iops: null })[0]?.preview).toContain(
      "gp3",
    );
  });

  it("A23 leaves the credits of gp2 for gp3 that is no slower", () => {
    const from = (storage: Storage) => leaveBurstCredits(on({ type: "gp2", iops: null, ...storage }))[0];
    expect(from({})?.preview).toBe(`${modify} --storage-type gp3 --allocated-storage 100 ${rest}`);
    expect(from({})?.consequence).toContain("125 MiB/s, gp2 up to 250");
    expect(from({ allocatedGib: 600 })?.preview).toContain("--iops 12000 --storage-throughput 1000 ");
    expect(from({ allocatedGib: 6000 })?.preview).toContain("--iops 18000 ");
  });
});
