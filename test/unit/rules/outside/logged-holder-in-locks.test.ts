import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../../functions/core/context/clean-log.ts";
import { hotRowContention } from "../../../../functions/core/rules/locks/hot-row-contention.ts";
import { hiddenRowWaiters } from "../../../scenarios/support/outside/hidden-row-waiters.ts";
import { collectedAt } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const holder = 6641;

/** Two of those who wait, as log_lock_waits writes it: each has a row of its own. */
function log(): string {
  const line = (pid: number, secondsAgo: number) => {
    const at = new Date(Date.parse(collectedAt) - secondsAgo * 1000).toISOString().slice(0, 19);
    const head = `${at.replace("T", " ")} UTC:10.8.2.40(41):hr_api@people:[${pid}]:`;
    return [
      `LOG:  process ${pid} still waiting for ShareLock on transaction 558 after 1000.091 ms`,
      `DETAIL:  Process holding the lock: ${holder}. Wait queue: ${pid}.`,
      'CONTEXT:  while updating tuple (911,4) in relation "employees"',
      "STATEMENT:  UPDATE employees SET phone = $1 WHERE id = $2",
    ].map((text) => head + text);
  };
  return [...line(6777, 700), ...line(6802, 90)].join("\n");
}

/** The role may see whose locks there are, and no session; thirty wait on average, one is at work. */
function told(inLocks: number, waiters: number, longestSeconds = 701) {
  const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  const file = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const row = { name: "Lock:transactionid", id: null, load: 30, waits: [] };
  const forest = hiddenRowWaiters({
    holder: inLocks,
    holderUser: "payroll",
    waiterUser: "hr_api",
    database: "people",
    transaction: 558,
    table: "employees",
    waiters,
    longestSeconds,
  });
  const view = metricView({
    values: { CPUUtilization: held(20) },
    context: {
      logs: [cleanLog({ ...file, text: log() }, options)],
      load: [{ by: "wait-event", items: [row, { ...row, name: "CPU", load: 1.2 }] }],
    },
    probes: { "postgres-locks-alone": [forest] },
  });
  const blocking = {
    ...view.evidence,
    probes: view.evidence.probes.filter(({ id }) => id !== "postgres-blocking"),
  };
  return hotRowContention.evaluate({
    ...view,
    evidence: blocking,
    sessions: null,
    connections: null,
    forests: null,
  });
}

describe("a transaction of the log that pg_locks shows, too", () => {
  it("D3 is one cause, with its user and all who wait for it by pg_locks; that nobody got in is not said", () => {
    const [found, ...more] = told(holder, 38);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ subject: `process:${holder}`, actions: [] });
    expect(found?.summary).toContain(`of user payroll, process ${holder}, has kept rows of employees`);
    expect(found?.summary).toContain("38 sessions wait for it by pg_locks");
    expect(found?.summary).not.toContain("nobody got in");
  });

  it("D7 is told beside the others where pg_locks has somebody else, fewer than wait, or a younger transaction", () => {
    for (const drafts of [told(9120, 38), told(holder, 4), told(holder, 38, 40)]) {
      expect(drafts).toHaveLength(2);
      expect(drafts[1]?.summary).toContain("30 sessions on average wait for rows");
    }
    expect(told(9120, 38)[0]?.summary).toContain("2 sessions wait for it by the log");
    expect(told(holder, 38, 40)[0]?.summary).toContain("2 sessions wait for it by the log");
  });
});
