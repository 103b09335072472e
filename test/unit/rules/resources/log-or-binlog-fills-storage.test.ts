import { describe, expect, it } from "vitest";
import type { Target } from "../../../../functions/core/contract/target.ts";
import type { MysqlSpaceRow } from "../../../../functions/core/probes/mysql/space/rows.ts";
import { logOrBinlogFillsStorage as rule } from "../../../../functions/core/rules/resources/log-or-binlog-fills-storage.ts";
import { context as rdsContext, reading, trend } from "../../../scenarios/support/rds.ts";
import { aProbe, aTarget, aView, collectedAt, someEvidence } from "../../../support/evidence-builder.ts";

const gib = 1024 ** 3;
const well: MysqlSpaceRow = {
  temporary: null,
  temporarySessions: [],
  refusals: [],
  binlogs: { files: 9, bytes: gib },
  undoBytes: gib,
  logTables: [],
};

/** GiB of binary logs by CloudWatch when the window began and now, and as a rule. */
interface Grown {
  readonly from: number;
  readonly to: number;
  readonly usual: number;
  /** GiB free when the window began. */
  readonly freeFrom: number;
  /** The same a day and a week ago; left out: not known. */
  readonly freeUsual?: number;
}

function findingsOf(
  row: Partial<MysqlSpaceRow>,
  free = 8,
  flavour: Target["flavour"] = "rds",
  grown?: Grown,
) {
  const { probes } = someEvidence({ engine: "mysql" });
  const target = aTarget({ engine: "mysql", name: "scenario-db", flavour });
  const series = trend("FreeStorageSpace", (grown?.freeFrom ?? free) * gib, free * gib);
  const logs = grown === undefined ? [] : [trend("BinLogDiskUsage", grown.from * gib, grown.to * gib)];
  const usual = (grown?.usual ?? 0) * gib;
  const readings = [
    reading(series, "bytes", {
      capacity: 100 * gib,
      ...(grown?.freeUsual === undefined ? {} : { day: grown.freeUsual * gib, week: grown.freeUsual * gib }),
    }),
    ...logs.map((one) => reading(one, "bytes", { day: usual, week: usual })),
  ];
  const context = { ...rdsContext({ readings }), readAt: collectedAt };
  const metrics = [series, ...logs];
  const more = aProbe("mysql-space", [{ ...well, ...row }]);
  return rule.evaluate(
    aView({ engine: "mysql", overrides: { target, context, metrics, probes: [...probes, more] } }),
  );
}

describe("log-or-binlog-fills-storage", () => {
  it("D4 needs a volume that runs out, and logs that take a fifth of it or more than is left", () => {
    const large = { binlogs: { files: 60, bytes: 30 * gib } };
    expect(findingsOf(large, 60)).toEqual([]);
    expect(findingsOf({})).toEqual([]);
    expect(findingsOf(large)).toMatchObject([{ explains: [{ cause: "storage-low" }] }]);
    expect(findingsOf(large)[0]?.summary).toBe(
      "Binary logs take 30 GiB (30 %) of the volume's storage, and 8 GiB are free",
    );
    expect(findingsOf({ undoBytes: 9 * gib })[0]?.summary).toContain("Undo tablespaces take 9 GiB (9 %)");
  });

  it("D11 next to nothing of a full volume has not filled it", () => {
    expect(findingsOf({ binlogs: { files: 4, bytes: 2 * gib } }, 0)).toEqual([]);
    expect(findingsOf({ binlogs: { files: 4, bytes: 6 * gib } }, 0)).toHaveLength(1);
  });

  it("D11 what has just grown by most of what was lost fills it, however little, and what it has always taken does not", () => {
    const grown = (one: Grown) => findingsOf({ binlogs: null }, 4, "rds", one);
    expect(grown({ from: 0.1, to: 4.2, usual: 0.1, freeFrom: 8.2 })).toHaveLength(1);
    expect(grown({ from: 4, to: 4.2, usual: 0.1, freeFrom: 8.2 })).toEqual([]);
    expect(grown({ from: 6, to: 6.1, usual: 6, freeFrom: 4.6 })).toEqual([]);
    expect(grown({ from: 6, to: 6.1, usual: 2, freeFrom: 4.6 })).toHaveLength(1);
    expect(grown({ from: 22, to: 22, usual: 22, freeFrom: 4.6 })).toHaveLength(1);
    // Most of what a day has lost, and no part of it where the volume was grown meanwhile.
    expect(grown({ from: 6, to: 6, usual: 2, freeFrom: 4.6, freeUsual: 9 })).toHaveLength(1);
    expect(grown({ from: 6, to: 6, usual: 2, freeFrom: 4.6, freeUsual: 40 })).toEqual([]);
    expect(grown({ from: 6, to: 6, usual: 2, freeFrom: 3, freeUsual: 3 })).toEqual([]);
  });

  it("A10 shows how long RDS keeps them, and removes none there", () => {
    const large = { binlogs: { files: 60, bytes: 30 * gib } };
    const preview = (flavour: Target["flavour"]) =>
      findingsOf(large, 8, flavour)[0]?.actions.map((one) => one.preview);
    expect(preview("rds")).toEqual(["CALL mysql.rds_show_configuration"]);
    expect(preview("self-managed")).toEqual(["PURGE BINARY LOGS BEFORE NOW() - INTERVAL 1 DAY"]);
    expect(preview("aurora")).toEqual([]);
  });

  it("D7 says that a log in a table may be it, which no view can tell", () => {
    const [finding] = findingsOf({ logTables: ["general_log"] });
    expect(finding).toMatchObject({ confidence: expect.closeTo(0.5, 1) });
    expect(finding?.summary).toContain("how large that is, no view tells");
    expect(finding?.actions.map((one) => one.preview)).toEqual([
      "CALL mysql.rds_rotate_general_log;\nCALL mysql.rds_rotate_general_log",
    ]);
    expect(findingsOf({ logTables: ["slow_log"] })).toEqual([]);
  });
});
