import { describe, expect, it } from "vitest";
import { vacuumBlockedByOldXmin as rule } from "../../../../functions/core/rules/vacuum/vacuum-blocked-by-old-xmin.ts";
import { anIdleTransaction, aRunning, aSession } from "../../../support/forest-builder.ts";
import { aTable, lookedDeeper } from "../../../support/statement-builder.ts";

describe("vacuum-blocked-by-old-xmin", () => {
  const holder = {
    holder: "session",
    name: "8",
    sessionKey: aSession(8).sessionKey,
    xminAge: 5000,
    catalogOnly: false,
    seconds: 900,
    state: "idle in transaction",
    user: "shop",
    application: "billing",
    client: null,
    database: "shop",
    query: "SELECT ?",
  };
  const behind = aTable({ deadRows: 400_000, lastAutovacuumSeconds: 30 });
  const findingsOf = (holders: object[], table = behind, session = anIdleTransaction(8, 900)) =>
    rule.evaluate(
      lookedDeeper(
        { "postgres-oldest-xmin": JSON.parse(JSON.stringify(holders)), "postgres-tables": [table] },
        { sessions: [session] },
      ),
    );

  it("D3 explains the dead rows, and proposes to end the transaction that was forgotten", () => {
    const [finding] = findingsOf([holder]);
    expect(finding).toMatchObject({ subject: "session:8", severity: "P2", confidence: 0.9 });
    expect(finding?.explains.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(["dead-tuples-behind", "table-bloat"]),
    );
    expect(finding?.actions.map(({ id }) => id)).toEqual(["terminate-session"]);
    expect(JSON.stringify(finding?.evidence)).toContain(
      "was vacuumed 30 s ago and still has 400000 dead rows",
    );
  });

  it("T ends it from the kill threshold on only, counted since it became idle", () => {
    const idleFor = (stateSeconds: number) =>
      findingsOf([holder], behind, anIdleTransaction(8, 900, { stateSeconds }))[0]?.actions.length;
    expect(idleFor(299)).toBe(0);
    expect(idleFor(300)).toBe(1);
  });

  it("A2 proposes nothing against a statement that runs, a session that has changed, or one that is protected", () => {
    const actions = (session: Parameters<typeof findingsOf>[2]) =>
      findingsOf([holder], behind, session)[0]?.actions;
    expect(actions(aRunning(8, 900))).toEqual([]);
    expect(actions(anIdleTransaction(8, 900, { sessionKey: "another" }))).toEqual([]);
    expect(actions(anIdleTransaction(8, 900, { application: "pg_dump" }))).toEqual([]);
  });

  it("D4 says nothing of an old view of the data while there is nothing to remove", () => {
    expect(findingsOf([holder], aTable())).toEqual([]);
  });

  it("D4 proposes nothing automatic for few dead rows, and begins at the threshold for idle transactions", () => {
    const few = aTable({ deadRows: 5000, vacuumAtDeadRows: 100 });
    expect(findingsOf([holder], few)[0]).toMatchObject({ severity: "P3", actions: [] });
    expect(findingsOf([{ ...holder, seconds: 59 }])).toEqual([]);
    expect(findingsOf([{ ...holder, seconds: 60 }])).toHaveLength(1);
  });

  it("D4 leaves out what holds other databases or only the catalogues", () => {
    expect(findingsOf([{ ...holder, database: "other" }])).toEqual([]);
    expect(findingsOf([{ ...holder, catalogOnly: true }])).toEqual([]);
  });

  it("D8 finishes a prepared transaction and drops an abandoned slot by hand only", () => {
    const prepared = { ...holder, holder: "prepared-transaction", name: "settle-1", sessionKey: null };
    const slot = {
      ...holder,
      holder: "replication-slot",
      name: "old",
      seconds: null,
      xminAge: 200_000,
      state: "inactive",
    };
    const actions = findingsOf([slot, prepared]).flatMap((finding) => finding.actions);
    expect(actions.map(({ id, automatic }) => [id, automatic])).toEqual([
      ["drop-replication-slot", false],
      ["finish-prepared-transaction", false],
    ]);
  });
});
