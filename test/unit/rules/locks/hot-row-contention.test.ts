import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { hotRowContention as rule } from "../../../../functions/core/rules/locks/hot-row-contention.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aProbe, aView, type Scene, someEvidence } from "../../../support/evidence-builder.ts";
import {
  aForest,
  anIdleTransaction,
  aRunning,
  aSession,
  type Member,
} from "../../../support/forest-builder.ts";
import { someRates } from "../../../support/load-builder.ts";

/** `count` UPDATEs that are so old, and have waited so long since the row last changed hands. */
function queue(count: number, statementSeconds: number, waitSeconds: number): Member[] {
  return Array.from({ length: count }, (_, index) => ({
    who: aRunning(100 + index, statementSeconds),
    behind: "session:1",
    waits: {
      object: index === 0 ? "transaction 821 (row (0,7) of public.counters)" : "transaction 821",
      objectKind: "transaction",
      mode: "ShareLock",
      waitSeconds,
    },
  }));
}

/** Begun long ago, since it waited for its turn as well. */
const turn = aSession(1, { stateSeconds: 0.02, statementSeconds: 0.02, transactionSeconds: 2.5 });

function scene(members: readonly Member[], engine: Scene["engine"] = "postgres"): Scene {
  return { engine, forests: [aForest(members)] };
}

