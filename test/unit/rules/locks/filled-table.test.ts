import { describe, expect, it } from "vitest";
import type { HeldLock } from "../../../../functions/core/contract/locks.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { unsureRefusal } from "../../../../functions/core/policy/sure.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { someEvidence } from "../../../support/evidence-builder.ts";
import { aForest, aRunning, waiters } from "../../../support/forest-builder.ts";

const fill = "UPDATE rides r SET fare = (SELECT max(f.fare) FROM fares f WHERE f.zone = r.zone)";

interface World {
  readonly query?: string;
  readonly mode?: string;
  readonly holder?: Partial<Session>;
  readonly wanted?: Pick<HeldLock, "object" | "objectKind">;
}

function told({ query = fill, mode = "AccessExclusiveLock", holder = {}, wanted }: World) {
  const table = { object: "public.rides", objectKind: "table" } as const;
  const who = aRunning(7, 95, {
    query,
    application: "flyway",
    transactionSeconds: 96,
    autocommit: false,
    ...holder,
  });
  const holds = [
    { ...table, mode: "RowExclusiveLock" },
    { ...table, mode, explicit: true },
    ...(wanted === undefined ? [] : [{ ...wanted, mode: "ExclusiveLock", explicit: true }]),
  ];
  const forests = [aForest([{ who, holds }, ...waiters(5, "session:7", { waits: wanted ?? table })])];
  const { findings } = diagnose(someEvidence({ forests }), defaultSettings);
  return findings.find(({ id }) => id === "blocked-by-running-query" || id === "explicit-lock-held");
}

describe("a migration that fills its new column under the lock of its ALTER TABLE", () => {
  it.each([
    fill,
    "/* V42 */ update public.rides set fare = 0 where fare is null",
    'UPDATE ONLY "rides" SET fare = $1',
    "UPDATE rides SET fare = f.fare FROM fares f WHERE f.zone = rides.zone",
  ])("D4 D8 is a statement that runs, with how it is done without: %s", (query) => {
    const finding = told({ query });
    expect(finding).toMatchObject({ id: "blocked-by-running-query", severity: "P2" });
    expect(finding?.summary).toContain(
      "that fills table public.rides, locked whole before it in its transaction (by ALTER TABLE, or LOCK TABLE), blocks 5 sessions",
    );
    expect(finding?.evidence.map(({ says }) => says)).toContain(
      "what would change it: COMMIT after an ALTER TABLE, then fill it in batches that commit each",
    );
  });

  it("A40 is ended by nobody but a person, as whoever holds an explicit lock", () => {
    const ends = [told({}), told({ query: "SELECT count(*) FROM pg_class" })].map(
      (finding) => finding?.actions,
    );
    for (const [end, ...more] of ends.map((actions) => actions ?? [])) {
      expect(more).toEqual([]);
      expect(end).toMatchObject({ id: "terminate-session", neverAlone: { kind: "explicit-lock" } });
      expect(end && unsureRefusal(end)).toMatchObject({ guard: "never-alone" });
    }
  });

  it.each<[string, World]>([
    [
      "a script that locks a table and changes some of its rows",
      { query: "UPDATE rides SET fare = ? WHERE zone = ?" },
    ],
    ["one that reads it", { query: "SELECT sum(fare) FROM rides" }],
    ["one that fills another table", { query: "UPDATE fares SET fare = 0" }],
    ["a statement of which the end is not seen", { query: `${fill.slice(0, 40)}…` }],
    ["a lock of a mode that ALTER TABLE does not take", { mode: "ExclusiveLock" }],
    ["one text that says LOCK", { query: "LOCK TABLE rides; UPDATE rides SET fare = 0" }],
    [
      "one that is idle in its transaction",
      { holder: { state: "idle-in-transaction", statementSeconds: null } },
    ],
    [
      "a migration whose other pods stand by for its advisory lock",
      { wanted: { object: "advisory lock (7)", objectKind: "advisory" } },
    ],
  ])("D4 %s holds an explicit lock still", (_, world) => {
    const finding = told(world);
    expect(finding?.id).toBe("explicit-lock-held");
    expect(finding?.summary).not.toContain("fills");
  });

  it("D2 says what may have taken a lock of before, where nothing tells", () => {
    const untold = "table public.rides (by LOCK TABLE, or ALTER TABLE, before), and blocks";
    expect(told({ query: "UPDATE fares SET fare = 0" })?.summary).toContain(untold);
    for (const world of [
      { mode: "ExclusiveLock" },
      // A table lock of InnoDB, by LOCK TABLES: a change of the table would have committed.
      { mode: "X", query: "UPDATE fares SET fare = 0" },
      { query: "LOCK TABLE rides; SELECT pg_sleep(?)" },
      { query: "UPDATE fares SET fare = 0", holder: { state: "idle-in-transaction" as const } },
    ])
      expect(told(world)?.summary).not.toContain("ALTER TABLE");
  });
});
