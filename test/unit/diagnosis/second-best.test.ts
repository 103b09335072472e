import { describe, expect, it } from "vitest";
import type { Evidence, ProbeResult } from "../../../functions/core/contract/evidence.ts";
import type { Session } from "../../../functions/core/contract/session.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aConnection, aProbe, someEvidence } from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, aRunning, waiters } from "../../support/forest-builder.ts";

const shutBySetting = {
  status: "skipped",
  reason: "performance_schema is OFF",
  howToSee: "a reboot",
} as const;
const slow = { status: "timeout", reason: "2 s were not enough", howToSee: null } as const;
const refused = {
  status: "skipped",
  reason: "other users' sessions are hidden from the probe user",
  howToSee: "GRANT pg_monitor TO {user}",
} as const;

type Silence = Pick<ProbeResult, "status" | "reason" | "howToSee">;

function silenced(evidence: Evidence, silence: Silence, ids: RegExp, standIns: ProbeResult[] = []): Evidence {
  const probes = evidence.probes.map((probe) =>
    ids.test(probe.id) ? { ...probe, ...silence, rows: [], rowCount: 0 } : probe,
  );
  return { ...evidence, probes: [...probes, ...standIns] };
}

const metadata = { waitEvent: "Waiting for table metadata lock" } as const;

function queued(count: number): Session[] {
  return [
    anIdleTransaction(12, 90, { application: null, user: "report", query: "SELECT * FROM orders" }),
    aRunning(55, 40, { ...metadata, application: "migrate", query: "ALTER TABLE shop.orders ADD note text" }),
    ...Array.from({ length: count - 1 }, (_, index) =>
      aRunning(100 + index, 39, { ...metadata, query: "SELECT * FROM orders WHERE id = ?" }),
    ),
  ];
}

const answerAbout = (evidence: Evidence, question: RegExp): string | undefined =>
  diagnose(evidence, defaultSettings).path.find((step) => question.test(step.question))?.answer;
const waits = /wait for a lock/;