describe("hot-row-contention", () => {
  it("D2 says how many queue for which row and that ending one changes nothing", () => {
    const [finding] = rule.evaluate(aView(scene([{ who: turn }, ...queue(17, 2, 0.02)])));
    expect(finding?.summary).toBe(
      "17 sessions queue for one row of public.counters and take turns on it: the present turn is 20 ms old, the slowest of them has been at it for 2 s, and ending one of them changes nothing",
    );
    expect(finding).toMatchObject({ severity: "P1", actions: [] });
  });

  it("D3 is the cause, and nobody is proposed to be ended", () => {
    const members = [{ who: turn }, ...queue(17, 2, 0.02)];
    const diagnosis = diagnose(someEvidence(scene(members)), defaultSettings);
    expect(diagnosis.rootCauses).toEqual(["hot-row-contention:session:1"]);
    expect(diagnosis.findings.flatMap(({ actions }) => actions)).toEqual([]);
  });

  it("D10 speaks with one voice: of whose turn it is nobody says that its session has to end", () => {
    const idle = { ...turn, state: "idle-in-transaction" as const, query: null };
    const diagnosis = diagnose(someEvidence(scene([{ who: idle }, ...queue(17, 2, 0.02)])), defaultSettings);
    const says = diagnosis.findings.flatMap(({ evidence }) => evidence.map((each) => each.says));
    expect(diagnosis.rootCauses).toEqual(["hot-row-contention:session:1"]);
    expect(says.join("\n")).not.toContain("has to end");
  });

  it("D10 tells whose turn it is by the queue alone, and what they wait to do, while it is between two statements", () => {
    const idle = { ...turn, state: "idle-in-transaction" as const, query: "BEGIN" };
    const take = "INSERT INTO counters VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET n = counters.n + 1";
    const waiting = queue(17, 2, 0.02).map((one, index) => ({
      ...one,
      who: aRunning(100 + index, 2, { query: take }),
    }));
    const { findings } = diagnose(someEvidence(scene([{ who: idle }, ...waiting])), defaultSettings);
    const [hot, ...others] = findings.filter(({ category }) => category === "locks");
    expect(hot?.evidence.map(({ says }) => says)).toContain(`statement: ${take}`);
    expect(others).toEqual([]);
  });

  it("D2 names the table of a row without its own lock by what they and whom they wait for write", () => {
    const query = "INSERT INTO uploads (name, size) VALUES ($1, $2)";
    const inserting = (rowsOf: readonly (string[] | undefined)[]) => {
      const waiting = queue(rowsOf.length, 2, 0.02).map((member, index): Member => {
        const tables = rowsOf[index];
        const waits = { ...member.waits, object: "transaction 821", ...(tables && { rowsOf: tables }) };
        return { ...member, who: aRunning(100 + index, 2, { query }), waits };
      });
      const [finding] = rule.evaluate(aView(scene([{ who: { ...turn, query } }, ...waiting])));
      return [finding?.summary, ...(finding?.evidence ?? []).map(({ says }) => says)].join("\n");
    };
    const both = ["public.buckets", "public.uploads"];
    expect(inserting([both, both, both])).toContain(
      "the row is of public.buckets or public.uploads, which each of them and whom it waits for write: the statement does not name public.buckets, which a trigger changes as a rule",
    );
    expect(inserting([both, ["public.buckets"], undefined])).toContain("queue for one row of public.buckets");
    expect(inserting([["public.uploads"], ["public.buckets"], undefined])).toContain(
      "queue for the same row",
    );
    expect(inserting([undefined, undefined, undefined])).not.toContain("the row is of");
  });

  it("D10 tells the queue with its severity once: whose turn it is does no harm of its own", () => {
    const { findings } = diagnose(
      someEvidence(scene([{ who: turn }, ...queue(17, 2, 0.02)])),
      defaultSettings,
    );
    const severityOf = (name: string) => findings.find(({ id }) => id === name)?.severity;
    expect(severityOf("hot-row-contention")).toBe("P1");
    expect(severityOf("blocked-by-running-query")).toBe("P3");
  });

  it("D4 takes waits as old as their statements for one lasting blocker", () => {
    expect(rule.evaluate(aView(scene([{ who: turn }, ...queue(17, 2, 1.9)])))).toEqual([]);
    expect(rule.evaluate(aView(scene([{ who: turn }, ...queue(17, 2, 0.999)])))).toHaveLength(1);
    expect(rule.evaluate(aView(scene([{ who: turn }, ...queue(17, 1.9, 0.999)])))).toEqual([]);
  });

  it("D4 takes a holder that idles or runs for a while for no turn", () => {
    const idle = anIdleTransaction(1, 3);
    expect(rule.evaluate(aView(scene([{ who: idle }, ...queue(17, 9, 0.02)])))).toEqual([]);
    const running = aRunning(1, 1);
    expect(rule.evaluate(aView(scene([{ who: running }, ...queue(17, 9, 0.02)])))).toEqual([]);
  });

  it("T is silent while nobody is slow, and with fewer than three", () => {
    expect(rule.evaluate(aView(scene([{ who: turn }, ...queue(17, 0.9, 0.02)])))).toEqual([]);
    expect(rule.evaluate(aView(scene([{ who: turn }, ...queue(2, 5, 0.02)])))).toEqual([]);
    expect(rule.evaluate(aView(scene([{ who: turn }, ...queue(3, 5, 0.02)])))).toHaveLength(1);
  });

  it("D4 tells a turn from a chatty long transaction on InnoDB by how old its transaction is", () => {
    const rows = queue(6, 4, 4).map((member) => ({
      ...member,
      waits: {
        ...member.waits,
        objectKind: "row" as const,
        object: "row 2 on page 4 of app.counters (PRIMARY)",
      },
    }));
    const at = (transactionSeconds: number) =>
      rule.evaluate(aView(scene([{ who: { ...turn, transactionSeconds } }, ...rows], "mysql")));
    expect(at(5)[0]?.summary).toContain("one row of app.counters");
    expect(at(6)).toEqual([]);
  });

  it("D4 tells a turn on InnoDB by how many waits begin in a second, whatever its transaction did before", () => {
    const told = (longest: number, waitsPerSecond: number) => {
      const rows = queue(17, longest, longest).map((member) => ({
        ...member,
        waits: {
          ...member.waits,
          objectKind: "row" as const,
          object: "row 2 on page 4 of app.counters (PRIMARY)",
        },
      }));
      const holder = { ...turn, transactionSeconds: 400 };
      const seen = scene([{ who: holder }, ...rows], "mysql");
      const { probes } = someEvidence(seen);
      const rates = someRates({ rowLocks: { waitingNow: 17, waitsPerSecond, averageWaiters: 17 } });
      const counted = aProbe("mysql-innodb-rates", [rates]);
      return rule.evaluate(aView({ ...seen, overrides: { probes: [...probes, counted] } }));
    };
    expect(told(1, 32)[0]?.summary).toContain("take turns on it");
    // Ten time-outs a minute; and waits of another row, beside a holder that keeps this one.
    expect(told(48, 0.2)).toEqual([]);
    expect(told(10, 32)).toEqual([]);
  });

  it("A40 keeps the holder of the moment from being ended on InnoDB, where its transaction is as old as the queue", () => {
    const rows = queue(6, 4, 4).map((member) => ({
      ...member,
      waits: { ...member.waits, objectKind: "row" as const },
    }));
    const { findings } = diagnose(
      someEvidence(scene([{ who: { ...turn, transactionSeconds: 4 } }, ...rows], "mysql")),
      defaultSettings,
    );
    expect(findings.map(({ id }) => id)).toContain("blocked-by-running-query");
    expect(findings.flatMap(({ actions }) => actions)).toEqual([]);
  });
});
