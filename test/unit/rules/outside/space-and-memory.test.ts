import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { connectionsNearLimit } from "../../../../functions/core/rules/connections/connections-near-limit.ts";
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

  it("D11 raises no class for what a statement gives back when it ends", () => {
    const preview = (values: readonly number[]) =>
      storageLow
        .evaluate(
          kindView("aurora-provisioned", {
            values: { FreeLocalStorage: values.map((value) => value * gib) },
          }),
        )
        .flatMap(({ actions }) => actions)
        .map(({ id, automatic, preview }) => [id, automatic, preview.includes("modify-db-instance")]);
    expect(preview([60, 50, 40, 30, 20, 12])).toEqual([["scale-instance-class", false, false]]);
    // What is as small as ever belongs to the class.
    expect(preview(held(0.8))).toEqual([["scale-instance-class", true, true]]);
  });
});

describe("memory that connections take", () => {
  const mib = 1024 ** 2;
  const minutes = Array.from({ length: 30 }, (_, index) => index);
  const line = (from: number, to: number, begins = 0) =>
    minutes.map((minute) => from + ((to - from) * Math.max(0, minute - begins)) / (29 - begins));
  const scene = (
    connections: readonly number[],
    free: readonly number[],
    usual = { connections: 90, free: 860 * mib },
  ) =>
    metricView({
      self: { instanceClass: "db.t4g.medium" },
      overrides: { probes: [] },
      values: { DatabaseConnections: connections, FreeableMemory: free, SwapUsage: held(900 * mib) },
      readings: {
        DatabaseConnections: { baselineDay: usual.connections, baselineWeek: usual.connections },
        FreeableMemory: { baselineDay: usual.free, baselineWeek: usual.free },
      },
    });
  const both = scene(line(90, 260), line(860 * mib, 70 * mib));

  const flat = (value: number) => minutes.map(() => value);

  it("D3 is told of those that came before the window and stay, at least as many as there were", () => {
    const said = (...of: Parameters<typeof scene>) => memoryPressure.evaluate(scene(...of))[0];
    const late = line(180 * mib, 70 * mib);
    const finding = said(flat(400), late);
    expect(finding?.summary).toContain(
      "400 connections are open, 90 as a rule: most likely those that came have taken it, some 2.5 MiB each",
    );
    expect(finding?.actions.map(({ automatic }) => automatic)).toEqual([false]);
    // The same memory, and no more than half as many again, or none, or so many that each takes next to nothing.
    expect(said(flat(150), late)?.summary).not.toContain("as a rule");
    expect(said(flat(90), late)?.actions.map(({ automatic }) => automatic)).toEqual([true]);
    expect(said(flat(9000), late)?.summary).not.toContain("as a rule");
    // It falls now, and they came long ago; or they still come, and it fell long ago.
    expect(said(flat(400), line(860 * mib, 70 * mib))?.summary).not.toContain("as a rule");
    expect(said(line(200, 400), late)?.summary).not.toContain("as a rule");
  });

  it("D3 is told with the climb that took it, which explains the slots that run out", () => {
    const [finding] = memoryPressure.evaluate(both);
    expect(finding?.summary).toContain(
      "connections climbed as it fell, from 90 to 260, some 4.6 MiB for each: they have taken it",
    );
    expect(finding?.explains.map(({ cause }) => cause)).toContain("connections-near-limit");
    expect(connectionsNearLimit.evaluate(both)[0]).toMatchObject({ severity: "P3" });
  });

  it("A20 offers no larger class as a click then: the pools come first", () => {
    const [action] = memoryPressure.evaluate(both)[0]?.actions ?? [];
    expect(action).toMatchObject({ id: "scale-instance-class", automatic: false });
    expect(action?.preview).toMatch(/^# No call is shown: .*first the size of the pools/);
  });

  it("D3 blames no connections that came later, hardly came, or are too few for what is gone", () => {
    const blamed = (view: ReturnType<typeof metricView>): boolean =>
      memoryPressure.evaluate(view)[0]?.summary.includes("they have taken it") ?? false;
    const later = scene(line(90, 260), line(300 * mib, 70 * mib));
    const level = scene(held(92), line(860 * mib, 70 * mib));
    const ever = scene(line(90, 260), line(860 * mib, 70 * mib), { connections: 255, free: 860 * mib });
    const few = scene(line(90, 112), line(860 * mib, 70 * mib));
    const apart = scene(line(90, 260, 20), line(860 * mib, 70 * mib));
    expect([both, later, level, ever, few, apart].map(blamed)).toEqual([
      true,
      ...[false, false, false, false, false],
    ]);
    expect(memoryPressure.evaluate(level)[0]?.actions[0]?.preview).toContain("modify-db-instance");
    expect(connectionsNearLimit.evaluate(later)[0]).toMatchObject({ severity: "P2" });
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

describe("swap that grows from day to day", () => {
  const told = (day: number, week: number) =>
    memoryPressure.evaluate(
      metricView({
        self: { instanceClass: "db.r5.large" },
        values: { FreeableMemory: held(0.18 * gib), SwapUsage: held(1.5 * gib) },
        readings: {
          FreeableMemory: { baselineDay: 0.4 * gib, baselineWeek: 1.6 * gib },
          SwapUsage: { baselineDay: day * gib, baselineWeek: week * gib },
        },
      }),
    )[0];

  it("D2 is said with what it was a week ago, and makes it no worse", () => {
    expect(told(1.3, 0.03)?.summary).toContain("; 1.5 GiB are swapped out, 31 MiB a week ago");
    expect(told(1.3, 0.03)?.severity).toBe(told(1.45, 1.45)?.severity);
  });

  it("D2 is not said of what is swapped out as ever, nor twice of what has grown within the day", () => {
    expect(told(1.45, 1.45)?.summary).not.toContain("swapped out");
    expect(told(1.3, 1.6)?.summary).not.toContain("swapped out");
    expect(told(0.2, 0.03)?.summary).not.toContain("swapped out");
    expect(told(0.2, 0.03)?.summary).toContain("swap has grown to 1.5 GiB");
  });
});
