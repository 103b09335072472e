import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import { hotRowContention } from "../../../../functions/core/rules/locks/hot-row-contention.ts";
import { aProbe } from "../../../support/evidence-builder.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const wait = "synch/cond/innodb/row_lock_wait";
const debit = "UPDATE wallets SET balance = balance - ? WHERE id = ?";
const payout = "UPDATE wallets w JOIN payouts p ON p.wallet_id = w.id SET w.balance = w.balance + p.amount";
const load: LoadDimension[] = [
  { by: "wait-event", items: [{ name: wait, id: null, load: 30, waits: [] }] },
  { by: "statement", items: [{ name: debit, id: null, load: 30, waits: [{ name: wait, load: 30 }] }] },
];
const updating = (id: number, seconds: number, query: string, more: Partial<Session> = {}) =>
  aRunning(id, seconds, { user: "jobs", waitEvent: "updating", query, ...more });
const waiting = [updating(11, 48, debit), updating(12, 31, debit), updating(13, 4, debit)];

/** Nobody's locks were seen; the process list was, alone. */
function told(sessions: readonly Session[]) {
  const view = metricView({
    engine: "mysql",
    self: { vcpus: 4 },
    values: { DBLoad: held(31), CPUUtilization: held(30) },
    context: { load },
    overrides: { probes: [aProbe("mysql-sessions-alone", [...sessions])] },
  });
  const blind = { ...view, server: null, connections: null, sessions: null, forests: null };
  return hotRowContention.evaluate(blind)[0];
}

describe("who has run longer than anybody waits for a row, by the process list alone", () => {
  it("D3 is named beside what Performance Insights shows others to wait for, and ended by nobody", () => {
    const finding = told([updating(7, 421, payout), ...waiting]);
    expect(finding?.summary).toContain(
      "look first at who writes wallets: connection 7 of jobs has run such a statement for 7 min 1 s",
    );
    expect(finding?.summary).toContain("(50 s, if it is the default: it could not be read)");
    expect(finding?.actions).toEqual([]);
  });

  it.each<[string, readonly Session[]]>([
    ["a waiter that is about to give up", [updating(7, 60, debit)]],
    ["another table's writer", [updating(7, 421, "UPDATE carts SET n = ? WHERE id = ?")]],
    ["a reader", [updating(7, 421, "SELECT SUM(balance) FROM wallets")]],
    ["one of two", [updating(7, 421, payout), updating(8, 380, payout)]],
    ["one that sleeps", [updating(7, 421, payout, { state: "idle" })]],
  ])("D10 is not %s", (_, more) => {
    expect(told([...more, ...waiting])?.summary).toContain("wait for rows that others hold");
    expect(told([...more, ...waiting])?.summary).not.toContain("look first at");
  });
});
