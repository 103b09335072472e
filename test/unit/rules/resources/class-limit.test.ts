import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { burstBalanceExhausted } from "../../../../functions/core/rules/resources/burst-balance-exhausted.ts";
import { instanceLimitReached } from "../../../../functions/core/rules/resources/instance-limit-reached.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aVolume, type KindScene, kindView } from "../../../support/kind-scene.ts";
import { held } from "../../../support/metric-scene.ts";

const mbit = 1e6 / 8;
const wide = aVolume({ allocatedGib: 2000, iops: 64_000, throughputMibps: 4000 });

const scene = (instanceClass: string, values: KindScene["values"], storage = wide): KindScene => ({
  self: { instanceClass, storage },
  ...(values === undefined ? {} : { values }),
});
const judge = (...input: Parameters<typeof scene>) =>
  instanceLimitReached.evaluate(kindView("rds-instance", scene(...input)));

const slow = { ReadLatency: held(0.05), ReadIOPS: held(9000), DiskQueueDepth: held(20) };

describe("limits of the instance class", () => {
  it("M1 is silent below them, for a class it does not know, and where the volume may do no more", () => {
    const busy = { ReadThroughput: held(4000 * mbit), WriteThroughput: held(600 * mbit) };
    expect(judge("db.r6g.4xlarge", { ReadThroughput: held(3000 * mbit) })).toEqual([]);
    expect(judge("db.x9.4xlarge", busy)).toEqual([]);
    expect(judge("db.r6g.4xlarge", busy, aVolume({ iops: 64_000, throughputMibps: 500 }))).toEqual([]);
    expect(judge("db.r6g.4xlarge", busy)).toHaveLength(1);
  });

  it("M1 adds up reads and writes, notes a limit that hurts nobody and wakes for one that does", () => {
    const busy = { ReadThroughput: held(4000 * mbit), WriteThroughput: held(600 * mbit) };
    expect(judge("db.r6g.4xlarge", busy)[0]).toMatchObject({ severity: "P3", actions: [], explains: [] });
    expect(judge("db.r6g.4xlarge", { ...busy, ...slow })[0]).toMatchObject({
      severity: "P2",
      subject: "storage throughput",
      summary: expect.stringContaining("db.r6g.4xlarge has been at its limit to storage for 10 min"),
    });
    const [found] = judge("db.r6g.large", { ...busy, ...slow });
    expect(found?.summary).toContain("which it keeps up for half an hour a day");
    expect(found?.actions[0]?.preview).toContain("--db-instance-class db.r6g.xlarge");
  });

  it("M1 knows operations and the network, each way by itself", () => {
    const iops = { ReadIOPS: held(15_000), WriteIOPS: held(4500), ReadLatency: held(0.05) };
    expect(judge("db.m5.4xlarge", iops).map(({ subject }) => subject)).toEqual(["storage IOPS"]);
    const network = { NetworkTransmitThroughput: held(9900 * mbit), NetworkReceiveThroughput: held(9e6) };
    expect(judge("db.m5.4xlarge", network)).toMatchObject([{ subject: "network transmit", severity: "P2" }]);
    const both = { ReadThroughput: held(1e12), ...network };
    const aurora = kindView("aurora-provisioned", {
      self: { instanceClass: "db.r6g.4xlarge" },
      values: both,
    });
    expect(instanceLimitReached.evaluate(aurora).map(({ subject }) => subject)).toEqual(["network transmit"]);
  });

  it("D2 is the root of slow storage whose volume is not at its limit", () => {
    const busy = { ReadThroughput: held(4700 * mbit), ...slow };
    const { evidence } = kindView("rds-instance", scene("db.r6g.4xlarge", busy));
    expect(diagnose(evidence, defaultSettings).rootCauses[0]).toBe(
      "instance-limit-reached:storage throughput",
    );
  });

  it("M1 says what a class without credits falls to, where it is known", () => {
    const at = (instanceClass: string) =>
      burstBalanceExhausted.evaluate(
        kindView("rds-instance", scene(instanceClass, { "EBSByteBalance%": held(1) })),
      )[0]?.summary;
    expect(at("db.r6g.large")).toContain("its baseline only, 75 MiB a second on db.r6g.large");
    expect(at("db.r7g.large")).toMatch(/storage gives its baseline only$/);
  });
});
