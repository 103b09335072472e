import { describe, expect, it } from "vitest";
import { vacuumBlockedByOldXmin as rule } from "../../../../functions/core/rules/vacuum/vacuum-blocked-by-old-xmin.ts";
import { anIdleTransaction, aRunning, aSession } from "../../../support/forest-builder.ts";
import { aStatement, aTable, lookedDeeper } from "../../../support/statement-builder.ts";

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
  const findingsOf = (
    holders: object[],
    table = behind,
    session = anIdleTransaction(8, 900),
    slots: Parameters<typeof lookedDeeper>[0] = { "postgres-oldest-xmin-slots": [] },
  ) =>
    rule.evaluate(
      lookedDeeper(
        { ...slots, "postgres-oldest-xmin": JSON.parse(JSON.stringify(holders)), "postgres-tables": [table] },
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

  it("D7 tells of one that was forgotten where the tables could not be seen, and ends nobody for it", () => {
    const told = (more: object, tables: object = {}, idles = 25_300) =>
      rule.evaluate(
        lookedDeeper(
          {
            "postgres-oldest-xmin": JSON.parse(
              JSON.stringify([{ ...holder, seconds: 25_300, xminAge: 11_000_000, ...more }]),
            ),
            ...tables,
          },
          { sessions: [anIdleTransaction(8, 25_300, { stateSeconds: idles })] },
        ),
      )[0];
    expect(told({})).toMatchObject({ severity: "P2", confidence: 0.5, explains: [], actions: [] });
    expect(told({})?.summary).toMatch(
      /^1 transaction open for 7 h .* keeps vacuum from removing what has died since in any table of shop; how much that is could not be seen$/,
    );
    const tables = { "postgres-tables": [aTable({ deadRows: 3 })] };
    expect(told({ database: "archive" }, tables)?.summary).toContain("any table of archive");
    // A job between two of its statements is a note, until it has kept what vacuum has to freeze.
    expect(told({}, {}, 2)).toMatchObject({ severity: "P3", actions: [] });
    expect(told({ xminAge: 90_000_000 }, {}, 2)).toMatchObject({ severity: "P2", actions: [] });
    // Its tables were seen and are clean; it works, it is young, or the server is at rest.
    expect(told({}, tables)).toBeUndefined();
    expect(told({ state: "active" })).toBeUndefined();
    expect(told({ seconds: 900 })).toBeUndefined();
    expect(told({ xminAge: 5000 })).toBeUndefined();
  });

  it("D3 explains who has become slower by the rows it keeps, and not who reads another table", () => {
    const slowed = (table: string) =>
      rule
        .evaluate(
          lookedDeeper(
            {
              "postgres-oldest-xmin": [holder],
              "postgres-oldest-xmin-slots": [],
              "postgres-tables": [behind],
              "postgres-top-statements": [aStatement({ query: `UPDATE ${table} SET state = $1` })],
            },
            { sessions: [anIdleTransaction(8, 900)] },
          ),
        )[0]
        ?.explains.filter(({ cause }) => cause === "query-regression");
    expect(slowed("orders")).toHaveLength(1);
    expect(slowed("items")).toEqual([]);
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

  it("P1 blames nobody for rows that may have died before: without a vacuum since, it is worth knowing and no more", () => {
    const never = aTable({ deadRows: 400_000, lastAutovacuumSeconds: null });
    const before = aTable({ deadRows: 400_000, lastAutovacuumSeconds: 2000 });
    for (const table of [never, before]) {
      expect(findingsOf([holder], table)[0]).toMatchObject({ severity: "P3", explains: [], actions: [] });
      expect(findingsOf([holder], table)[0]?.summary).toContain("may keep vacuum from removing");
    }
  });

  it("P1 counts from the last statement: a transaction may be old and its view of the data young", () => {
    const young = anIdleTransaction(8, 20, { transactionSeconds: 900 });
    expect(findingsOf([holder], behind, young)[0]).toMatchObject({
      severity: "P3",
      explains: [],
      actions: [],
    });
  });

  it("D11 leaves to a person what is not surely its doing alone", () => {
    const automatic = (...args: Parameters<typeof findingsOf>) =>
      findingsOf(...args).flatMap(({ actions }) => actions.map((action) => action.automatic));
    expect(automatic([holder])).toEqual([true]);
    const [action] = findingsOf([holder]).flatMap(({ actions }) => actions);
    // A button, and never unasked: nobody waits, and that the next vacuum removes them is not shown.
    expect([action?.causes, action?.ends]).toEqual([undefined, undefined]);
    // Another one as old holds the same rows.
    const other = { ...holder, name: "9", sessionKey: aSession(9).sessionKey, xminAge: 4000 };
    expect(automatic([holder, other])).toEqual([false]);
  });

  it("D11 leaves to a person what a standby, a slot or an imported snapshot may hold as well, however young", () => {
    const young = { sessionKey: null, name: "9", seconds: null, xminAge: 4900, database: null };
    const others = [
      { ...holder, ...young, holder: "standby", state: "streaming" },
      { ...holder, ...young, holder: "replication-slot", state: "active" },
      { ...holder, ...young, sessionKey: "9", seconds: 5, state: "active", database: "shop" },
    ];
    for (const other of others) {
      const [finding] = findingsOf([holder, other]);
      expect(finding?.actions.map(({ automatic }) => automatic)).toEqual([false]);
      expect(finding?.summary).toContain("beside 1 other that may see as far back");
    }
    const without = [
      { ...holder, ...young, holder: "standby", state: "streaming", xminAge: 40 },
      { ...holder, ...young, sessionKey: "9", seconds: 0.1, state: "active", database: "shop" },
      { ...holder, ...young, sessionKey: "9", seconds: 5, state: "active", database: "other" },
    ];
    for (const other of without)
      expect(findingsOf([holder, other])[0]?.actions.map(({ automatic }) => automatic)).toEqual([true]);
  });

  it("P8 names the abandoned slot of a decoder, which holds the catalogues and no table of users", () => {
    const slot = {
      ...holder,
      holder: "replication-slot",
      name: "cdc",
      catalogOnly: true,
      seconds: null,
      xminAge: 20_000_000,
      state: "inactive",
      database: "another",
    };
    const catalog = aTable({
      schema: "pg_catalog",
      table: "pg_attribute",
      kind: "catalog",
      deadRows: 90_000,
    });
    expect(findingsOf([slot])).toEqual([]);
    const [finding] = findingsOf([slot], { ...catalog, lastAutovacuumSeconds: 30 });
    expect(finding).toMatchObject({ severity: "P2", subject: "replication-slot:cdc" });
    expect(finding?.explains.map(({ subject }) => subject)).toContain("pg_catalog.pg_attribute");
    expect(finding?.actions.map(({ id }) => id)).toEqual(["drop-replication-slot"]);
  });

  it("P10 never drops a slot that RDS made: it finds the replica that the slot waits for", () => {
    const slot = {
      ...holder,
      holder: "replication-slot",
      name: "rds_us_west_2_db_abcdefgh",
      seconds: null,
      xminAge: 20_000_000,
      state: "inactive",
    };
    const [action] = findingsOf([slot]).flatMap(({ actions }) => actions);
    expect(action).toMatchObject({ id: "find-replica-of-slot", risk: "safe", automatic: false });
    expect(action?.preview).toContain("--region us-west-2");
    expect(action?.preview).not.toContain("pg_drop_replication_slot");
  });

  it("P19 says where to look when a standby or a slot in use holds the rows", () => {
    const standby = { ...holder, holder: "standby", client: "10.0.0.9", seconds: null, xminAge: 20_000_000 };
    const slot = { ...standby, holder: "replication-slot", name: "sub", state: "active" };
    const ids = findingsOf([standby, slot]).flatMap(({ actions }) => actions.map(({ id }) => id));
    expect(ids).toEqual(["find-holder-on-standby", "look-at-slot"]);
  });

  it("P19 takes what a vacuum has just left for the age that a standby or a slot in use does not tell", () => {
    const standby = { ...holder, holder: "standby", seconds: null, xminAge: 5367, database: null };
    const inUse = { ...standby, holder: "replication-slot", name: "sub", state: "active" };
    const left = aTable({
      deadRows: 160_000,
      liveRows: 90,
      bytes: 8_000_000,
      lastVacuumSeconds: 3,
      lastAnalyzeSeconds: 3,
      changedSinceAnalyze: 0,
    });
    const ids = (...args: Parameters<typeof findingsOf>) =>
      findingsOf(...args).flatMap(({ actions }) => actions.map(({ id, automatic }) => [id, automatic]));
    expect(findingsOf([standby], left)[0]).toMatchObject({ severity: "P2", subject: "standby:8" });
    expect(JSON.stringify(findingsOf([standby], left))).not.toContain("unknown time");
    expect(ids([standby], left)).toEqual([["find-holder-on-standby", false]]);
    expect(ids([inUse], left)).toEqual([["look-at-slot", false]]);
    // Dead since the vacuum, at the pace of the table, or of a vacuum that is long over or was forgotten by ANALYZE.
    for (const other of [
      { changedSinceAnalyze: 160_000 },
      { changedSinceAnalyze: 15_000 },
      { lastVacuumSeconds: 90, lastAnalyzeSeconds: 90 },
      { lastVacuumSeconds: 50 },
      { deadRows: 5000 },
    ])
      expect(findingsOf([standby], { ...left, ...other })).toEqual([]);
    // A view that is a moment old, an unused slot and one beside somebody older hold nothing that is seen.
    const older = { ...holder, xminAge: 9000, seconds: 5, state: "active" };
    expect(findingsOf([{ ...standby, xminAge: 40 }], left)).toEqual([]);
    expect(findingsOf([{ ...inUse, state: "inactive" }], left)).toEqual([]);
    expect(findingsOf([older, standby], left)).toEqual([]);
  });

  it("D4 explains what reads a table that is dead for the most part, and no other statement", () => {
    const explained = (query: string, table = behind) =>
      rule
        .evaluate(
          lookedDeeper(
            {
              "postgres-oldest-xmin": JSON.parse(JSON.stringify([holder])),
              "postgres-tables": [table],
              "postgres-top-statements": [aStatement({ query })],
            },
            { sessions: [anIdleTransaction(8, 900)] },
          ),
        )
        .flatMap(({ explains }) => explains.map(({ cause }) => cause))
        .filter((cause) => cause === "expensive-statement" || cause === "cpu-saturated");
    const dead = aTable({ deadRows: 400_000, liveRows: 90, lastAutovacuumSeconds: 30 });
    const both = ["expensive-statement", "cpu-saturated"];
    expect(explained("SELECT id FROM orders ORDER BY id LIMIT $1", dead)).toEqual(both);
    expect(explained("SELECT id FROM orders_old ORDER BY id LIMIT $1", dead)).toEqual([]);
    expect(explained("INSERT INTO orders VALUES ($1)", dead)).toEqual([]);
    expect(explained("SELECT id FROM orders LIMIT $1", { ...dead, liveRows: 900_000 })).toEqual([]);
  });

  it("P8 explains the end of transaction ids by what may not be frozen, and by nobody who is young", () => {
    const wraparound = {
      kind: "database",
      name: "shop",
      xidAge: 1_100_000_000,
      multixactAge: 0,
      freezeMaxAge: 200_000_000,
      multixactFreezeMaxAge: 400_000_000,
      percentUsed: 51,
      xidsLeft: 1_000_000_000,
      bytes: null,
      toastOf: null,
    };
    const causes = (xminAge: number) =>
      rule
        .evaluate(
          lookedDeeper(
            {
              "postgres-oldest-xmin": JSON.parse(JSON.stringify([{ ...holder, xminAge }])),
              "postgres-tables": [aTable()],
              "postgres-vacuum-wraparound": [wraparound],
            },
            { sessions: [anIdleTransaction(8, 900)] },
          ),
        )
        .flatMap(({ explains }) => explains.map(({ cause }) => cause));
    expect(causes(1_000_000_000)).toEqual(["wraparound-risk"]);
    expect(causes(5000)).toEqual([]);
  });

  it("D8 finishes a prepared transaction and drops an abandoned slot by hand only", () => {
    const prepared = { ...holder, holder: "prepared-transaction", name: "settle-1", sessionKey: null };
    const slot = {
      ...holder,
      holder: "replication-slot",
      name: "old",
      seconds: null,
      // Vacuum went over the table half a minute ago; so many transactions take longer on any server.
      xminAge: 20_000_000,
      state: "inactive",
    };
    const actions = findingsOf([slot, prepared]).flatMap((finding) => finding.actions);
    expect(actions.map(({ id, automatic }) => [id, automatic])).toEqual([
      ["drop-replication-slot", false],
      ["finish-prepared-transaction", false],
    ]);
  });
});