describe("locks that could not be seen", () => {
  it.each([
    ["shut", shutBySetting],
    ["too slow", slow],
  ] as const)("D7 the queue is told by the states of sessions where the view is %s", (_how, silence) => {
    const evidence = silenced(
      someEvidence({ engine: "mariadb", sessions: queued(31) }),
      silence,
      /metadata-locks/,
    );
    const diagnosis = diagnose(evidence, defaultSettings);
    expect(diagnosis.verdict).toBe("unwell");
    expect(diagnosis.rootCauses).toEqual(["ddl-lock-queue:second-best"]);
    const text = `${diagnosis.headline} ${answerAbout(evidence, waits)}`;
    for (const part of [
      "31 sessions wait for a lock on shop.orders, the longest for 40 s",
      "first in line: ALTER TABLE, app migrate",
      "likely holder: user report, connection 12, idle in transaction for 1 min 31 s",
      "second best",
    ]) {
      expect(text).toContain(part);
    }
    expect(diagnosis.findings.flatMap(({ actions }) => actions)).toEqual([]);
  });

  it("D7 who has locked and changed no row holds none, however long its transaction is open", () => {
    const rows = { waitEvent: "InnoDB lock", query: "UPDATE carts SET items = ? WHERE store = ?" } as const;
    const sessions = [
      anIdleTransaction(12, 900, { application: null, user: "bi", query: "SELECT * FROM carts" }),
      anIdleTransaction(13, 600, { application: null, user: "worker", query: "UPDATE carts SET state = ?" }),
      ...Array.from({ length: 9 }, (_, n) => aRunning(100 + n, 40, rows)),
    ];
    const open = (sessionId: number, ageSeconds: number, rowsLocked: number) => ({
      transactionId: `${sessionId}`,
      sessionId,
      user: null,
      client: null,
      database: null,
      state: "idle",
      ageSeconds,
      idleSeconds: null,
      isolationLevel: "REPEATABLE READ",
      keepsView: true,
      rowsModified: 0,
      rowsLocked,
      query: null,
    });
    const told = (ofReader: number, seconds = 901): string => {
      const evidence = silenced(someEvidence({ engine: "mysql", sessions }), slow, /row-locks/, [
        aProbe("mysql-oldest-transaction", [open(12, seconds, ofReader), open(13, 601, 11)]),
      ]);
      return diagnose(evidence, defaultSettings).headline;
    };
    expect(told(0)).toContain("likely holder: user worker, connection 13");
    expect(told(4)).toContain("likely holder: user bi, connection 12");
    // Another transaction of the same session says nothing about the one that was open.
    expect(told(0, 3)).toContain("likely holder: user bi, connection 12");
  });

  it("D7 who waits for a row waits since its wait began, however long its statement has run", () => {
    const batch = { application: null, user: "nightly", waitEvent: "updating" } as const;
    const sessions = [
      aRunning(55, 600, { ...batch, query: "UPDATE stock SET qty = qty - ? WHERE shop = ?" }),
      aRunning(70, 900, { application: null, user: "export", query: "SELECT * FROM invoices FOR SHARE" }),
    ];
    const row = (sessionId: number, ageSeconds: number, state: string, more: object) => ({
      ...{ transactionId: `${sessionId}`, sessionId, user: null, client: null, database: null },
      ...{ state, ageSeconds, idleSeconds: null, isolationLevel: "REPEATABLE READ", keepsView: true },
      ...{ rowsModified: 400, rowsLocked: 500, query: null, ...more },
    });
    const told = (more: { waitSeconds?: number }) => {
      const rows = [row(55, 600, "lock-wait", more), row(70, 900, "active", {})];
      const evidence = silenced(someEvidence({ engine: "mysql", sessions }), shutBySetting, /row-locks/, [
        aProbe("mysql-oldest-transaction", rows),
      ]);
      const { findings } = diagnose(evidence, defaultSettings);
      return findings.filter(({ key }) => key.endsWith(":second-best")).map(({ summary }) => summary);
    };
    expect(told({ waitSeconds: 0 })).toEqual([]);
    expect(told({ waitSeconds: 60 })).toEqual([expect.stringContaining("for 1 min")]);
    // Recorded before the wait was read.
    expect(told({})).toEqual([expect.stringContaining("for 10 min")]);
  });

  it("D7 nobody is told to wait only by what was looked at, and how is said", () => {
    const quiet = someEvidence({ engine: "mariadb" });
    const shut = silenced(quiet, shutBySetting, /metadata-locks/);
    expect(diagnose(shut, defaultSettings).verdict).toBe("well");
    expect(answerAbout(shut, waits)).toBe(
      "by the states of its sessions (second best, mysql-metadata-locks could not be seen): no one",
    );
    expect(diagnose(shut, defaultSettings).headline).toContain("second best");
    const late = silenced(quiet, slow, /row-locks/);
    expect(diagnose(late, defaultSettings).verdict).toBe("unknown");
    const nothing = silenced(quiet, slow, /row-locks|metadata-locks|sessions/);
    expect(answerAbout(nothing, waits)).not.toContain("no one");
  });

  it("D7 who sees no sessions is told by name, with the statement that mends it and what is open to everybody", () => {
    const forest = aForest([
      { who: anIdleTransaction(4242, 300, { application: null, state: "other" }) },
      ...waiters(80, "session:4242"),
    ]);
    const blind = silenced(
      someEvidence({ overrides: { connection: aConnection({ account: "blind" }) } }),
      refused,
      /connections|sessions|blocking/,
      [aProbe("postgres-locks-alone", [forest])],
    );
    const { headline, verdict, path } = diagnose(blind, defaultSettings);
    expect(verdict).toBe("unknown");
    expect(headline).toMatch(
      /^CANNOT JUDGE: user blind sees no sessions or locks\. As an administrator: GRANT pg_monitor TO blind; Second best, by pg_locks alone: 80 sessions wait for a lock/,
    );
    expect(headline).toContain("pid 4242");
    expect(path.at(-1)?.answer).toContain("CANNOT JUDGE");
    expect(JSON.stringify(path)).not.toMatch(/no one|none found/);
  });

  it("D7 who sees no sessions is told that nobody waits, where pg_locks is open and says so, and judges nothing", () => {
    const blind = silenced(someEvidence({}), refused, /connections|sessions|blocking/, [
      aProbe("postgres-locks-alone", [aForest([])]),
    ]);
    const { headline, verdict } = diagnose(blind, defaultSettings);
    expect(verdict).toBe("unknown");
    expect(headline).toContain("By pg_locks alone nobody waits for a lock.");
    const unread = silenced(someEvidence({}), refused, /connections|sessions|blocking/);
    expect(diagnose(unread, defaultSettings).headline).not.toContain("nobody waits");
  });

  it("D7 says who does not answer where nothing is missing but time", () => {
    const late = silenced(someEvidence(), slow, /./);
    expect(diagnose(late, defaultSettings).headline).toContain(
      "who waits for whose locks could not be seen (postgres-blocking timed out: 2 s were not enough)",
    );
  });
});
