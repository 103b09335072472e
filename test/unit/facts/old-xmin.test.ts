import { describe, expect, it } from "vitest";
import { heldTables, keeperOf } from "../../../functions/core/facts/held-rows.ts";
import { holdersAsFarBack, xminHolders } from "../../../functions/core/facts/old-xmin.ts";
import type { View } from "../../../functions/core/facts/view.ts";
import type { OldestXminRow } from "../../../functions/core/probes/postgres/oldest-xmin-rows.ts";
import { aTarget } from "../../support/evidence-builder.ts";
import { anIdleTransaction, aSession } from "../../support/forest-builder.ts";
import { aTable, lookedDeeper } from "../../support/statement-builder.ts";

const standby: OldestXminRow = {
  holder: "standby",
  name: "9",
  sessionKey: null,
  xminAge: 5000,
  catalogOnly: false,
  seconds: null,
  state: "streaming",
  user: null,
  application: null,
  client: null,
  database: null,
  query: null,
};

const transaction = (database: string): OldestXminRow => ({
  ...standby,
  ...{ holder: "session", name: "8", sessionKey: aSession(8).sessionKey, xminAge: 9000 },
  ...{ seconds: 900, state: "idle in transaction", user: "shop", database },
});

/** What a vacuum had to leave a moment ago. */
const left = aTable({
  deadRows: 160_000,
  liveRows: 90,
  bytes: 8_000_000,
  lastVacuumSeconds: 3,
  lastAnalyzeSeconds: 3,
  changedSinceAnalyze: 0,
});

/** The target is said to be "shop", and the look was taken in "reports". */
function seen(database: string): View {
  const rows = [standby, transaction(database)].map((row) => ({ ...row }));
  return lookedDeeper(
    { "postgres-oldest-xmin": rows, "postgres-oldest-xmin-slots": [], "postgres-tables": [left] },
    {
      sessions: [aSession(1, { own: true, database: "reports" }), anIdleTransaction(8, 900, { database })],
      overrides: { target: aTarget({ database: "shop" }) },
    },
  );
}

function holder(view: View, key: string) {
  const found = xminHolders(view)?.find((one) => one.key === key);
  if (found === undefined) throw new Error(`no ${key}`);
  return found;
}

describe("who holds dead rows where the look was taken in another database than the target's", () => {
  it("D3 is a transaction of the database of the look", () => {
    const view = seen("reports");
    expect(holdersAsFarBack(view, holder(view, "standby:9")).map(({ key }) => key)).toEqual(["session:8"]);
    // The older one keeps them as long as it stays.
    expect(heldTables(view, holder(view, "standby:9"), [left])).toEqual([]);
    expect(keeperOf(view, left)?.key).toBe("session:8");
  });

  it("D3 is none of the database that the target names, nor of a third", () => {
    for (const database of ["shop", "archive"]) {
      const view = seen(database);
      expect(holdersAsFarBack(view, holder(view, "standby:9"))).toEqual([]);
      expect(heldTables(view, holder(view, "standby:9"), [left])).toEqual([left]);
      expect(keeperOf(view, left)?.key).toBe("standby:9");
    }
  });
});
