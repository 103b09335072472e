import { describe, expect, it } from "vitest";
import { mysqlStatementDigestsRows } from "../../../functions/core/probes/mysql/statement-digests/statement-digests-rows.ts";
import { postgresTopStatementsRows } from "../../../functions/core/probes/postgres/top-statements/top-statements-rows.ts";
import { ownStatementsText, statementLines } from "../../../functions/core/report/statements.ts";
import { aProbe, aView } from "../../support/evidence-builder.ts";
import { aDigest, aStatement } from "../../support/statement-builder.ts";

const busy = { averageSessions: 0.9, callsPerSecond: 4 };
const scenes = {
  postgres: [
    aProbe(postgresTopStatementsRows.id, [
      aStatement({ queryId: "1", own: true, query: "explain select 1", now: busy }),
      aStatement({ queryId: "2" }),
    ]),
  ],
  mysql: [
    aProbe(mysqlStatementDigestsRows.id, [
      aDigest({ digest: "a", own: true, query: "SHOW GLOBAL STATUS", now: busy }),
      aDigest({ digest: "b" }),
    ]),
  ],
  mariadb: [
    aProbe(mysqlStatementDigestsRows.id, [
      aDigest({ digest: "a", query: "SELECT * FROM `information_schema` . `PROCESSLIST`", now: busy }),
      aDigest({ digest: "b" }),
    ]),
  ],
};

describe("the busiest statements", () => {
  it.each(["postgres", "mysql", "mariadb"] as const)(
    "P0 leave out the responder's own on %s and count them apart",
    (engine) => {
      const view = aView({ engine, overrides: { probes: scenes[engine] } });
      expect(statementLines(view)?.map(({ query }) => query)).toEqual([
        engine === "postgres"
          ? "SELECT name FROM orders WHERE id = $1"
          : "SELECT name FROM `orders` WHERE `id` = ?",
      ]);
      expect(ownStatementsText(view)).toBe(
        "1 statement of the responder's own, 0.90 sessions busy with them, are left out of the busiest statements",
      );
    },
  );
});
