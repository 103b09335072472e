import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import type { WorkOrder } from "../../../functions/core/contract/work-order.ts";
import type { Databases, SqlRow } from "../../../functions/core/ports.ts";
import { actOnDatabase } from "../../../functions/core/respond/act-on-database.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aTarget, openedAt, secondsLater } from "../../support/incident-builder.ts";
import { anOrder } from "../../support/order-builder.ts";
import { fakeSession } from "../probes/fake-session.ts";

const connection = {
  status: "connected",
  failedStep: null,
  detail: null,
  pointsTo: null,
  tookMs: 1,
} as const;
const input = { schema: "shop", table: "items", name: "items_a", unique: false, definition: "(a)" };

/** A build on PostgreSQL that has failed; `lefts`: its invalid index, as it is seen at one read after the other. */
function failedBuild(lefts: readonly boolean[]) {
  const seen = { reads: 0, works: false };
  const clock = createVirtualClock(Date.parse(openedAt));
  const session = fakeSession(({ sql }): readonly SqlRow[] => {
    if (seen.works && sql.includes("pg_stat_progress_vacuum"))
      return [{ doing: "building index", percent: 40 }];
    if (!sql.includes("not i.indisvalid")) return [];
    const isLeft = lefts[seen.reads++] ?? lefts.at(-1) ?? false;
    return isLeft ? [{ name: "items_a" }] : [];
  });
  const databases: Databases = { connect: async () => ({ kind: "connected", session, connection }) };
  const look = (follows: Partial<WorkOrder["follows"]>, action = { actionId: "create-index", input }) => {
    const times = { issuedAt: openedAt, expiresAt: secondsLater(60) };
    const running = {
      ...{ startedAt: openedAt, until: secondsLater(21_600), handle: { id: 9, since: "x" } },
      ...{ mayTidy: true, ...follows },
    };
    const order = anOrder({
      ...{ ...action, target: { ...aTarget(), engine: "postgres" }, ...times },
      ...{ permittedBy: "approval", follows: running },
    });
    const own = { now: clock.now, sleep: (ms: number) => clock.advance(ms) };
    const deps = { clock: own, log: createCollectingLog(), databases: () => databases };
    return actOnDatabase({ order, settings: defaultSettings, retries: 0 }, deps);
  };
  const dropped = () => session.asked.filter((sql) => sql.startsWith("DROP INDEX"));
  return { look, dropped, seen };
}

const lifts = { mayTidy: false, held: "snoozed: shop is snoozed.", release: "Lifts by itself." };
const observes = {
  ...{ mayTidy: false, held: "observe: The responder only observes here by now." },
  release: "A person carries out what is left.",
};

describe("A10 the invalid index that a failed build has left", () => {
  it("is dropped where nothing speaks against it", async () => {
    const { look, dropped } = failedBuild([true]);
    expect(await look({})).toMatchObject({ status: "failed" });
    expect(dropped()).toHaveLength(1);
  });

  it("waits for a guard that lifts", async () => {
    const { look, dropped } = failedBuild([true]);
    const first = await look(lifts);
    expect(first).toMatchObject({ status: "running" });
    expect(first.summary).toContain("not taken away yet: snoozed: shop is snoozed. Lifts by itself.");
    expect(dropped()).toHaveLength(0);
  });

  it("is not dropped by a look that a guard holds, where it is seen only by the last read of that", async () => {
    const { look, dropped } = failedBuild([false, true]);
    expect(await look(lifts)).toMatchObject({ status: "failed" });
    expect(dropped()).toHaveLength(0);
  });

  it("is left to a person where the responder only observes by now", async () => {
    const { look, dropped } = failedBuild([true]);
    const end = await look(observes);
    expect(end).toMatchObject({ status: "not-verified", mayHaveActed: true });
    expect(end.summary).toContain("It has left items_a, which a person takes away: observe: ");
    expect(dropped()).toHaveLength(0);
  });
});

describe("A32 the build of a trial that fails after a look that was lost", () => {
  const statement = "SELECT 1 FROM shop.items WHERE a = 1";
  const trial = { actionId: "try-index", input: { ...input, statement, gainPercent: 30 } };
  const handle = { id: 9, since: "x", made: null, trial: { cost: 100, ms: 5 }, lostLook: true };

  it("has failed, and was neither tried nor dropped, where a look after that one saw it at work", async () => {
    const { look, seen } = failedBuild([true]);
    seen.works = true;
    const at = await look({ handle }, trial);
    expect(at).toMatchObject({ status: "running", running: { handle: { trial: { cost: 100 } } } });
    seen.works = false;
    const end = await look({ ...at.running }, trial);
    expect(end).toMatchObject({ status: "failed" });
    expect(end.summary).toContain("The invalid index that it left was dropped");
    expect(end.summary).not.toContain("tried and dropped again");
  });

  it("may have been tried and dropped where nobody saw it at work since", async () => {
    const { look } = failedBuild([false]);
    expect(await look({ handle }, trial)).toMatchObject({ status: "not-verified" });
  });
});
