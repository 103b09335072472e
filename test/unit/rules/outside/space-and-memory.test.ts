import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { memoryPressure } from "../../../../functions/core/rules/resources/memory-pressure.ts";
import { storageLow } from "../../../../functions/core/rules/resources/storage-low.ts";
import { aVolume, kindView } from "../../../support/kind-scene.ts";
import { anEvent, held, metricView } from "../../../support/metric-scene.ts";

const gib = 1024 ** 3;

describe("space that runs out", () => {
  const volume = (values: readonly number[], status = "available") =>
    storageLow.evaluate(
      metricView({
        self: { status, storage: aVolume({ allocatedGib: 100 }) },
        values: { FreeStorageSpace: values.map((value) => value * gib) },
      }),
    )[0]?.summary;

  it("D4 names no time until full of what is full", () => {
    expect(volume([9, 7, 5, 3, 1, 0])).toContain("it is full by now");
    expect(volume([9, 7, 5, 3, 1, 0], "storage-full")).not.toContain("at the pace");
    expect(volume([40, 38, 36, 34, 32])).toMatch(/full in 1\d min/);
  });

  it("D4 tells local storage that is eaten by the pace, and who spills", () => {
    const spill = { name: "io/file/innodb/innodb_temp_file", load: 2 };
    const load: LoadDimension[] = [
      { by: "statement", items: [{ name: "SELECT a FROM t GROUP BY a", id: null, load: 3, waits: [spill] }] },
    ];
    const local = (values: readonly number[]) =>
      storageLow.evaluate(
        kindView("aurora-provisioned", {
          values: { FreeLocalStorage: values.map((value) => value * gib) },
          context: { load },
        }),
      )[0];
    expect(local([60, 50, 40, 30, 20, 12])).toMatchObject({
      subject: "local",
      severity: "P2",
      summary: expect.stringMatching(/used up in 1 min .*who spills most: SELECT a FROM t/),
    });
    expect(local(held(12))).toBeUndefined();
    expect(local([60, 58, 56, 54])).toBeUndefined();
  });
});

describe("memory that is free again", () => {
  it("D4 says first what RDS said, and then that it is free again", () => {
    const message = "The database is running with critically low memory; shared_buffers was lowered.";
    const view = metricView({
      self: { instanceClass: "db.r7g.large" },
      values: { FreeableMemory: held(9.8 * gib) },
      events: [anEvent(5, "notification", message)],
    });
    expect(memoryPressure.evaluate(view)[0]?.summary).toMatch(
      /^RDS said 5 min ago: The database .* was lowered; 9\.8 GiB of memory are free again/,
    );
  });
});
