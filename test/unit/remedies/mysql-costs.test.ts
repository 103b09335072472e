import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import { costsOf } from "../../../functions/core/remedies/costs.ts";
import { rollbackText } from "../../../functions/core/remedies/rollback-text.ts";
import { aView } from "../../support/evidence-builder.ts";
import { aSession } from "../../support/forest-builder.ts";

const view = aView({ engine: "mysql" });
const active = (query: string, overrides: Partial<Session> = {}): Session =>
  aSession(7, {
    ...{ state: "active", query, sentByClient: true, rowsModified: 0 },
    ...{ statementSeconds: 20, transactionSeconds: 20, waitEvent: null },
    ...overrides,
  });
const says = (session: Session): string | undefined => costsOf(view, session)?.says;

describe("what is lost on MySQL and MariaDB", () => {
  it("D11 is not known of anything that runs, nor of a request for a lock, which may be one step of many", () => {
    for (const query of [
      "SELECT * FROM t",
      "UPDATE t SET v = 1",
      "CALL book()",
      "TRUNCATE t",
      "LOCK TABLES t WRITE",
    ])
      expect(says(active(query))).toBeUndefined();
  });

  it("D11 is what InnoDB counts of an idle transaction", () => {
    const idle = (rowsModified: number | null) =>
      aSession(7, { state: "idle-in-transaction", rowsModified, stateSeconds: 90, transactionSeconds: 91 });
    expect(says(idle(0))).toBe("its open transaction has changed no rows");
    expect(says(idle(2))).toMatch(/^2 changed rows of its open transaction roll back/);
    expect(says(idle(null))).toBeUndefined();
    expect(says(idle(2_000_000))).toBeUndefined();
  });

  it("A2 the card says what a rollback does not undo", () => {
    expect(rollbackText(view, active("INSERT INTO a SELECT 1"))).toMatch(/stays half done/);
    expect(rollbackText(view, active("SELECT 1"))).toBe(
      "it has changed no rows; statements that its client sent in the same text do not run",
    );
    const { sentByClient: _, ...inside } = active("DO SLEEP(5)", { rowsModified: 1 });
    expect(rollbackText(view, inside)).toMatch(
      /what that has committed stays and its later steps do not run/,
    );
  });
});
