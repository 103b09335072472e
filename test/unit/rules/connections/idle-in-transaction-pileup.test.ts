import { describe, expect, it } from "vitest";
import type { Session } from "../../../../functions/core/contract/session.ts";
import type { Engine } from "../../../../functions/core/contract/target.ts";
import { idleInTransactionPileup as rule } from "../../../../functions/core/rules/connections/idle-in-transaction-pileup.ts";
import { aGroup, aView } from "../../../support/evidence-builder.ts";
import { anIdleTransaction, aRunning } from "../../../support/forest-builder.ts";

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

  it("A3 A6 shows a person how to end them and how to keep it from happening again, by engine", () => {
    const previews = (engine: Engine) =>
      findingOf(idle(12), engine)?.actions.map(({ preview }) => preview) ?? [];
    expect(previews("postgres")[0]).toContain(
      "application_name = 'checkout' AND usename = 'shop' AND client_addr = '10.0.0.7' AND state LIKE 'idle in transaction%'",
    );
    expect(previews("postgres")[1]).toBe(`ALTER ROLE "shop" SET idle_in_transaction_session_timeout = '60s'`);
    expect(previews("mariadb")[1]).toContain("idle_transaction_timeout = 60");
    expect(previews("mysql")[0]).toContain("innodb_trx");
    expect(findingOf(idle(12))?.actions.every(({ automatic }) => !automatic)).toBe(true);
  });

  it("P15 ends those of one client, the one that most come from", () => {
    const [action] = findingOf([...idle(7), ...idle(5, 120, { client: "10.0.0.8" })])?.actions ?? [];
    expect(action?.describes).toBe(
      "7 sessions of checkout, user shop, from 10.0.0.7, idle in transaction for over 1 min",
    );
  });

  it("A40 leaves running statements and protected sessions out", () => {
    expect(findingOf(Array.from({ length: 20 }, (_, index) => aRunning(index, 600)))).toBeUndefined();
    expect(findingOf(idle(20, 600, { application: "pg_dump" }))).toBeUndefined();
  });
});
