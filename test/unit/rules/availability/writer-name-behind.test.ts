import { describe, expect, it } from "vitest";
import { databaseReadOnly as rule } from "../../../../functions/core/rules/availability/database-read-only.ts";
import { aProbe, aTarget, aView, someEvidence } from "../../../support/evidence-builder.ts";
import { aDigest } from "../../../support/statement-builder.ts";

function findingOf(
  readOnlyBecause: string,
  role: "writer" | "reader",
  refusals: { errno: number; count: number; secondsAgo: number }[],
) {
  const { probes } = someEvidence({ engine: "mysql", server: { writable: false, readOnlyBecause } });
  const limits = {
    preparedStatements: { used: 0, max: 16_382 },
    openFiles: { used: 1, max: 100 },
    openTables: { used: 1, max: 100 },
    maxUserConnections: 0,
    maxConnectErrors: 100,
    refusals,
    blockedHosts: [],
    statementOwners: null,
  };
  const target = aTarget({ engine: "mysql", flavour: "aurora", role });
  const more = aProbe("mysql-limits", [limits]);
  return rule.evaluate(aView({ engine: "mysql", overrides: { target, probes: [...probes, more] } }))[0];
}

const auroraReader = "innodb_read_only is on: an Aurora reader, or a server started to be read";

describe("a name that still leads to the old writer", () => {
  it("D4 is told by the server that follows another, with the writes that it has refused", () => {
    const finding = findingOf(auroraReader, "writer", [{ errno: 1290, count: 40, secondsAgo: 3 }]);
    expect(finding?.summary).toContain("after a failover a name still points to the old one");
    expect(finding?.evidence.map(({ says }) => says)).toEqual([
      auroraReader,
      "expected role: writer",
      "40 statements refused as read only (1290) since the start, the last 3 s ago",
      "clients that look the name up again, by new connections, reach the new writer: recycle their pools",
    ]);
  });

  it("D4 is not told of a writer that somebody has set read only, nor of a reader", () => {
    const set = findingOf("super_read_only is on: a replica, or a failover under way", "writer", []);
    expect(set?.summary).not.toContain("a name still points");
    expect(findingOf(auroraReader, "reader", [])).toBeUndefined();
  });
});

describe("a writer that is set read only and follows nobody", () => {
  const because = "read_only is on: a replica, or somebody set it";
  const failing = (query: string) => aDigest({ query, now: { callsPerSecond: 50, errorsPerSecond: 50 } });
  const found = (replication: Parameters<typeof aProbe>[2] | null, query: string) => {
    const { probes } = someEvidence({
      engine: "mysql",
      server: { writable: false, readOnlyBecause: because },
    });
    const more = [
      aProbe("mysql-statement-digests", [failing(query)]),
      ...(replication === null ? [] : [aProbe("mysql-replication", [], replication)]),
    ];
    const target = aTarget({ engine: "mysql", role: "writer" });
    return rule.evaluate(aView({ engine: "mysql", overrides: { target, probes: [...probes, ...more] } }))[0];
  };

  it("D4 says that somebody set it, what to look for before it is set back, and what fails by it", () => {
    const finding = found({}, "UPDATE `tickets` SET `seen` = ? WHERE `id` = ?");
    expect(finding?.summary).toContain("follows no other server: somebody set it");
    expect(finding?.summary).toContain("make sure that no other server is the writer now");
    expect(finding?.explains).toEqual([{ cause: "error-storm", subject: "shop", because: "writes fail" }]);
  });

  it("D4 leaves open what it follows where nobody could ask, and explains no reads that fail", () => {
    for (const unseen of [null, { status: "skipped" as const }])
      expect(found(unseen, "SELECT 1")?.summary).toContain("a replica, or somebody set it");
    expect(found({}, "SELECT `gone` FROM `tickets`")?.explains).toEqual([]);
  });
});
