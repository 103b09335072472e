import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
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

  it("D4 connections that break off before a sign-in are told where they are most, and many", () => {
    const broken = {
      connectionsPerSecond: 25,
      abortedConnectsPerSecond: 20,
      abortedBeforeSignInPerSecond: 20,
    };
    expect(idsWith(broken)).toEqual(["auth-failures"]);
    expect(idsWith({ ...broken, connectionsPerSecond: 45 })).toEqual([]);
    expect(idsWith({ ...broken, abortedBeforeSignInPerSecond: 3, abortedConnectsPerSecond: 3 })).toEqual([]);
  });
});
