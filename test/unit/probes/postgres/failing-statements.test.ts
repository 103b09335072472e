import { describe, expect, it } from "vitest";
import type { SqlRow } from "../../../../functions/core/ports.ts";
import { postgresFailingStatements } from "../../../../functions/core/probes/postgres/failing-statements.ts";
import { runProbes } from "../../../../functions/core/probes/run-probes.ts";
import { context, fakeSession, steppingClock } from "../fake-session.ts";

const who = { user_name: "shop", database_name: "app", opted_out: false, undone: false, itself: true };
const entries = '<x>[["1", "10", "5", 7]]</x>';

function server(aborted: readonly SqlRow[][]) {
  let reading = 0;
  return fakeSession(({ sql }) => {
    if (sql.includes("sees_all")) return [{ sees_all: true }];
    if (sql.includes("as entries")) return [{ entries, at_seconds: 100 }];
    return sql.includes("pg_stat_clear_snapshot") ? (aborted[reading++] ?? []) : [];
  });
}

async function rowsOf(...aborted: SqlRow[][]) {
  const [result] = await runProbes(server(aborted), [postgresFailingStatements], context, steppingClock());
  expect(result?.status).toBe("ok");
  return result?.rows;
}

describe("statements that leave a transaction aborted", () => {
  it("P7 are counted once for each transaction, both readings together", async () => {
    const price = {
      ...who,
      query: "SELECT price FROM list WHERE sku = 'A7'",
      moments: ["7/1", "8/1", "7/2"],
      applications: ["pricing"],
    };
    const later = { ...price, moments: ["7/3", "8/3"], applications: ["pricing", "import"] };
    expect(await rowsOf([price], [later])).toEqual([
      {
        ...{ user: "shop", database: "app", query: "SELECT price FROM list WHERE sku = ?" },
        ...{ sessions: 5, failedAt: "transaction", applications: ["import", "pricing"] },
      },
    ]);
  });

  it("P7 are counted once where one stays aborted through both readings, as behind somebody's typing mistake", async () => {
    const typed = { ...who, query: "SELECT * FORM list", moments: ["9/1"] };
    expect(await rowsOf([typed], [typed])).toMatchObject([{ sessions: 1 }]);
  });

  it("P7 may be told of what was refused behind the error, and count by session then", async () => {
    const later = { ...who, query: "SELECT 1", itself: false, moments: ["9", "11"] };
    expect(await rowsOf([later], [{ ...later, moments: ["9"] }])).toMatchObject([
      { sessions: 2, failedAt: "aborted" },
    ]);
  });

  it("P7 are nothing of who rolls back to a savepoint, whose transaction goes on", async () => {
    const inserted = { ...who, query: "INSERT INTO tags VALUES ('a')", moments: ["7/1", "8/1", "9/1"] };
    const back = { ...who, query: 'ROLLBACK TO SAVEPOINT "s1"', undone: true, moments: ["7/2", "8/2"] };
    expect(await rowsOf([inserted, back], [])).toEqual([]);
    const other = { ...inserted, user_name: "etl" };
    expect(await rowsOf([inserted, other], [back])).toMatchObject([{ user: "etl", sessions: 3 }]);
  });

  it("P7 are told apart by who sent them and what", async () => {
    const one = { ...who, query: "SELECT a FROM t", moments: ["7/1"] };
    const rows = await rowsOf([one, { ...one, user_name: "etl" }], [{ ...one, query: "SELECT b FROM t" }]);
    expect(rows).toHaveLength(3);
    expect(await rowsOf([], [])).toEqual([]);
  });
});
