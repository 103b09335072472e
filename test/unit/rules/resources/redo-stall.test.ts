import { describe, expect, it } from "vitest";
import type { MysqlEngineStateRow } from "../../../../functions/core/probes/mysql/engine-state/rows.ts";
import type { MysqlWaitProfileRow } from "../../../../functions/core/probes/mysql/wait-profile-rows.ts";
import { writeStall as rule } from "../../../../functions/core/rules/resources/write-stall.ts";
import { context as rdsContext, trend } from "../../../scenarios/support/rds.ts";
import { aProbe, aTarget, aView, collectedAt, someEvidence } from "../../../support/evidence-builder.ts";
import { ratesOfMysql } from "../../../support/mysql-rates-builder.ts";
import { aDigest } from "../../../support/statement-builder.ts";

const mib = 1024 ** 2;

interface Given {
  readonly usedPercent: number;
  readonly writtenMib: number;
  readonly redo?: Partial<NonNullable<MysqlEngineStateRow["redo"]>>;
  readonly engine?: "mysql" | "mariadb";
  readonly version?: string;
  readonly freePageWaits?: number;
  readonly freeMib?: number;
  /** Nobody could read who waits. */
  readonly blind?: boolean;
  /** What an UPDATE takes on average, where the states of threads are all that is read of waits. */
  readonly blurred?: number;
}

function findingOf({
  usedPercent,
  writtenMib,
  redo,
  engine = "mysql",
  version = "8.4.6",
  freePageWaits = 0,
  freeMib,
  blind = false,
  blurred,
}: Given) {
  const capacityBytes = 128 * mib;
  const age = (capacityBytes * usedPercent) / 100;
  const state: MysqlEngineStateRow = {
    intervalSeconds: 1,
    redo: {
      capacityBytes,
      ageBytes: [age, age],
      writtenPerSecond: writtenMib * mib,
      parameter: "innodb_redo_log_capacity",
      parameterBytes: capacityBytes,
      ...redo,
    },
    ioCapacity: 200,
    adaptiveHashIndex: false,
    latches: [],
    autoIncrementWaits: [],
  };
  const { bufferPool } = ratesOfMysql();
  const rates = ratesOfMysql({ bufferPool: { ...bufferPool, waitsForFreePagePerSecond: freePageWaits } });
  const { probes } = someEvidence({ engine, server: { version } });
  const profile: MysqlWaitProfileRow = {
    ...{ samples: 10, windowSeconds: 1, notSeen: null, howToSee: null },
    toldBy: blurred === undefined ? "wait-events" : "thread-states",
    ...{ threadsRunning: 4, waits: [] },
  };
  const more = [
    aProbe("mysql-engine-state", [state]),
    aProbe("mysql-innodb-rates", [rates]),
    ...(blind ? [] : [aProbe("mysql-wait-profile", [profile])]),
    ...(blurred === undefined ? [] : [aProbe("mysql-statement-digests", [update(blurred)])]),
  ];
  const target = aTarget({ engine, name: "scenario-db", flavour: "self-managed" });
  const metrics = freeMib === undefined ? [] : [trend("FreeStorageSpace", freeMib * mib, freeMib * mib)];
  const context = { ...rdsContext({}), readAt: collectedAt };
  return rule.evaluate(
    aView({ engine, overrides: { target, context, metrics, probes: [...probes, ...more] } }),
  )[0];
}

function update(meanSeconds: number) {
  const now = { callsPerSecond: 40, averageSessions: 40 * meanSeconds, meanSeconds };
  return aDigest({ query: "UPDATE `tickets` SET `pad` = ? WHERE `id` = ?", now });
}

