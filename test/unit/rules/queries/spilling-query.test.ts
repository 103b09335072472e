import { describe, expect, it } from "vitest";
import { spillingQuery as rule } from "../../../../functions/core/rules/queries/spilling-query.ts";
import { anAlarm } from "../../../support/evidence-builder.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { aDigest, aPlan, aStatement, busy, lookedDeeper } from "../../../support/statement-builder.ts";

describe("spilling-query", () => {
  const mb = 1024 * 1024;
  const findingsOf = (now: object, scene = {}) =>
    rule.evaluate(lookedDeeper({ "postgres-top-statements": [aStatement({ now })] }, scene));

  it("D4 is P2 while it spills and keeps the CPUs busy, and gives the user memory enough, not more", () => {
    const [finding] = findingsOf({ ...busy, tempBytesPerSecond: 8 * 10 * mb });
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.summary).toContain("10 MiB a call");
    expect(finding?.actions[0]?.preview).toBe("ALTER ROLE shop SET work_mem = '32MB'");
  });

  it("D4 is hygiene when nothing suffers, and nothing below a megabyte a second", () => {
    expect(findingsOf({ tempBytesPerSecond: mb })[0]).toMatchObject({ severity: "P3" });
    expect(findingsOf({ tempBytesPerSecond: mb - 1 })).toEqual([]);
  });

  it("A24 does not propose memory that would run out", () => {
    expect(findingsOf({ ...busy, tempBytesPerSecond: 8 * 200 * mb })[0]?.actions).toEqual([]);
  });

  it("A24 adds to the memory that the role has, which is none to take away", () => {
    const previews = (work: object) => {
      const setting = { name: "work_mem", value: null, unit: "kB", seconds: null, source: "default" };
      const more = { context: "user", bootValue: null, pendingRestart: false, overrides: [] };
      const now = { ...busy, tempBytesPerSecond: 8 * 10 * mb };
      const probes = {
        "postgres-top-statements": [aStatement({ now })],
        "postgres-settings": [{ ...setting, ...more, ...work }],
      };
      const [finding] = rule.evaluate(lookedDeeper(probes));
      return finding?.actions.flatMap(({ preview, consequence }) => [preview, consequence]) ?? [];
    };
    expect(previews({ bytes: 64 * mb })[0]).toBe("ALTER ROLE shop SET work_mem = '128MB'");
    expect(previews({ bytes: 256 * mb })).toEqual([]);
    const [sets, consequence] = previews({ bytes: 4 * mb, overrides: ["shop@*=100MB", "etl@*=1GB"] });
    expect(sets).toBe("ALTER ROLE shop SET work_mem = '128MB'");
    expect(consequence).toContain("Undo: ALTER ROLE shop SET work_mem = '100MB'");
    for (const elsewhere of ["*@app=256MB", "shop@app=256MB"])
      expect(previews({ bytes: 4 * mb, overrides: [elsewhere] })).toEqual([]);
  });

  it("D11 proposes no memory where groups that collect values go to disk: the server reckons with 8 kB for each", () => {
    const found = (query: string, detail: string) => {
      const now = { ...busy, tempBytesPerSecond: 8 * 10 * mb };
      const problems = [{ kind: "hash-spill" as const, relation: null, detail }];
      const probes = {
        "postgres-top-statements": [aStatement({ query, now })],
        "postgres-plans": [aPlan({ query, problems })],
      };
      return rule.evaluate(lookedDeeper(probes))[0];
    };
    const groups = "a Aggregate of 170000 rows needs about 11 MB of the 8 MB that it may have";
    const collected = "SELECT v, string_agg(p, $1) FROM views GROUP BY v";
    expect(found(collected, groups)).toMatchObject({ severity: "P2", actions: [] });
    expect(JSON.stringify(found(collected, groups)?.evidence)).toContain("string_agg collects values");
    const joined = "a Hash of 170000 rows needs about 11 MB of the 8 MB that it may have";
    expect(found(collected, joined)?.actions).toHaveLength(1);
    expect(found("SELECT v, count(*) FROM views GROUP BY v", groups)?.actions).toHaveLength(1);
  });

  it("D3 leads to an alarm on the disks", () => {
    const scene = { overrides: { signal: anAlarm("WriteLatency") } };
    const [finding] = findingsOf({ tempBytesPerSecond: 50 * mb, percentOfTime: 70 }, scene);
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.explains).toContainEqual(expect.objectContaining({ cause: "io-saturated" }));
  });

  it("D4 counts temporary tables on disk where the engine does", () => {
    const found = (tmpDiskTablesPerSecond: number) =>
      rule.evaluate(
        lookedDeeper(
          { "mysql-statement-digests": [aDigest({ now: { ...busy, tmpDiskTablesPerSecond } })] },
          { engine: "mysql" },
        ),
      );
    expect(found(12)[0]?.summary).toContain("12 temporary tables on disk a second");
    expect(found(0.9)).toEqual([]);
  });

  const merging = (now: object) =>
    rule.evaluate(
      lookedDeeper(
        { "mysql-statement-digests": [aDigest({ now: { ...busy, ...now } })] },
        { engine: "mysql" },
      ),
    );

  it("D4 counts merge passes of MySQL and MariaDB, and gives the session memory to sort in", () => {
    const [finding] = merging({ sortMergePassesPerSecond: 16 });
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.summary).toContain("16 merge passes of sorts on disk a second");
    expect(finding?.actions[0]?.preview).toBe("SET SESSION sort_buffer_size = 8388608");
    expect(finding?.actions[0]?.automatic).toBe(false);
  });

  it("D3 does not say that its spilling has one client run it many times at once, where each spills once", () => {
    const [query, sent] = ["SELECT COUNT ( DISTINCTROW `a` ) FROM `t`", "SELECT COUNT(DISTINCT a) FROM t"];
    const explained = (copies: number, merges: number) => {
      const sessions = Array.from({ length: copies }, (_, at) => aRunning(at + 1, 70, { query: sent }));
      const now = { ...busy, callsPerSecond: 0.4, sortMergePassesPerSecond: merges };
      const rows = { "mysql-statement-digests": [aDigest({ query, now })] };
      const [finding] = rule.evaluate(lookedDeeper(rows, { engine: "mysql", sessions }));
      return finding?.explains.filter(({ cause }) => cause === "long-running-query").length;
    };
    expect(explained(8, 0.4)).toBe(0);
    expect(explained(2, 0.4)).toBe(2);
    expect(explained(8, 16)).toBe(8);
  });

  it("D4 says that a statement reads a view, which may be computed whole whatever is asked of it", () => {
    const says = (reason: string) => {
      const row = {
        status: "not-explained",
        reason,
        howToSee: null,
        cost: null,
        problems: [],
        suggestions: [],
      };
      const counts = { calls: 60, totalSeconds: 80, meanSeconds: 1.3, rowsExamined: 1, rowsUsed: 1 };
      const plan = { digest: "d1", schema: "shop", query: "SELECT a FROM parcel_latest", ...counts, ...row };
      const digests = [aDigest({ now: { ...busy, sortMergePassesPerSecond: 16 } })];
      const rows = { "mysql-statement-digests": digests, "mysql-plans": [plan] };
      const [finding] = rule.evaluate(lookedDeeper(rows, { engine: "mysql" }));
      return finding?.evidence.map((each) => each.says).join("\n");
    };
    expect(says("parcel_latest is a view, which could call functions of the application")).toContain(
      "it reads view parcel_latest: one that numbers its rows (OVER)",
    );
    expect(says("worse statements came first")).not.toContain("view");
  });

  it("D4 tells a slow statement that spills at every call, however seldom that is", () => {
    const slow = { callsPerSecond: 0.4, meanSeconds: 4 };
    expect(merging({ ...slow, sortMergePassesPerSecond: 0.4 })).toHaveLength(1);
    expect(merging({ ...slow, averageSessions: 0.1, sortMergePassesPerSecond: 0.4 })).toEqual([]);
    expect(merging({ ...slow, sortMergePassesPerSecond: 0.2 })).toEqual([]);
  });
});
