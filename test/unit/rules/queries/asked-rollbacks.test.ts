import { describe, expect, it } from "vitest";
import { errorStorm as rule } from "../../../../functions/core/rules/queries/error-storm.ts";
import { metricView } from "../../../support/metric-scene.ts";
import { aSetting, databaseRates, sentStatement } from "../../../support/postgres-rates-builder.ts";

interface World {
  readonly begins?: number;
  readonly asked?: number;
  readonly rollbacks?: number;
  readonly sessions?: number;
  readonly savepoints?: number;
  readonly failedAt?: string;
  readonly looked?: boolean;
  readonly trackUtility?: string;
}

function told(world: World = {}) {
  const { asked = 270, rollbacks = 160, sessions = 9, savepoints = 0, looked = true } = world;
  const row = { ...databaseRates(130, rollbacks), connections: sessions };
  const failing = { user: "shop", database: "shop", applications: [], query: "SELECT 1", sessions: 12 };
  const caught = world.failedAt === undefined ? [] : [{ ...failing, failedAt: world.failedAt }];
  return rule.evaluate(
    metricView({
      probes: {
        "postgres-database-rates": [row],
        "postgres-settings": [aSetting("pg_stat_statements.track_utility", world.trackUtility ?? "on")],
        ...(looked ? { "postgres-failing-statements": caught } : {}),
        "postgres-top-statements": [
          sentStatement("BEGIN", world.begins ?? asked),
          sentStatement("ROLLBACK", asked),
          sentStatement("SELECT title FROM recipes WHERE id = $1", asked),
          ...(savepoints === 0 ? [] : [sentStatement("SAVEPOINT a", savepoints)]),
        ],
      },
    }),
  );
}

describe("transactions that a pool ends by ROLLBACK when a connection comes back", () => {
  it("P19 are no finding where none was seen aborted, and many would have been", () => {
    expect(told()).toEqual([]);
  });

  it.each<[string, World]>([
    ["too few to be seen in half a second", { rollbacks: 60 }],
    ["so many sessions that there were few looks", { sessions: 1200 }],
    ["errors that nobody looked for", { looked: false }],
    ["savepoints, whose users are left out of the look", { savepoints: 40 }],
  ])("P19 stay a note beside %s, which says how often it was asked for", (_what, world) => {
    const [finding] = told(world);
    expect(finding?.severity).toBe("P3");
    expect(finding?.summary).toContain("could not be seen; ROLLBACK was asked for 270 times a second");
  });

  it.each<[string, World]>([
    ["is sent whether a transaction was begun or not", { begins: 0 }],
    ["is not counted", { trackUtility: "off" }],
    ["was sent for half of them", { asked: 80 }],
  ])("P19 are told as before where ROLLBACK %s", (_what, world) => {
    expect(told(world)[0]?.summary).toMatch(/whether by errors or on purpose could not be seen$/);
  });

  it.each(["transaction", "aborted", "execution"])(
    "P19 are errors where some were caught (%s)",
    (failedAt) => {
      expect(told({ failedAt })[0]).toMatchObject({ severity: "P2" });
    },
  );
});
