import { describe, expect, it } from "vitest";
import { storageFillers } from "../../../functions/core/facts/storage-fillers.ts";
import { fullIn, spaceOf } from "../../../functions/core/facts/storage-space.ts";
import { storageTold } from "../../../functions/core/facts/storage-told.ts";
import { storageWordOf } from "../../../functions/core/facts/storage-words.ts";
import { anEvent, held, type MetricScene, metricView } from "../../support/metric-scene.ts";

const gib = 1024 ** 3;
const wordOf = (message: string) => storageWordOf(anEvent(5, "low storage", message));

describe("the words of RDS on storage", () => {
  it.each([
    [7, "full", "Allocated storage has been exhausted. Allocate additional storage to resolve."],
    [
      221,
      "full",
      "DB instance has reached the storage-full threshold, and the database has been shut down. You can increase the allocated storage to address this issue.",
    ],
    [
      222,
      "low",
      "Free storage capacity for DB instance orders-db is low at 4% of the allocated storage [Allocated storage: 100 GB, Free storage: 4.00 GB]. The database will be shut down to prevent corruption if free storage is lower than 1 GB.",
    ],
    [
      89,
      "low",
      "The free storage capacity for DB instance: orders-db is low at 8.5% of the provisioned storage [Provisioned Storage: 19.55 GB, Free Storage: 1.66 GB]. You may want to increase the provisioned storage to address this issue.",
    ],
    [
      227,
      "low",
      "Your Aurora cluster's storage is dangerously low with only 3 terabytes remaining. Please take measures to reduce the storage load on your cluster.",
    ],
    [
      330,
      "log-volume",
      "The free storage capacity of the dedicated transaction log volume is too low for DB instance orders-db. The log volume free storage is 5% of the allocated storage.",
    ],
    [17, "grown", "Finished applying modification to allocated storage."],
    [218, "grown", "Finished applying autoscaling-initiated modification to allocated storage."],
    [217, "growing", "Applying autoscaling-initiated modification to allocated storage."],
    [
      224,
      "stuck",
      "Storage autoscaling has triggered a pending scale storage task that will reach or exceed the maximum storage threshold. Increase the maximum storage threshold.",
    ],
    [223, "stuck", "Storage autoscaling is unable to scale the storage for the reason: quota."],
    [
      220,
      "stuck",
      "DB instance is in the cooling-off period for a previous scale storage operation. We're optimizing your DB instance. This takes at least 6 hours.",
    ],
  ])("S4 RDS-EVENT-%i is taken for %s", (_number, effect, message) => {
    expect(wordOf(message)?.effect).toBe(effect);
  });

  it.each([
    ["grown", "Storage was changed: allocated storage has been increased from 50 GB to 80 GB."],
    ["full", "The instance is out of disk space."],
    ["low", "Storage space of the instance is running low (3 GB of 50 GB)."],
  ])("S4 a text that no page has is taken for %s by its meaning", (effect, message) => {
    expect(wordOf(message)?.effect).toBe(effect);
  });

  it("S4 gives what the volume had before it grew", () => {
    expect(wordOf("Allocated storage has been increased from 50 GB to 80 GB.")).toMatchObject({
      grewFromBytes: 50 * gib,
    });
  });

  it("S4 gives the numbers that stand in them", () => {
    expect(
      wordOf(
        "The free storage capacity for DB instance: a is low at 8.5% of the provisioned storage [Provisioned Storage: 20 GB, Free Storage: 1.5 GB].",
      ),
    ).toMatchObject({ freePercent: 8.5, freeBytes: 1.5 * gib, allocatedBytes: 20 * gib });
    expect(wordOf("Allocated storage has been exhausted.")).toMatchObject({
      freePercent: null,
      freeBytes: null,
    });
    expect(wordOf("Backing up DB instance")).toBeNull();
  });

  it("S4 forgets what was said before the volume grew, and keeps why autoscaling does not help", () => {
    const low = anEvent(50, "low storage", "The free storage capacity for DB instance: a is low at 9% …");
    const grown = anEvent(20, "configuration change", "Finished applying modification to allocated storage.");
    const stuck = anEvent(
      10,
      "failure",
      "Storage autoscaling is unable to scale the storage for the reason: x",
    );
    const told = (...events: (typeof low)[]) => storageTold(metricView({ events }));
    expect(told(low, stuck)).toMatchObject({
      effect: "low",
      minutes: 50,
      stuck: stuck.message.replace(".", ""),
    });
    expect(told(low, grown)).toBeNull();
  });
});

