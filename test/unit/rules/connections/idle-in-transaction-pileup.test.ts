import { describe, expect, it } from "vitest";
import type { Session } from "../../../../functions/core/contract/session.ts";
import type { Engine } from "../../../../functions/core/contract/target.ts";
import { unsureRefusal } from "../../../../functions/core/policy/sure.ts";
import { idleInTransactionPileup as rule } from "../../../../functions/core/rules/connections/idle-in-transaction-pileup.ts";
import { aGroup, aTarget, aView } from "../../../support/evidence-builder.ts";
import { anIdleTransaction, aRunning } from "../../../support/forest-builder.ts";
import { kindView } from "../../../support/kind-scene.ts";
import { lookedDeeper } from "../../../support/statement-builder.ts";

function idle(count: number, seconds = 120, overrides: Partial<Session> = {}): Session[] {
  return Array.from({ length: count }, (_, index) => anIdleTransaction(100 + index, seconds, overrides));
}

function findingOf(sessions: readonly Session[], engine: Engine = "postgres", maxConnections = 500) {
  return rule.evaluate(aView({ engine, sessions, server: { maxConnections } }))[0];
}

describe("idle-in-transaction-pileup", () => {
  it("D2 says how many, whose, and for how long", () => {
    const finding = findingOf([...idle(12), anIdleTransaction(1, 600, { application: "web" })]);
    expect(finding?.summary).toBe(
      "13 sessions are idle in transaction for over 1 min, 12 of them of app checkout, the longest for 10 min: each keeps its connection, its locks and old row versions",
    );
  });

  it("D3 says that a transaction which an error has ended keeps its connection alone, unless it has a savepoint", () => {
    const aborted = { state: "idle-in-transaction-aborted" } as const;
    const over = idle(3, 120, { ...aborted, transactionSeconds: null });
    const finding = findingOf(over);
    expect(finding?.summary).toContain("each keeps its connection alone: an error has ended");
    expect(finding?.evidence[0]?.says).toContain("transaction ended by an error, idle for 2 min");
    expect(findingOf([...over, ...idle(4, 120, aborted)])?.summary).toContain(
      "each keeps its connection, its locks and old row versions, but 3 of them the connection alone",
    );
    expect(findingOf(idle(4, 120, aborted))?.summary).toMatch(
      /each keeps its connection, its locks and old row versions$/,
    );
  });

  it("D6 is an incident from ten on or from a fifth of all slots, and worth knowing from three on", () => {
    expect(findingOf(idle(10))?.severity).toBe("P2");
    expect(findingOf(idle(9))?.severity).toBe("P3");
    expect(findingOf(idle(4), "postgres", 20)?.severity).toBe("P2");
    expect(findingOf(idle(3))?.severity).toBe("P3");
    expect(findingOf(idle(2))).toBeUndefined();
  });

  it("T counts those over a minute only", () => {
    expect(findingOf(idle(30, 59.9))).toBeUndefined();
    expect(findingOf(idle(30, 60))).toBeDefined();
  });

  it("D3 explains the slots it fills, and is as severe", () => {
    const groups = [aGroup(40), aGroup(55, { state: "idle-in-transaction" })];
    const view = aView({
      sessions: idle(55),
      groups,
      server: { maxConnections: 103, reservedConnections: 3 },
    });
    const [finding] = rule.evaluate(view);
    expect(finding?.severity).toBe("P1");
    expect(finding?.explains.map(({ cause }) => cause)).toContain("connections-near-limit");
  });

  it("D3 explains the slots that clients fill who pause within their transactions, whoever has paused for a minute", () => {
    const seen = (sessions: readonly Session[], groups = [aGroup(40), aGroup(55)]) =>
      rule.evaluate(aView({ sessions, groups, server: { maxConnections: 103, reservedConnections: 3 } }))[0];
    const some = seen([...idle(45, 30), ...idle(10, 70)]);
    expect(some?.summary).toContain(
      "55 sessions are idle in transaction for over 5 s, 10 of them for over 1 min, all of app checkout, the longest for 1 min 10 s",
    );
    expect(some?.explains.map(({ cause }) => cause)).toContain("connections-near-limit");
    expect(some?.actions[0]?.describes).toMatch(/^10 sessions/);
    // Two forgotten consoles have two slots.
    const consoles = idle(2, 70).map((one) => ({
      ...one,
      id: 900 + one.id,
      application: "console",
      user: "ui",
    }));
    expect(seen([...idle(53, 30), ...consoles])?.actions).toEqual([]);
    const none = seen(idle(55, 30));
    expect(none).toMatchObject({ severity: "P1", actions: [] });
    // Between two statements, a few of a full pool, and many where there is room.
    expect(seen(idle(55, 0.2))).toBeUndefined();
    expect(seen(idle(12, 30))).toBeUndefined();
    expect(seen(idle(30, 30), [aGroup(40)])).toBeUndefined();
  });

  it("A3 A6 shows a person how to end them and how to keep it from happening again, by engine", () => {
    const previews = (engine: Engine) => {
      const view = aView({ engine, sessions: idle(12), server: { maxConnections: 500 } });
      const { context } = kindView("rds-instance", { engine }).evidence;
      const known = { ...view, evidence: { ...view.evidence, context } };
      return rule.evaluate(known)[0]?.actions.map(({ preview }) => preview) ?? [];
    };
    expect(previews("postgres")[0]).toContain(
      "application_name = 'checkout' AND usename = 'shop' AND client_addr = '10.0.0.7' AND state LIKE 'idle in transaction%'",
    );
    expect(previews("postgres")[1]).toBe(`ALTER ROLE "shop" SET idle_in_transaction_session_timeout = '60s'`);
    expect(previews("mariadb")[1]).toContain("ParameterName=idle_transaction_timeout,ParameterValue=60,");
    // A shorter one would close what pools keep for half an hour.
    expect(previews("mysql")[1]).toContain("ParameterName=wait_timeout,ParameterValue=2100,");
    expect(previews("mysql")[0]).toContain("innodb_trx");
    expect(
      findingOf(idle(12))?.actions.every(
        (action) => !action.automatic || unsureRefusal(action)?.guard === "never-alone",
      ),
    ).toBe(true);
  });

  it("P23 tells of those whose idleness is only bounded, says so, and ends none of them", () => {
    const unknown = idle(12, 300, { stateSeconds: null, stateAtMostSeconds: 300 });
    const [finding] = rule.evaluate(aView({ engine: "mysql", sessions: unknown }));
    expect(finding?.summary).toContain("the longest for 5 min at most");
    expect(finding?.actions.map(({ id }) => id)).not.toContain("end-idle-transactions");
  });

  it("P15 ends those of one client, the one that most come from", () => {
    const [action] = findingOf([...idle(7), ...idle(5, 120, { client: "10.0.0.8" })])?.actions ?? [];
    expect(action?.describes).toBe(
      "7 sessions of checkout, user shop, from 10.0.0.7, idle in transaction for over 1 min",
    );
  });

  it("A3 names on MySQL and MariaDB each session of the one application and user, judged again where it ends", () => {
    const mine = idle(12, 300, { sessionKey: "shop@10.0.0.7:50100" });
    const others = [
      anIdleTransaction(1, 600, { application: "web" }),
      anIdleTransaction(2, 600, { user: "other" }),
      anIdleTransaction(3, 600, { administrator: true }),
    ];
    const [finding, selfManaged] = (["rds", "self-managed"] as const).map((flavour) => {
      const target = aTarget({ engine: "mysql", flavour });
      return rule.evaluate(
        aView({ engine: "mysql", sessions: [...mine, ...others], overrides: { target } }),
      )[0];
    });
    const [end] = finding?.actions ?? [];
    const lines = end?.preview.split("\n") ?? [];
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe(
      "CALL mysql.rds_kill(COALESCE((SELECT p.ID FROM information_schema.PROCESSLIST p WHERE p.ID = 100 AND CONCAT(p.USER, '@', p.HOST) = 'shop@10.0.0.7:50100' AND p.COMMAND = 'Sleep' AND p.TIME >= 60 AND (SELECT MAX(IF(s.END_EVENT_ID IS NULL, 0, CAST((SELECT MAX(c.TIMER_END) FROM performance_schema.events_statements_current c) AS SIGNED) - CAST(s.TIMER_END AS SIGNED))) / 1000000000000 FROM performance_schema.events_statements_current s JOIN performance_schema.threads h ON h.THREAD_ID = s.THREAD_ID WHERE h.PROCESSLIST_ID = p.ID AND s.NESTING_EVENT_LEVEL = 0) >= 60 AND EXISTS (SELECT 1 FROM information_schema.innodb_trx t WHERE t.trx_mysql_thread_id = p.ID) AND NOT EXISTS (SELECT 1 FROM performance_schema.metadata_locks m JOIN performance_schema.threads h ON h.THREAD_ID = m.OWNER_THREAD_ID WHERE h.PROCESSLIST_ID = p.ID AND m.LOCK_STATUS = 'GRANTED' AND (m.LOCK_DURATION = 'EXPLICIT' OR m.OBJECT_TYPE IN ('USER LEVEL LOCK', 'User lock') OR m.LOCK_TYPE IN ('SHARED_NO_READ_WRITE', 'SHARED_READ_ONLY', 'SHARED_NO_WRITE'))) AND EXISTS (SELECT 1 FROM performance_schema.events_statements_current l JOIN performance_schema.threads k ON k.THREAD_ID = l.THREAD_ID WHERE k.PROCESSLIST_ID = p.ID AND l.NESTING_EVENT_LEVEL = 0 AND LENGTH(l.SQL_TEXT) < @@performance_schema_max_sql_text_length - 4 AND l.SQL_TEXT NOT REGEXP 'skip[[:space:]]+locked|nowait')), 0));",
    );
    expect(end?.describes).toBe(
      "10 of 12 sessions of app checkout, user shop, idle in transaction for over 1 min",
    );
    expect(selfManaged?.actions[0]?.preview).toContain("EXECUTE responder;");
    expect(selfManaged?.actions[0]?.preview).not.toContain("rds_kill");
    expect(selfManaged?.actions[1]?.preview).toBe("SET GLOBAL wait_timeout = 2100;");
  });

  it("A6 proposes no longer limit where a shorter one is set", () => {
    const settings = (value: string) => [
      {
        name: "wait_timeout",
        value,
        seconds: Number(value),
        bytes: null,
        source: "default",
        state: "set",
        path: null,
        changedAt: null,
        changedBy: null,
        goneSince: null,
        replacedBy: null,
      },
    ];
    const ids = (value: string) =>
      rule
        .evaluate(
          lookedDeeper({ "mysql-settings": settings(value) }, { engine: "mysql", sessions: idle(12) }),
        )[0]
        ?.actions.map(({ id }) => id);
    expect(ids("28800")).toEqual(["end-idle-transactions", "set-timeout"]);
    expect(ids("600")).toEqual(["end-idle-transactions"]);
  });

  it("A40 leaves running statements and protected sessions out", () => {
    expect(findingOf(Array.from({ length: 20 }, (_, index) => aRunning(index, 600)))).toBeUndefined();
    expect(findingOf(idle(20, 600, { application: "pg_dump" }))).toBeUndefined();
  });
});
