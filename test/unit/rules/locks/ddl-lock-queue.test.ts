import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { ddlLockQueue as rule } from "../../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aView, someEvidence } from "../../../support/evidence-builder.ts";
import {
  aForest,
  anIdleTransaction,
  aPrepared,
  aRunning,
  type Member,
  waiters,
} from "../../../support/forest-builder.ts";

const alter = aRunning(50, 20, { application: "migrate", query: "ALTER TABLE orders ADD COLUMN note text" });
const queuedAlter: Member = {
  who: alter,
  behind: "session:1",
  waits: { mode: "AccessExclusiveLock", waitSeconds: 20 },
};
const behindAlter = waiters(41, "session:50", {
  seconds: 19,
  queued: true,
  waits: { mode: "AccessShareLock" },
});

function diagnosisOf(members: readonly Member[]) {
  return diagnose(someEvidence({ forests: [aForest(members)] }), defaultSettings);
}

describe("ddl-lock-queue", () => {
  it.each([
    ["an idle transaction", { who: anIdleTransaction(1, 300) }],
    ["a running report", { who: aRunning(1, 300, { application: "reports" }) }],
    ["a backup", { who: aRunning(1, 300, { application: "pg_dump" }) }],
    ["an anti-wraparound autovacuum", { who: aRunning(1, 300, { kind: "autovacuum", wraparound: true }) }],
    [
      "an explicit lock",
      { who: anIdleTransaction(1, 300), holds: [{ mode: "RowShareLock", explicit: true }] },
    ],
  ] satisfies [string, Member][])("D8 cancels the queued DDL first when the holder is %s", (_name, head) => {
    const diagnosis = diagnosisOf([head, queuedAlter, ...behindAlter]);
    expect(diagnosis.rootCauses).toEqual(["ddl-lock-queue:session:50"]);
    expect(diagnosis.findings[0]?.actions).toHaveLength(1);
    expect(diagnosis.findings[0]?.actions[0]).toMatchObject({
      id: "cancel-query",
      frees: 41,
      input: { sessionId: 50 },
    });
    expect(diagnosis.findings.slice(1).flatMap(({ actions }) => actions)).toEqual([]);
  });

  it("D8 cancels a change that waits for one table and has locked another, which is what everybody wants", () => {
    const moves: Member = { ...queuedAlter, holds: [{ object: "items", mode: "AccessExclusiveLock" }] };
    const wanting = waiters(12, "session:50", {
      seconds: 19,
      waits: { object: "items", mode: "AccessShareLock" },
    });
    const diagnosis = diagnosisOf([{ who: aRunning(1, 300, { application: "reports" }) }, moves, ...wanting]);
    expect(diagnosis.rootCauses).toEqual(["ddl-lock-queue:session:50"]);
    expect(diagnosis.headline).toContain(
      "; 12 sessions wait for table items, which it has locked already, longest wait 19 s.",
    );
    expect(diagnosis.findings[0]?.actions[0]).toMatchObject({
      id: "cancel-query",
      frees: 12,
      input: { sessionId: 50 },
    });
    expect(diagnosis.findings.slice(1).flatMap(({ actions }) => actions)).toEqual([]);
    expect(diagnosis.findings[1]?.summary).toContain("or want what it has locked already");
  });

  it("D8 takes nobody for its queue who stands by for its advisory lock: a session keeps that one", () => {
    const lock = { object: "advisory lock (7)", objectKind: "advisory" } as const;
    const moves: Member = { ...queuedAlter, holds: [{ ...lock, mode: "ExclusiveLock" }] };
    const pods = waiters(12, "session:50", { seconds: 19, waits: { ...lock, mode: "ExclusiveLock" } });
    const { rootCauses, findings } = diagnosisOf([{ who: anIdleTransaction(1, 300) }, moves, ...pods]);
    expect(rootCauses).toEqual(["blocked-by-idle-transaction:session:1"]);
    expect(findings.flatMap(({ actions }) => actions.map(({ id }) => id))).not.toContain("cancel-query");
  });

  it("D2 tells who queues for its table from who wants what it has locked", () => {
    const moves: Member = { ...queuedAlter, holds: [{ object: "items", mode: "AccessExclusiveLock" }] };
    const wanting = waiters(2, "session:50", {
      seconds: 9,
      firstId: 300,
      waits: { object: "items", mode: "AccessShareLock" },
    });
    const diagnosis = diagnosisOf([{ who: anIdleTransaction(1, 300) }, moves, ...behindAlter, ...wanting]);
    expect(diagnosis.headline).toContain(
      "2 sessions wait for table items, which it has locked already, and 41 sessions queue behind it",
    );
  });

  it("D2 names the DDL, the holder and the queue, and the alternative in the consequence", () => {
    const diagnosis = diagnosisOf([{ who: anIdleTransaction(1, 300) }, queuedAlter, ...behindAlter]);
    expect(diagnosis.headline).toBe(
      "A queued ALTER TABLE (app migrate, user shop, pid 50) has waited 20 s for table orders, held by a session idle in transaction for 5 min (app checkout, user shop, pid 1); 41 sessions queue behind it, longest wait 19 s.",
    );
    expect(diagnosis.severity).toBe("P1");
    expect(diagnosis.findings[0]?.actions[0]?.consequence).toContain(
      "the alternative is to end app checkout, user shop, pid 1",
    );
    expect(diagnosis.findings[1]?.explainedBy).toEqual(["ddl-lock-queue:session:50"]);
  });

  it("D2 calls a holder between two statements of its transaction no idler", () => {
    const importer = anIdleTransaction(1, 0.002, { transactionSeconds: 300 });
    const { headline } = diagnosisOf([{ who: importer }, queuedAlter, ...behindAlter]);
    expect(headline).toContain("held by a session between two statements of a transaction open for 5 min");
    const { headline: running } = diagnosisOf([{ who: aRunning(1, 300) }, queuedAlter, ...behindAlter]);
    expect(running).toContain("held by a session active for 5 min");
  });

  it("D8 offers no kill for a prepared transaction at the head, only the cancel of the DDL", () => {
    const members = [
      { who: aPrepared("pay-1") },
      { ...queuedAlter, behind: "prepared:pay-1" },
      ...behindAlter,
    ];
    const diagnosis = diagnosisOf(members);
    expect(diagnosis.rootCauses).toEqual(["ddl-lock-queue:session:50"]);
    expect(diagnosis.findings[0]?.actions.map(({ id }) => id)).toEqual(["cancel-query"]);
  });

  it("D3 keeps the holder a cause of its own when it blocks others beside the DDL", () => {
    const own = waiters(12, "session:1", { firstId: 7000, seconds: 30 });
    const diagnosis = diagnosisOf([{ who: anIdleTransaction(1, 300) }, queuedAlter, ...own, ...behindAlter]);
    expect(diagnosis.rootCauses).toEqual([
      "ddl-lock-queue:session:50",
      "blocked-by-idle-transaction:session:1",
    ]);
  });

  it("D8 leaves a DDL that only waits itself to the rule of its blocker", () => {
    const diagnosis = diagnosisOf([{ who: anIdleTransaction(1, 300) }, queuedAlter]);
    expect(diagnosis.rootCauses).toEqual(["blocked-by-idle-transaction:session:1"]);
    expect(diagnosis.findings[0]?.actions[0]?.id).toBe("terminate-session");
  });

  it("D4 does not take a queue for a hot row for a DDL", () => {
    const row = { objectKind: "row", mode: "X" } as const;
    const members: Member[] = [
      { who: anIdleTransaction(1, 300) },
      { who: aRunning(2, 20), behind: "session:1", waits: row },
      ...waiters(5, "session:2", { queued: true, waits: row }),
    ];
    expect(rule.evaluate(aView({ forests: [aForest(members)] }))).toEqual([]);
  });

  it.each([
    ["metadata", "EXCLUSIVE"],
    ["metadata", "MDL_SHARED_NO_READ_WRITE"],
    ["global", "SHARED"],
    ["table", "ShareLock"],
  ] as const)("P25 knows a queued %s lock in mode %s", (objectKind, mode) => {
    const members: Member[] = [
      { who: anIdleTransaction(1, 300) },
      { ...queuedAlter, waits: { objectKind, mode, waitSeconds: 20 } },
      ...waiters(4, "session:50", { queued: true, waits: { objectKind, mode: "SHARED_READ" } }),
    ];
    const view = aView({ engine: "mysql", forests: [aForest([]), aForest(members)] });
    expect(rule.evaluate(view)).toHaveLength(1);
  });

  it("D8 ends the holder only when the queued request itself must not be touched", () => {
    const backup = { ...alter, application: "mysqldump", query: "FLUSH TABLES WITH READ LOCK" };
    const head = { who: aRunning(1, 300, { application: "reports" }) };
    const diagnosis = diagnosisOf([head, { ...queuedAlter, who: backup }, ...behindAlter]);
    expect(diagnosis.rootCauses).toEqual(["ddl-lock-queue:session:50"]);
    expect(diagnosis.findings[0]?.actions.map(({ id, input }) => [id, input])).toEqual([
      ["cancel-query", expect.objectContaining({ sessionId: 1 })],
    ]);
  });

  const tool: Member = {
    ...queuedAlter,
    who: {
      ...alter,
      application: "pt-online-schema-change",
      query: "CREATE TRIGGER pt_osc_del AFTER DELETE",
    },
  };

  it.each([
    [
      "an idle transaction of a moment",
      anIdleTransaction(1, 21, { stateSeconds: 2 }),
      "it has been idle for 2 s",
    ],
    ["a report that began lately", aRunning(1, 25, { application: "reports" }), "it has run for 25 s only"],
  ])("D11 leaves %s to a person when the queued request must not be touched", (_name, who, because) => {
    const [finding] = diagnosisOf([{ who }, tool, ...behindAlter.slice(0, 5)]).findings;
    expect(finding?.actions[0]).toMatchObject({ input: { sessionId: 1 }, automatic: false });
    expect(finding?.actions[0]?.consequence).toContain(because);
  });

  it("D8 tells a person that the holder could be spared, and what releases the queued request", () => {
    const [finding] = diagnosisOf([{ who: anIdleTransaction(1, 300) }, tool, ...behindAlter]).findings;
    expect(finding?.actions[0]).toMatchObject({
      id: "terminate-session",
      input: { sessionId: 1 },
      frees: 42,
    });
    expect(finding?.actions[0]?.consequence).toContain(
      "the alternative, which spares it, is to cancel the queued request by hand",
    );
    expect(finding?.evidence.map(({ says }) => says)).toContain(
      "the queued request is not touched: its application pt-online-schema-change is on the protected list (policy.protectedApplications)",
    );
  });

  it.each([
    ["a report at work", aRunning(1, 400, { application: "reports" })],
    ["an idle transaction", anIdleTransaction(1, 400)],
  ])(
    "D11 leaves to a person whether %s has to go for a queued request on the protected list, on every engine",
    (_name, who) => {
      for (const engine of ["postgres", "mysql", "mariadb"] as const) {
        const found = (queued: Member) =>
          rule.evaluate(aView({ engine, forests: [aForest([{ who }, queued, ...behindAlter])] }))[0];
        const [offered] = found(tool)?.actions ?? [];
        expect(offered).toMatchObject({ input: { sessionId: 1 }, automatic: false });
        expect(offered?.consequence).toContain("this lets the queued request through");
        expect(offered?.consequence).toContain("which of the two has to go is left to a person");
        // Nobody's list keeps it: the DDL is offered, as ever.
        expect(found(queuedAlter)?.actions[0]).toMatchObject({ input: { sessionId: 50 }, automatic: true });
        // What a replica replays cannot be cancelled at all: no list chooses between the two.
        const applier: Member = { ...queuedAlter, who: { ...alter, kind: "replication" } };
        expect(found(applier)?.actions[0]).toMatchObject({ input: { sessionId: 1 }, automatic: true });
      }
    },
  );

  it("A40 proposes nothing while a DDL has queued for a moment only", () => {
    const members: Member[] = [
      { who: anIdleTransaction(1, 300) },
      { who: alter, behind: "session:1", waits: { mode: "AccessExclusiveLock", waitSeconds: 0.3 } },
      ...waiters(3, "session:50", { seconds: 0.2, queued: true }),
    ];
    const [finding] = rule.evaluate(aView({ forests: [aForest(members)] }));
    expect(finding).toMatchObject({ severity: "P3", actions: [] });
  });

  const copied: Member = {
    who: aRunning(50, 900, { query: "ALTER TABLE orders ADD COLUMN note text" }),
    behind: "session:1",
    waits: { objectKind: "metadata", mode: "EXCLUSIVE", waitSeconds: 900 },
    holds: [{ objectKind: "metadata", mode: "SHARED_UPGRADABLE" }],
  };
  const behindCopy = (count: number, seconds: number) =>
    waiters(count, "session:50", {
      seconds,
      queued: true,
      waits: { objectKind: "metadata", mode: "SHARED_READ" },
    });

  it.each(["mysql", "mariadb"] as const)(
    "D4 does not take the time in which an ALTER of %s copied for its wait, also in older evidence",
    (engine) => {
      const findingsOf = (alter: Member, count: number, seconds: number) =>
        rule.evaluate(
          aView({
            engine,
            forests: [aForest([{ who: anIdleTransaction(1, 300) }, alter, ...behindCopy(count, seconds)])],
          }),
        );
      const recorded = findingsOf(copied, 4, 19)[0];
      expect(recorded?.summary).toContain("has waited at least 19 s for table orders");
      expect(recorded?.actions[0]?.consequence).toContain("it has queued for 19 s only");
      expect(recorded?.actions[0]?.causes).toBeUndefined();
      const told = { ...copied, waits: { ...copied.waits, waitSeconds: null } };
      expect(findingsOf(told, 4, 19)[0]?.summary).toBe(recorded?.summary);
      expect(findingsOf(told, 4, 0.2)[0]).toMatchObject({ severity: "P3", actions: [] });
      expect(findingsOf(told, 4, 400)[0]?.actions[0]?.causes?.says).toContain("it has queued for 6 min 40 s");
    },
  );

  it("D8 says what a cancel costs where the holder came while MySQL built, and of no build that may have waited all along", () => {
    const consequenceOf = (holder: Member, more: Partial<Member> = {}) => {
      const told = { ...copied, waits: { ...copied.waits, waitSeconds: null }, ...more };
      const forests = [aForest([holder, told, ...behindCopy(4, 400)])];
      return rule.evaluate(aView({ engine: "mysql", forests }))[0]?.actions[0]?.consequence ?? "";
    };
    const younger = consequenceOf({ who: anIdleTransaction(1, 500) });
    expect(younger).toContain("all that it has built in up to 8 min 20 s is lost");
    expect(younger).toContain("the alternative is to end");
    expect(consequenceOf({ who: anIdleTransaction(1, 899.5) })).not.toContain("built");
    expect(consequenceOf({ who: anIdleTransaction(1, 5000) })).not.toContain("built");
    const locked = [{ objectKind: "metadata" as const, mode: "SHARED_READ_ONLY", explicit: true }];
    expect(consequenceOf({ who: anIdleTransaction(1, 500), holds: locked })).not.toContain("built");
    const renames = { who: aRunning(50, 900, { query: "RENAME TABLE orders TO old_orders" }) };
    expect(consequenceOf({ who: anIdleTransaction(1, 500) }, renames)).not.toContain("built");
  });

  it("D4 bounds a wait of MySQL that is not told, and claims no longer one than the request is old", () => {
    const recent = { ...copied, who: aRunning(50, 6), waits: { ...copied.waits, waitSeconds: null } };
    const findingOf = (behind: readonly Member[]) =>
      rule.evaluate(
        aView({
          engine: "mysql",
          forests: [aForest([{ who: anIdleTransaction(1, 300) }, recent, ...behind])],
        }),
      )[0];
    const older = findingOf(behindCopy(4, 400));
    expect(older?.summary).toContain("has waited at least 6 s for");
    expect(older?.actions[0]?.causes).toBeUndefined();
    const untold = behindCopy(4, 28).map((member) => ({
      ...member,
      waits: { ...member.waits, waitSeconds: null },
    }));
    expect(findingOf(untold)?.summary).toMatch(/has waited 6 s at most for .*, longest wait 28 s at most$/);
    expect(findingOf(untold)?.actions[0]?.causes).toBeUndefined();
  });

  it("D11 promises of no cancelled request that those behind it go on: what they want next may be locked as well", () => {
    const [finding] = diagnosisOf([{ who: anIdleTransaction(1, 300) }, queuedAlter, ...behindAlter]).findings;
    expect(finding?.actions[0]).toMatchObject({ id: "cancel-query", neverAlone: { kind: "at-work" } });
    expect(finding?.actions[0]?.causes).toBeDefined();
    expect(finding?.actions[0]?.ends).toBeUndefined();
  });

  it("D4 trusts what PostgreSQL says of a wait, whatever the waiter holds", () => {
    const members: Member[] = [
      { who: anIdleTransaction(1, 300) },
      { ...queuedAlter, holds: [{ mode: "AccessShareLock" }] },
      ...behindAlter,
    ];
    const [finding] = rule.evaluate(aView({ forests: [aForest(members)] }));
    expect(finding?.summary).toContain("has waited 20 s for table orders");
  });

  it("A1 ends the session of a DDL whose statement the server does not name, rather than the holder's", () => {
    const unnamed = { ...queuedAlter, who: { ...alter, statementKey: null } };
    const diagnosis = diagnosisOf([{ who: anIdleTransaction(1, 300) }, unnamed, ...behindAlter]);
    expect(diagnosis.findings[0]?.actions).toEqual([
      expect.objectContaining({
        id: "terminate-session",
        input: expect.objectContaining({ sessionId: 50 }),
      }),
    ]);
  });
});