describe("a volume that fills", () => {
  const falling = Array.from({ length: 12 }, (_, minute) => (30 - 2 * minute) * gib);
  const fillersOf = (scene: MetricScene) => {
    const view = metricView(scene);
    return storageFillers(view, spaceOf(view));
  };
  const copy = { name: "COPY events FROM STDIN", id: null, load: 1.5, waits: [] };
  const read = { name: "SELECT * FROM events", id: null, load: 0.5, waits: [] };
  const load = [{ by: "statement" as const, items: [read, copy] }];

  it("D2 names the log that grew by most of what was lost, before any statement", () => {
    const wal = Array.from({ length: 12 }, (_, minute) => (10 + 1.9 * minute) * gib);
    const values = { FreeStorageSpace: falling, TransactionLogsDiskUsage: wal };
    expect(fillersOf({ values, context: { load } })).toEqual(["WAL grew by 21 GiB, most of what was lost"]);
  });

  it("D2 names the statement that writes most, and nobody while the space does not fall", () => {
    const values = { FreeStorageSpace: falling };
    expect(fillersOf({ values, context: { load } })).toEqual([
      "what writes most: COPY events FROM STDIN (75 % of the load)",
    ]);
    expect(fillersOf({ values: { FreeStorageSpace: held(9 * gib) }, context: { load } })).toEqual([]);
    const reads = [{ by: "statement" as const, items: [{ ...copy, name: "COPY events TO STDOUT" }] }];
    expect(fillersOf({ values, context: { load: reads } })).toEqual([]);
  });

  it("D2 takes a share of the CPU for no sign of what writes", () => {
    const waiting = (name: string) => [
      { by: "statement" as const, items: [read, { ...copy, waits: [{ name, load: 1.5 }] }] },
    ];
    const values = { FreeStorageSpace: falling };
    expect(fillersOf({ values, context: { load: waiting("CPU") } })).toEqual([]);
    expect(fillersOf({ values, context: { load: waiting("IO:DataFileWrite") } })).toHaveLength(1);
  });

  it("D3 is full when the pace and the age of the last point leave nothing but what RDS keeps back", () => {
    const toEmpty = (last: number) => {
      const points = Array.from({ length: 12 }, (_, index) => (last + 2 * (11 - index)) * gib);
      const view = metricView({ values: { FreeStorageSpace: points } });
      return fullIn(view, spaceOf(view)) ?? 0;
    };
    expect(toEmpty(2)).toBeLessThanOrEqual(0);
    expect(toEmpty(9)).toBeGreaterThan(120);
  });

  /** Falls by 1 GiB a minute to `last` of 100 GiB; `then`: what was free at this time a day, and a week, ago. */
  const leftAt = (last: number, [day, week]: readonly [number | null, number | null]) => {
    const points = Array.from({ length: 13 }, (_, index) => (last + 12 - index) * gib);
    const then = (free: number | null) => (free === null ? null : free * gib);
    const readings = { FreeStorageSpace: { baselineDay: then(day), baselineWeek: then(week) } };
    return spaceOf(metricView({ values: { FreeStorageSpace: points }, readings })).left;
  };

  it("D6 calls a dip of every night at this hour a habit, and looks again before it could fill the volume", () => {
    expect(leftAt(40, [46, 45])).toBeNull();
    expect(leftAt(40, [48, 47])).toBeNull();
  });

  it.each([
    ["one that a day ago was not", 40, [90, 46]],
    ["one that a week ago was not", 40, [46, 90]],
    ["one of which a week ago is not known", 40, [46, null]],
    ["one that goes deeper than ever", 30, [46, 45]],
    ["one where what was taken a day ago never came back", 40, [52, 52]],
    ["one that leaves no time", 14, [20, 20]],
    ["any where little is left", 19, [25, 25]],
  ] as const)("D6 takes for a fill, %s", (_, last, then) => {
    expect(leftAt(last, then)).toBeGreaterThan(0);
  });
});