describe("write-stall for want of redo", () => {
  it("D4 needs a log that is full at both moments, and short for its writes", () => {
    expect(findingOf({ usedPercent: 69, writtenMib: 20 })).toBeUndefined();
    expect(findingOf({ usedPercent: 75, writtenMib: 0.2 })).toBeUndefined();
    expect(
      findingOf({ usedPercent: 75, writtenMib: 20, redo: { ageBytes: [120 * mib, 3 * mib] } }),
    ).toBeUndefined();
    expect(findingOf({ usedPercent: 75, writtenMib: 20 })?.summary).toBe(
      "Writes wait for room in the redo log: at 20 MiB a second, its 128 MiB are written through in 6.4 s; 75 % hold changes that no checkpoint covers",
    );
  });

  it("D4 knows a log that is written through within seconds at any level", () => {
    expect(findingOf({ usedPercent: 25, writtenMib: 25 })).toBeUndefined();
    expect(findingOf({ usedPercent: 25, writtenMib: 26 })).toMatchObject({ severity: "P2" });
  });

  it("D4 tells no wait of a log that goes round in seconds while all who write are quick", () => {
    const racing = { usedPercent: 49, writtenMib: 33 };
    const quick = findingOf({ ...racing, blurred: 0.004 });
    expect(quick).toMatchObject({ severity: "P3", explains: [] });
    expect(quick?.summary).toMatch(
      /^The redo log is small for its writes: .*; nobody was seen to wait for room$/,
    );
    expect(findingOf({ ...racing, blurred: 1.3 })).toMatchObject({ severity: "P2" });
    expect(findingOf({ ...racing, blurred: 0.004, freePageWaits: 40 })).toMatchObject({ severity: "P2" });
    expect(findingOf({ ...racing, usedPercent: 75, blurred: 0.004 })).toMatchObject({ severity: "P2" });
  });

  it("D6 is P3 while the log lasts for minutes and nothing waits, and P2 when pages are waited for", () => {
    expect(findingOf({ usedPercent: 75, writtenMib: 1 })).toMatchObject({ severity: "P3", explains: [] });
    expect(findingOf({ usedPercent: 75, writtenMib: 1, freePageWaits: 40 })).toMatchObject({
      severity: "P2",
    });
    expect(findingOf({ usedPercent: 75, writtenMib: 20 })?.explains.map(({ cause }) => cause)).toEqual([
      "io-saturated",
      "cpu-saturated",
      "commit-stall",
      "replication-lag",
    ]);
  });

  it("D4 says that writes wait only where somebody was seen to, or where the level makes them", () => {
    // Written through in 51 s: a load of before may have left it so.
    const left = findingOf({ usedPercent: 72, writtenMib: 2.5 });
    expect(left).toMatchObject({ severity: "P3", explains: [] });
    expect(left?.summary).toBe(
      "The redo log is small for its writes: at 2.5 MiB a second, its 128 MiB are written through in 51 s; 72 % hold changes that no checkpoint covers; nobody was seen to wait for room",
    );
    // So little is flushed beside.
    expect(findingOf({ usedPercent: 72, writtenMib: 0.4 })).toBeUndefined();
    expect(findingOf({ usedPercent: 72, writtenMib: 0.4, freePageWaits: 40 })).toMatchObject({
      severity: "P2",
    });
    expect(findingOf({ usedPercent: 88, writtenMib: 2.5 })).toMatchObject({
      severity: "P2",
      summary: expect.stringContaining("Writes wait for room"),
    });
    expect(findingOf({ usedPercent: 72, writtenMib: 2.5, freePageWaits: 40 })).toMatchObject({
      severity: "P2",
    });
  });

  it("D4 tells a log that is nearly full however little is written: they may write so little because they wait", () => {
    expect(findingOf({ usedPercent: 97, writtenMib: 0.4 })).toMatchObject({
      severity: "P3",
      summary: expect.stringContaining("97 % hold changes that no checkpoint covers"),
    });
    expect(findingOf({ usedPercent: 84, writtenMib: 0.4 })).toBeUndefined();
    expect(findingOf({ usedPercent: 60, writtenMib: 0.4 })).toBeUndefined();
  });

  it("D7 is no small matter where nobody's waits were read", () => {
    expect(findingOf({ usedPercent: 72, writtenMib: 2.5, blind: true })).toMatchObject({ severity: "P2" });
    const slow = findingOf({ usedPercent: 75, writtenMib: 1, blind: true });
    expect(slow).toMatchObject({ severity: "P3" });
    expect(slow?.summary).toContain("whether somebody waits for room could not be seen");
    const full = findingOf({ usedPercent: 95, writtenMib: 1, blind: true });
    expect(full).toMatchObject({ severity: "P2", summary: expect.stringMatching(/^Writes wait for room/) });
  });

  it("D7 takes the states of threads for no sight of who waits, unless all who write are quick", () => {
    const pressed = { usedPercent: 72, writtenMib: 2.5 };
    const slow = findingOf({ ...pressed, blurred: 1.3 });
    expect(slow).toMatchObject({ severity: "P2" });
    expect(slow?.summary).toMatch(/^Writes may wait for room .* could not be seen$/);
    expect(findingOf({ ...pressed, blurred: 0.004 })).toMatchObject({ severity: "P3" });
  });

  it("A6 enlarges the log to an hour of writes where that takes no restart, and says so where it does", () => {
    const busy = { usedPercent: 90, writtenMib: 1 };
    expect(findingOf({ ...busy, freeMib: 100_000 })?.actions).toMatchObject([
      { preview: `SET GLOBAL innodb_redo_log_capacity = ${4 * 1024 * mib};`, automatic: false },
    ]);
    const redo = { parameter: "innodb_log_file_size" };
    expect(
      findingOf({ ...busy, redo, engine: "mariadb", version: "10.11.19-MariaDB" })?.actions,
    ).toHaveLength(1);
    const old = findingOf({ ...busy, redo, engine: "mariadb", version: "10.6.20-MariaDB" });
    expect(old?.actions).toEqual([]);
    expect(old?.evidence.at(-1)?.says).toBe("innodb_log_file_size of this version takes a restart");
  });

  it("A6 takes no more than a quarter of the free storage, and no more than twice as much where that is not known", () => {
    const busy = { usedPercent: 90, writtenMib: 1 };
    const sizes = (freeMib?: number) =>
      findingOf({ ...busy, ...(freeMib === undefined ? {} : { freeMib }) })?.actions.map(
        ({ preview }) => Number(/= (\d+)/.exec(preview)?.[1]) / mib,
      );
    expect(sizes()).toEqual([256]);
    expect(sizes(4000)).toEqual([1000]);
    expect(sizes(400)).toEqual([]);
  });
});
