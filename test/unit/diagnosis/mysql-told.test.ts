import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { couldBeSeenGone } from "../../../functions/core/diagnosis/verdict.ts";
import { countsSource } from "../../../functions/core/facts/named-counts.ts";
import type { MysqlRatesRow } from "../../../functions/core/probes/mysql/innodb-rates-rows.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { ratesOfMysql } from "../../support/mysql-rates-builder.ts";
import { aDigest, lookedDeeper } from "../../support/statement-builder.ts";

function findingsWith(rates: Partial<MysqlRatesRow>, failing = 0) {
  const now = { callsPerSecond: 400, errorsPerSecond: failing, percentOfTime: 60 };
  const { evidence } = lookedDeeper(
    {
      "mysql-innodb-rates": [ratesOfMysql(rates)],
      "mysql-statement-digests": [aDigest({ now })],
    },
    { engine: "mysql" },
  );
  const { findings, rootCauses } = diagnose(evidence, defaultSettings);
  return findings
    .filter(({ severity }) => severity !== "P3")
    .map(({ id, key, summary }) => ({ id, summary, isRoot: rootCauses.includes(key) }));
}

const idsWith = (...given: Parameters<typeof findingsWith>) => findingsWith(...given).map(({ id }) => id);

describe("what MySQL counts by name", () => {
  it("D4 clients without a slot are told by it, and are no refused sign-ins", () => {
    const named = { "1040 ER_CON_COUNT_ERROR": 20, Connection_errors_max_connections: 20 };
    const rates = { named, connectionsPerSecond: 22, abortedConnectsPerSecond: 20 };
    expect(idsWith(rates)).toEqual(["too-many-connections"]);
    expect(idsWith({ ...rates, abortedConnectsPerSecond: 32 })).toEqual([
      "too-many-connections",
      "auth-failures",
    ]);
  });

  it("D4 says why sign-ins are refused", () => {
    const named = { "3118 ER_ACCOUNT_HAS_BEEN_LOCKED": 9 };
    const [first] = findingsWith({ named, connectionsPerSecond: 11, abortedConnectsPerSecond: 9 });
    expect(first?.summary).toContain("9 a second of 3118 ER_ACCOUNT_HAS_BEEN_LOCKED: the account is locked");
  });

  it("D7 one error in a short interval is no rate", () => {
    const named = { "1045 ER_ACCESS_DENIED_ERROR": 10 };
    expect(idsWith({ named, intervalSeconds: 0.1 })).toEqual([]);
    expect(idsWith({ named })).toEqual(["auth-failures"]);
  });

  it("D3 a limit that statements fail for is the root of their errors", () => {
    const told = findingsWith({ named: { "1206 ER_LOCK_TABLE_FULL": 100 } }, 100);
    expect(told.map(({ id, isRoot }) => [id, isRoot])).toEqual([
      ["instance-limit-reached", true],
      ["error-storm", false],
    ]);
  });

  it("D3 what is counted far more often than statements fail does not name their error", () => {
    const [named] = findingsWith({ named: { "1062 ER_DUP_ENTRY": 900, "1146 ER_NO_SUCH_TABLE": 95 } }, 100);
    expect(named?.summary).toMatch(/counted meanwhile: 95 a second of 1146 ER_NO_SUCH_TABLE/);
  });

  it("D7 warnings that are counted alike are nobody's errors", () => {
    expect(idsWith({ named: { "1062 ER_DUP_ENTRY": 900 } })).toEqual([]);
  });

  it("D4 connections that break off before a sign-in are told where they are most, and more than checks of the port", () => {
    const broken = {
      connectionsPerSecond: 125,
      abortedConnectsPerSecond: 120,
      abortedBeforeSignInPerSecond: 120,
    };
    expect(idsWith(broken)).toEqual(["auth-failures"]);
    expect(idsWith({ ...broken, connectionsPerSecond: 250 })).not.toContain("auth-failures");
    const few = { connectionsPerSecond: 25, abortedConnectsPerSecond: 20, abortedBeforeSignInPerSecond: 20 };
    expect(idsWith(few)).toEqual([]);
  });

  it("D7 one of what nobody meets on an ordinary day is told, however long the interval is", () => {
    const named = { "1712 ER_INDEX_CORRUPT": 0.99 };
    const [first] = findingsWith({ named, intervalSeconds: 1.01 });
    expect(first).toMatchObject({ id: "data-corruption-suspected" });
    expect(first?.summary).toContain("once in 1 s of 1712 ER_INDEX_CORRUPT");
    expect(idsWith({ named: { "1021 ER_DISK_FULL": 0.5 }, intervalSeconds: 60 })).toEqual(["storage-low"]);
  });

  it.each([
    ["a scanner's wrong passwords", { "1045 ER_ACCESS_DENIED_ERROR": 6 }, 6],
    ["a refused slot", { Connection_errors_max_connections: 1 }, 0],
    ["one statement that could not be prepared", { "1461 ER_MAX_PREPARED_STMT_COUNT_REACHED": 1 }, 0],
  ])("D11 %s is not why statements fail that are far more", (_, named, aborted) => {
    const rates = { named, abortedConnectsPerSecond: aborted, connectionsPerSecond: 8 };
    expect(findingsWith(rates, 120)).toContainEqual(
      expect.objectContaining({ id: "error-storm", isRoot: true }),
    );
  });

  it("D4 a statement that names no database is no refused sign-in", () => {
    const named = { "1049 ER_BAD_DB_ERROR": 118 };
    const ids = findingsWith({ named, abortedConnectsPerSecond: 0 }, 118);
    expect(ids.map(({ id }) => id)).toEqual(["error-storm"]);
    expect(ids[0]?.summary).toContain("the database is not there");
    const signIns = { named, abortedConnectsPerSecond: 118, connectionsPerSecond: 120 };
    expect(idsWith(signIns)).toEqual(["auth-failures"]);
  });

  it("D4 wrong passwords beside clients without a slot are told as well", () => {
    const named = { Connection_errors_max_connections: 20, "1045 ER_ACCESS_DENIED_ERROR": 6 };
    const found = findingsWith({ named, connectionsPerSecond: 26, abortedConnectsPerSecond: 6 });
    expect(found.map(({ id }) => id)).toContain("auth-failures");
  });

  it("D6 wrong syntax is a storm only where it is a part of the work", () => {
    const named = { "1064 ER_PARSE_ERROR": 12 };
    expect(idsWith({ named, statementsPerSecond: 1000 })).toEqual(["error-storm"]);
    expect(idsWith({ named, statementsPerSecond: 20_000 })).toEqual([]);
  });
});

it("D7 what was counted is over only where it was counted again", () => {
  const known = {
    id: "storage-low",
    key: `storage-low:${countsSource}`,
    severity: "P1",
  } as const;
  const gone = (rates: readonly MysqlRatesRow[], status: "ok" | "failed" = "ok") => {
    const { evidence } = lookedDeeper({ "mysql-innodb-rates": [...rates] }, { engine: "mysql" });
    const probes = evidence.probes.map((probe) => (probe.id === countsSource ? { ...probe, status } : probe));
    return couldBeSeenGone(known, { ...evidence, probes });
  };
  expect(gone([ratesOfMysql({ named: {} })])).toBe(true);
  const { named: _, ...without } = ratesOfMysql({});
  expect(gone([without])).toBe(false);
  expect(gone([ratesOfMysql({ named: {} })], "failed")).toBe(false);
});
