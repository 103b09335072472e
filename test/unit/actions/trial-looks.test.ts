import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { liftingGuards } from "../../../functions/core/actions/held-by.ts";
import type { WorkOrder } from "../../../functions/core/contract/work-order.ts";
import { passingGuards } from "../../../functions/core/incident/passing-guards.ts";
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
const input = {
  ...{ schema: "shop", table: "items", name: "items_a", unique: false, definition: "(`a`)" },
  ...{ statement: "SELECT 1 FROM shop.items WHERE a = 1", gainPercent: 30 },
};

function rowsOf(sql: string, isHidden: boolean): readonly SqlRow[] {
  if (sql.includes("AS `key`")) return [{ key: "`a`", unique: 0, type: "BTREE" }];
  const isSeen = sql.includes("IS_VISIBLE = 'NO'") ? isHidden : sql.startsWith("SELECT 1 AS one");
  return isSeen ? [{ one: 1 }] : [];
}

/** A build of a trial on MySQL that has ended: its index is there, hidden, and does not pay. */
function builtIndex() {
  const is = { there: true, hidden: true };
  const clock = createVirtualClock(Date.parse(openedAt));
  const session = fakeSession(({ sql }): readonly SqlRow[] => {
    if (sql.includes("DROP INDEX")) is.there = false;
    if (sql.includes("Last_query_cost")) return [{ Value: "100" }];
    return is.there ? rowsOf(sql, is.hidden) : [];
  });
  const mysql = { ...session, server: { ...session.server, engine: "mysql", major: 8 } as const };
  const databases: Databases = {
    connect: async () => ({ kind: "connected", session: mysql, connection }),
  };
  const look = (follows: Partial<WorkOrder["follows"]> = {}, retries = 0) => {
    const times = { issuedAt: openedAt, expiresAt: new Date(clock.now() + 60_000).toISOString() };
    const handle = { id: 9, since: "", made: null, trial: { cost: 100, ms: 5 } };
    const running = { startedAt: openedAt, until: secondsLater(21_600), handle, mayTidy: true, ...follows };
    const order = anOrder({
      ...{ actionId: "try-index", input, target: { ...aTarget(), engine: "mysql" }, ...times },
      ...{ permittedBy: "approval", follows: running },
    });
    const own = { now: clock.now, sleep: (ms: number) => clock.advance(ms) };
    const deps = { clock: own, log: createCollectingLog(), databases: () => databases };
    return actOnDatabase({ order, settings: defaultSettings, retries }, deps);
  };
  return { is, clock, look, asked: session.asked };
}

const held = {
  ...{ mayTidy: false, held: "tags-unread: The tags of shop could not be read just now." },
  release: "Lifts by itself as soon as RDS tells them again.",
};

describe("A32 a look after the build of a trial, while a guard keeps it from being tried", () => {
  it("waits for the guard, and tries it at the next look", async () => {
    const { is, look } = builtIndex();
    const first = await look(held);
    expect(first).toMatchObject({ status: "running", running: { handle: { trial: { cost: 100 } } } });
    expect(first.summary).toContain(
      "tags-unread: The tags of shop could not be read just now. Lifts by itself as soon as RDS tells them",
    );
    expect(is.there).toBe(true);
    expect(await look({ ...first.running })).toMatchObject({ status: "done" });
    expect(is.there).toBe(false);
  });

  it("ends once nobody waits for it any more, and then says of nothing that it lifts by itself", async () => {
    const { look, clock } = builtIndex();
    await clock.advance(21_600_000);
    const end = await look(held);
    expect(end).toMatchObject({
      status: "not-verified",
      // It is hidden already.
      undo: { actionId: "drop-index", input: { name: "items_a", was: { definition: "(`a`)" } } },
    });
    expect(end.summary).toContain("a person looks at it");
    expect(end.summary).not.toContain("Lifts by itself");
  });
});

describe("A32 a look after the build of a trial, while the responder may only observe", () => {
  it.each(["observe", "asks-now", "not-opted-in"])(
    "leaves the index to a person, who can take it back, and does not try it later: %s",
    async (guard) => {
      const { is, look } = builtIndex();
      const release = "A person carries out what is left.";
      const end = await look({ mayTidy: false, held: `${guard}: It may not by now.`, release });
      expect(end).toMatchObject({
        status: "not-verified",
        undo: { actionId: "drop-index", input: { name: "items_a", was: { definition: "(`a`)" } } },
      });
      expect(end.summary).toContain(`was not tried, a person decides: ${guard}: It may not by now.`);
      expect(end.running).toBeUndefined();
      expect(is.there).toBe(true);
    },
  );

  it("waits for no guard that does not let what it held back be tried again", () => {
    expect(liftingGuards.size).toBeGreaterThan(0);
    expect([...liftingGuards].filter((guard) => !passingGuards.has(guard))).toEqual([]);
  });
});

describe("A32 a look that has tried the index and dropped it", () => {
  const drop = "Sent: ALTER TABLE `shop`.`items` DROP INDEX `items_a`, ALGORITHM=INPLACE, LOCK=NONE";

  it("has the statements by which it did so in its record", async () => {
    const { steps } = await builtIndex().look();
    expect(steps.map(({ says }) => says)).toContain(drop);
  });

  it.each(["its repeat", "the look after it"])(
    "and told nobody, is no build that failed by %s: it may have been dropped",
    async (who) => {
      const { look, is } = builtIndex();
      await look();
      expect(is.there).toBe(false);
      const handle = { id: 9, since: "", made: null, trial: { cost: 100, ms: 5 }, lostLook: true };
      const next = who === "its repeat" ? await look({}, 1) : await look({ handle });
      expect(next).toMatchObject({ status: "not-verified", mayHaveActed: true });
      expect(next.summary).toContain("it may have been built, tried and dropped again");
      expect(await look()).toMatchObject({ status: "failed" });
    },
  );
});
