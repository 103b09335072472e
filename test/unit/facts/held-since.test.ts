import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import type { Engine } from "../../../functions/core/contract/target.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, aRunning, type Member } from "../../support/forest-builder.ts";

const take = "SELECT id FROM jobs WHERE state = $1 ORDER BY id LIMIT 1 FOR UPDATE";

/** Who takes the oldest job, so long ago, and has waited so long for who has it now. */
function worker(id: number, seconds: number, waitSeconds: number, engine: Engine): Member {
  const postgres = engine === "postgres";
  return {
    who: aRunning(id, seconds, { query: take }),
    behind: "session:1",
    waits: {
      object: postgres
        ? "transaction 70 (row (0,7) of public.jobs)"
        : "row 2 on page 4 of app.jobs (PRIMARY)",
      objectKind: postgres ? "transaction" : "row",
      mode: postgres ? "ShareLock" : "X,REC_NOT_GAP",
      waitSeconds,
    },
  };
}

function told(engine: Engine, who: Session, waiters: readonly Member[]) {
  const forests = [aForest([{ who, holds: [{ mode: "ExclusiveLock" }] }, ...waiters])];
  const { findings, rootCauses } = diagnose(someEvidence({ engine, forests }), defaultSettings);
  const blocked = findings.find(({ id }) => id.startsWith("blocked-by"));
  const actions = findings.flatMap((finding) => finding.actions);
  return { roots: rootCauses, blocked, actions: actions.map(({ id, automatic }) => ({ id, automatic })) };
}

describe("who holds a row at the moment", () => {
  it.each(["postgres", "mysql", "mariadb"] as const)(
    "D10 is no blocker on %s whose whole transaction is younger than a wait, and nobody is to be ended",
    (engine) => {
      const holder = anIdleTransaction(1, 0.05, { transactionSeconds: 2, query: take });
      const waiters = [1, 1, 1, 1, 6].map((seconds, index) => worker(10 + index, seconds, seconds, engine));
      const { roots, actions } = told(engine, holder, waiters);
      expect(roots).toEqual(["hot-row-contention:session:1"]);
      expect(actions).toEqual([]);
    },
  );

  it.each(["postgres", "mysql", "mariadb"] as const)(
    "D10 is the latest of several on %s when a single one has waited for longer than it is there",
    (engine) => {
      const holder = anIdleTransaction(1, 2, { transactionSeconds: 4 });
      const { blocked, actions } = told(engine, holder, [worker(10, 9, 9, engine)]);
      expect(blocked?.summary).toContain("others had the lock before it");
      expect(actions).toEqual([]);
    },
  );

  it("D10 is known by PostgreSQL's waits, which begin anew for each holder, where its transaction is as old as theirs", () => {
    const holder = anIdleTransaction(1, 0.05, { transactionSeconds: 8, query: take });
    const waiters = [5, 6, 7, 7.9].map((seconds, index) => worker(10 + index, seconds, 0.4, "postgres"));
    const queued = { ...worker(20, 7.8, 7.8, "postgres"), behind: "session:10" };
    const row = { object: "row (0,7) of public.jobs", objectKind: "row" as const, waitSeconds: 7.8 };
    const { roots, actions } = told("postgres", holder, [...waiters, { ...queued, waits: row }]);
    expect(roots).toEqual(["hot-row-contention:session:1"]);
    expect(actions).toEqual([]);
  });

  it.each(["postgres", "mysql", "mariadb"] as const)(
    "D10 is at work on %s between two statements: it blocks, and nobody is to be ended for a pause",
    (engine) => {
      const holder = anIdleTransaction(1, 0.05, { transactionSeconds: 40, query: "SELECT 1" });
      const { blocked, actions } = told(engine, holder, [worker(10, 9, 5, engine), worker(11, 9, 8, engine)]);
      const row = worker(12, 9, 9, engine);
      expect(blocked?.id).toBe("blocked-by-idle-transaction");
      if (engine === "postgres") expect(actions).toHaveLength(1);
      else expect(actions).toEqual([]);
      const behind = {
        ...row,
        behind: "session:10",
        waits: { ...row.waits, object: "row (0,7) of public.jobs" },
      };
      const queue = told(engine, holder, [worker(10, 9, 2, engine), { ...behind, who: aRunning(12, 12) }]);
      expect(queue.blocked?.evidence.map(({ says }) => says).join("\n")).toMatch(
        /it is at work|they take turns/,
      );
      expect(queue.actions).toEqual([]);
    },
  );

  it("D11 is not ended by itself while a statement has had the row for less than a crowd's bar, however long it queued", () => {
    const holder = aRunning(1, 30, { query: "UPDATE jobs SET n = n + 1 WHERE id = 7" });
    const waiters = [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3].map((seconds, index) => ({
      ...worker(10 + index, 25, seconds, "postgres"),
      who: aRunning(10 + index, 25, { autocommit: true, query: "UPDATE jobs SET n = n + 2 WHERE id = 7" }),
    }));
    const first = waiters[0];
    if (first === undefined) throw new Error("no waiter");
    const behind: Member = {
      ...first,
      who: aRunning(40, 25, { autocommit: true, query: "UPDATE jobs SET n = n + 2 WHERE id = 7" }),
      behind: "session:10",
      waits: {
        object: "row (0,7) of public.jobs",
        objectKind: "row",
        mode: "ExclusiveLock",
        waitSeconds: 24,
      },
    };
    expect(
      told("postgres", holder, [...waiters, behind]).actions.filter(({ automatic }) => automatic),
    ).toEqual([]);
  });

  const update = "UPDATE counters SET n = n + 1 WHERE id = 7";
  const counting = (seconds: readonly number[], waitSeconds: number) =>
    seconds.map((one, index) => ({
      ...worker(10 + index, one, waitSeconds, "postgres"),
      who: aRunning(10 + index, one, { autocommit: true, query: update }),
    }));

  it("D10 has queued as well on PostgreSQL where its statement is one of theirs, as old, and all waits are anew", () => {
    const holder = aRunning(1, 12.5, { autocommit: true, query: update });
    const { roots, actions } = told(
      "postgres",
      holder,
      counting([1, 5, 8, 9, 10, 11, 12, 12, 12, 12, 12, 12], 0.09),
    );
    expect(roots).toEqual(["hot-row-contention:session:1"]);
    expect(actions).toEqual([]);
  });

  it("D11 is proposed to nobody while it has had the row for half of what others have waited, and is later", () => {
    const at = (idle: number) => {
      const holder = anIdleTransaction(1, idle, { transactionSeconds: 30, query: "SELECT 1" });
      return told("postgres", holder, counting([20, 25, 28], Math.min(idle, 9)));
    };
    expect(at(3).actions).toEqual([]);
    expect(
      at(3)
        .blocked?.evidence.map(({ says }) => says)
        .join(),
    ).toContain("they take turns");
    expect(at(12).actions).toHaveLength(1);
  });
});
