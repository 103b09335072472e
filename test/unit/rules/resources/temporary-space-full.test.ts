import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import type { MysqlSpaceRow } from "../../../../functions/core/probes/mysql/space/rows.ts";
import { temporarySpaceFull as rule } from "../../../../functions/core/rules/resources/temporary-space-full.ts";
import { context as rdsContext } from "../../../scenarios/support/rds.ts";
import { aMetric, aProbe, aTarget, aView, someEvidence } from "../../../support/evidence-builder.ts";
import { aRunning } from "../../../support/forest-builder.ts";

const mib = 1024 ** 2;
const well: MysqlSpaceRow = {
  temporary: { bytes: 12 * mib, maxBytes: null },
  temporarySessions: [{ id: 7, bytes: 900 * mib }],
  refusals: [],
  binlogs: { files: 1, bytes: mib },
  undoBytes: 32 * mib,
  logTables: [],
};

function findingsOf(
  row: Partial<MysqlSpaceRow>,
  engine: "mysql" | "mariadb" = "mysql",
  lines: readonly string[] = [],
) {
  const { probes } = someEvidence({ engine, sessions: [aRunning(7, 40)] });
  const logs = [
    { kind: "error" as const, file: "error.log", lastWrittenAt: null, lines: [...lines], truncated: false },
  ];
  const context = rdsContext({ logs });
  const more = aProbe("mysql-space", [{ ...well, ...row }]);
  return rule.evaluate(
    aView({ engine, overrides: { target: aTarget({ engine }), context, probes: [...probes, more] } }),
  );
}

describe("temporary-space-full", () => {
  it("D4 tells MariaDB's temporary tablespace at its limit, and from nine tenths of it", () => {
    const at = (bytes: number) =>
      findingsOf({ temporary: { bytes: bytes * mib, maxBytes: 500 * mib } }, "mariadb");
    expect(at(449)).toEqual([]);
    expect(at(450)).toMatchObject([{ severity: "P3" }]);
    expect(at(500)).toMatchObject([{ severity: "P2" }]);
    expect(findingsOf({}, "mariadb")).toEqual([]);
  });

  it("D4 needs a refusal on MySQL, which grows beyond the limit", () => {
    expect(findingsOf({ temporary: { bytes: 500 * mib, maxBytes: 500 * mib } })).toEqual([]);
    const line =
      "2026-11-21T09:58:01.123456Z 9 [ERROR] [MY-013132] The table '/rdsdbdata/tmp/#sql1_9_2' is full!";
    const [finding] = findingsOf({}, "mysql", [line]);
    expect(finding).toMatchObject({ severity: "P2", explains: [{ cause: "error-storm" }] });
    expect(finding?.evidence.at(-1)?.says).toContain("connection 7 has 900 MiB of temporary tables");
  });

  it("D8 proposes the limits of a reader of Aurora, which has no file that a restart would shrink", () => {
    const text =
      "2026-11-21T09:58:01.123456Z 9 [ERROR] [MY-013132] [Server] The table '/rdsdbdata/tmp/#sql1_9_2' is full! (handler.cc:4380)";
    const logs = [
      { kind: "error" as const, file: "error.log", lastWrittenAt: null, lines: [text], truncated: false },
    ];
    const shown = (role: Target["role"]) => {
      const target = aTarget({ engine: "mysql", flavour: "aurora", role });
      const overrides = { target, context: rdsContext({ logs }), probes: [] };
      return rule.evaluate(aView({ engine: "mysql", overrides }))[0]?.actions.map(({ preview }) => preview);
    };
    expect(shown("reader")).toEqual([expect.stringContaining("temptable_max_mmap")]);
    expect(shown("writer")).toEqual([expect.stringContaining("a restart shrinks the file")]);
  });

  it("D4 does not take a MEMORY table at its own limit, or an error of yesterday, for it", () => {
    const refusals = [{ errno: 1114, count: 5, secondsAgo: 3 }];
    expect(findingsOf({ refusals })).toEqual([]);
    const old = "2026-11-21T08:58:01.123456Z 9 [ERROR] The table '/rdsdbdata/tmp/#sql1_9_2' is full!";
    expect(findingsOf({}, "mysql", [old])).toEqual([]);
    const own = "2026-11-21T09:58:01.123456Z 9 [ERROR] The table 'shop.sessions_memory' is full!";
    expect(findingsOf({}, "mysql", [own])).toEqual([]);
  });

  it("D4 tells temporary files that found no room on the instance's own storage, and whose they are", () => {
    const failed =
      '2026-11-21 09:58:01 UTC:10.4.1.2(41822):exporter@shop:[214]:ERROR: could not write to file "base/pgsql_tmp/pgsql_tmp214.3": No space left on device';
    const spill = { name: "IO:BufFileWrite", load: 8 };
    const load: LoadDimension[] = [
      {
        by: "statement",
        items: [{ name: "SELECT DISTINCT * FROM legs", id: null, load: 9, waits: [spill] }],
      },
    ];
    const findings = (line: string, target: Partial<Target>, free: readonly number[] = []) => {
      const logs = [
        {
          kind: "error" as const,
          file: "postgresql.log",
          lastWrittenAt: null,
          lines: line.split("\n"),
          truncated: false,
        },
      ];
      const metrics = [aMetric("FreeLocalStorage", free)];
      const overrides = { target: aTarget(target), context: rdsContext({ logs, load }), metrics };
      return rule.evaluate(aView({ overrides }));
    };
    const aurora = { flavour: "aurora" } as const;
    expect(findings(failed, aurora)).toMatchObject([
      {
        severity: "P2",
        summary: expect.stringContaining("SELECT DISTINCT * FROM legs"),
        explains: expect.arrayContaining([
          expect.objectContaining({ cause: "storage-low", subject: "local" }),
        ]),
        actions: [{ automatic: false, preview: expect.stringContaining("pg_cancel_backend") }],
      },
    ]);
    // At the pace at which it falls it is full by now.
    const gib = 1024 ** 3;
    expect(findings(failed, aurora, [20 * gib, 17.5 * gib, 15 * gib, 12.4 * gib])).toMatchObject([
      { severity: "P2" },
    ]);
    expect(findings(failed, aurora, [8.5 * gib, 6 * gib, 3.4 * gib, 1.1 * gib])).toMatchObject([
      { severity: "P1" },
    ]);
    expect(findings(failed, aurora, [1.2 * gib, 1.1 * gib, 1.2 * gib, 1.1 * gib])).toMatchObject([
      { severity: "P2" },
    ]);
    // Its files are given back by now, and it is tried again.
    const before = failed.replace("09:58:01", "09:14:01").replaceAll("214", "198");
    expect(
      findings(`${before}\n${failed}`, aurora, [9 * gib, 4 * gib, 0.1 * gib, 27 * gib])[0]?.summary,
    ).toMatch(
      /down to 102 MiB free at \d\d:\d\d UTC, 27 GiB in the last minute seen\); .* in 2 lines, the first/,
    );
    expect(findings(failed, aurora, [20 * gib, 19 * gib, 21 * gib])[0]?.summary).toMatch(
      /\(21 GiB free on average of the last minute seen\); .* in 1 line of 15 min/,
    );
    // The volume of RDS holds the tables, too: what is full there is told by the rule about storage.
    expect(findings(failed, {})).toEqual([]);
    const table = failed.replace("pgsql_tmp/pgsql_tmp214.3", "16400/16412");
    expect(findings(table, aurora)).toEqual([]);
  });
});
