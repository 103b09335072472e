import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { ddlLockQueue } from "../../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { explicitLockHeld } from "../../../../functions/core/rules/locks/explicit-lock-held.ts";
import { unboundedResult } from "../../../../functions/core/rules/queries/unbounded-result.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

/** One statement that waits so, beside a little work on the CPU. */
function waiting(name: string, sessions: number, statement: string, scene: MetricScene = {}) {
  const load: LoadDimension[] = [
    {
      by: "wait-event",
      items: [
        { name, id: null, load: sessions, waits: [] },
        { name: "CPU", id: null, load: 1, waits: [] },
      ],
    },
    {
      by: "statement",
      items: [{ name: statement, id: null, load: sessions, waits: [{ name, load: sessions }] }],
    },
    { by: "user", items: [{ name: "worker", id: null, load: sessions, waits: [] }] },
  ];
  return outside(load, { values: { DBLoad: held(sessions + 1) }, ...scene });
}

function outside(load: readonly LoadDimension[], scene: MetricScene) {
  const view = metricView({ self: { vcpus: 4 }, ...scene, context: { load: [...load] } });
  return { ...view, server: null, connections: null, sessions: null, forests: null };
}

const usual = (value: number) => ({ readings: { DBLoad: { baselineDay: value, baselineWeek: value } } });

describe("named locks that are waited for, seen from outside", () => {
  const asked = "SELECT pg_advisory_xact_lock ( $1 )";

  it.each([
    ["Lock:advisory", asked],
    ["synch/cond/sql/MDL_context::COND_wait_status", "SELECT GET_LOCK ( ? , ? )"],
  ])("D4 are told with nobody to end: %s", (name, statement) => {
    const [finding] = explicitLockHeld.evaluate(waiting(name, 38, statement, usual(1)));
    expect(finding).toMatchObject({ subject: "insights", severity: "P2", actions: [] });
    expect(finding?.summary).toMatch(
      /^38 sessions on average wait for an advisory lock, 97 % of the load; most load: .*; who holds it, and whether they take turns, could not be seen, so nobody is to be ended for it$/,
    );
  });

  it("D3 are no table that somebody wants all of", () => {
    const mdl = "synch/cond/sql/MDL_context::COND_wait_status";
    expect(ddlLockQueue.evaluate(waiting(mdl, 38, "SELECT GET_LOCK ( ? , ? )", usual(1)))).toEqual([]);
    expect(ddlLockQueue.evaluate(waiting(mdl, 38, "SELECT * FROM t", usual(1)))).toHaveLength(1);
    expect(explicitLockHeld.evaluate(waiting(mdl, 38, "SELECT * FROM t", usual(1)))).toEqual([]);
  });

  it("D3 are not all that waits where schedulers stand by beside a table's queue", () => {
    const name = "synch/cond/sql/MDL_context::COND_wait_status";
    const of = (text: string, load: number) => ({ name: text, id: null, load, waits: [{ name, load }] });
    const load = [
      { by: "wait-event" as const, items: [{ name, id: null, load: 40, waits: [] }] },
      {
        by: "statement" as const,
        items: [
          of("SELECT GET_LOCK ( ? , ? )", 11),
          ...["a", "b", "c"].map((table) => of(`SELECT * FROM ${table}`, 9)),
          of("ALTER TABLE a ADD x INT", 2),
        ],
      },
    ];
    const view = outside(load, { values: { DBLoad: held(40) }, ...usual(1) });
    expect(explicitLockHeld.evaluate(view)).toEqual([]);
    expect(ddlLockQueue.evaluate(view)[0]?.summary).toContain("ALTER TABLE a");
  });

  it.each([
    [58, 17],
    [62, 13],
  ])(
    "D4 are told apart from a table's queue beside them, each with its number: %s and %s",
    (named, queued) => {
      const name = "synch/cond/sql/MDL_context::COND_wait_status";
      const of = (text: string, load: number) => ({ name: text, id: null, load, waits: [{ name, load }] });
      const load = [
        { by: "wait-event" as const, items: [{ name, id: null, load: 75, waits: [] }] },
        {
          by: "statement" as const,
          items: [of("SELECT GET_LOCK ( ? , ? )", named), of("SELECT * FROM a", queued)],
        },
      ];
      const view = outside(load, { values: { DBLoad: held(75) }, ...usual(1) });
      expect(explicitLockHeld.evaluate(view)[0]?.summary).toMatch(
        new RegExp(`^${named} sessions on average wait for an advisory lock`),
      );
      expect(ddlLockQueue.evaluate(view)[0]?.summary).toMatch(
        new RegExp(`^${queued} sessions on average wait for a whole table`),
      );
    },
  );

  it("D6 are a note where a few stand by, or as many as ever, and nothing where they are fewer than CPUs", () => {
    expect(explicitLockHeld.evaluate(waiting("Lock:advisory", 6, asked, usual(1)))[0]?.severity).toBe("P3");
    expect(explicitLockHeld.evaluate(waiting("Lock:advisory", 38, asked, usual(39)))[0]?.severity).toBe("P3");
    expect(explicitLockHeld.evaluate(waiting("Lock:advisory", 3, asked, usual(1)))).toEqual([]);
  });
});

describe("rows that clients do not take, seen from outside", () => {
  const all = "SELECT r.* FROM readings r WHERE r.site_id = $1";

  it("D4 are none where new connections are made, nor of a statement that has no part in the wait", () => {
    expect(unboundedResult.evaluate(waiting("wait/io/socket/sql/client_connection", 26, all))).toEqual([]);
  });

  it.each(["Client:ClientWrite", "io/aurora_respond_to_client"])(
    "D4 are those of a statement without a limit: %s",
    (name) => {
      const more = {
        values: { DBLoad: held(27), NetworkTransmitThroughput: held(93_600_000) },
        readings: {
          ...usual(1).readings,
          NetworkTransmitThroughput: { baselineDay: 3_100_000, baselineWeek: 3_000_000 },
        },
      };
      const [finding] = unboundedResult.evaluate(waiting(name, 26, all, more));
      expect(finding).toMatchObject({ subject: "insights", severity: "P2", actions: [] });
      expect(finding?.summary).toBe(
        `26 sessions on average wait until their clients take the rows, 96 % of the load (user worker makes 96 % of the load, 26 sessions at a time): ${all}`,
      );
      expect(finding?.evidence.map(({ says }) => says)).toContain(
        "89 MiB a second go out; 3 MiB a day ago and 2.9 MiB a week ago at this time",
      );
    },
  );

  it("D4 are a dump's, or a page's, and no news", () => {
    for (const statement of [
      "COPY public.readings ( id, at ) TO stdout",
      `${all} LIMIT $2`,
      "INSERT INTO readings VALUES ( $1 ) RETURNING id",
    ]) {
      expect(unboundedResult.evaluate(waiting("Client:ClientWrite", 26, statement, usual(1)))).toEqual([]);
    }
    expect(unboundedResult.evaluate(waiting("Client:ClientWrite", 3, all, usual(1)))).toEqual([]);
    expect(unboundedResult.evaluate(waiting("Client:ClientWrite", 26, all, usual(26)))[0]?.severity).toBe(
      "P3",
    );
  });
});
