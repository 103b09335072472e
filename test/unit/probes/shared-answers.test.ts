import { describe, expect, it } from "vitest";
import * as z from "zod";
import { SqlError } from "../../../functions/core/errors.ts";
import type { SqlStatement } from "../../../functions/core/ports.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { context, fakeSession, probe, steppingClock } from "./fake-session.ts";

const asking = (...statements: readonly (string | SqlStatement)[]) => ({
  statements: () => statements.map((each) => (typeof each === "string" ? { sql: each } : each)),
});
const sums = {
  read: (answers: readonly (readonly object[])[]) => [
    {
      n: z
        .array(z.object({ n: z.number() }))
        .parse(answers.flat())
        .reduce((sum, { n }) => sum + n, 0),
    },
  ],
};

describe("what several probes ask", () => {
  it("Q2 is asked once, and counted and timed with the probe that sent it", async () => {
    const clock = steppingClock();
    const session = fakeSession(async () => {
      await clock.sleep(10);
      return [{ n: session.asked.length }];
    });
    const probes = [
      probe("first", { ...asking("sessions", "settings"), ...sums }),
      probe("second", { ...asking("locks", "sessions"), ...sums }),
      probe("third", { ...asking("sessions"), ...sums }),
    ];
    const results = await runProbes(session, probes, context, clock);

    expect(session.asked).toEqual(["sessions", "settings", "locks"]);
    expect(results.map(({ rows, statements, tookMs }) => ({ rows, statements, tookMs }))).toEqual([
      { rows: [{ n: 3 }], statements: 2, tookMs: 20 },
      { rows: [{ n: 4 }], statements: 1, tookMs: 10 },
      { rows: [{ n: 1 }], statements: 0, tookMs: 0 },
    ]);
  });

  it("Q2 is asked again with other parameters, and at the next look", async () => {
    const session = fakeSession(() => [{ n: 1 }]);
    const of = (id: string, ...params: readonly string[]) => probe(id, asking({ sql: "table", params }));
    const probes = [of("a", "t"), of("b", "t"), of("c", "u")];
    await runProbes(session, probes, context, steppingClock());
    expect(session.asked).toEqual(["table", "table"]);
    await runProbes(session, probes, context, steppingClock());
    expect(session.asked).toHaveLength(4);
  });

  it("P0 is refused once, and each probe says what it needs to see it", async () => {
    const session = fakeSession(({ sql }) => {
      if (sql === "sessions") throw new SqlError("permission", "1227", "access denied");
      return [{ n: 1 }];
    });
    const need = (name: string) => [{ kind: "grant", name, enable: `GRANT ${name} TO {user}` }] as const;
    const probes = [
      probe("a", { ...asking("sessions", "more"), needs: need("PROCESS") }),
      probe("b", { ...asking("locks", "sessions"), needs: need("SELECT") }),
      probe("c"),
    ];
    const results = await runProbes(session, probes, context, steppingClock());

    expect(session.asked).toEqual(["sessions", "locks", "c"]);
    expect(
      results.map(({ status, reason, howToSee, statements }) => [status, reason, howToSee, statements]),
    ).toEqual([
      ["skipped", "access denied", "GRANT PROCESS TO {user}", 1],
      ["skipped", "access denied", "GRANT SELECT TO {user}", 1],
      ["ok", null, null, 1],
    ]);
  });

  it("Q2 gets a second try, and no third, when it took too long", async () => {
    const answering = (tries: number) => {
      const session = fakeSession(() => {
        if (session.asked.length <= tries) throw new SqlError("timeout", "3024", "took too long");
        return [{ n: 1 }];
      });
      return session;
    };
    const probes = ["a", "b", "c"].map((id) => probe(id, asking("sessions")));
    const statuses = async (session: ReturnType<typeof fakeSession>) => {
      const results = await runProbes(session, probes, context, steppingClock());
      return results.map(({ status, statements }) => `${status} ${statements}`);
    };

    expect(await statuses(answering(1))).toEqual(["timeout 1", "ok 1", "ok 0"]);
    expect(await statuses(answering(9))).toEqual(["timeout 1", "timeout 1", "timeout 0"]);
  });

  it("Q2 is asked once more at once when its refusal may pass, so that no probe is left without an answer", async () => {
    const answering = (refusals: number) => {
      const session = fakeSession(() => {
        if (session.asked.length <= refusals) throw new SqlError("other", "40001", "conflict with recovery");
        return [{ n: 1 }];
      });
      return session;
    };
    const probes = ["a", "b", "c"].map((id) => probe(id, asking("sessions")));
    const statuses = async (session: ReturnType<typeof fakeSession>) => {
      const results = await runProbes(session, probes, context, steppingClock());
      return results.map(({ status, statements }) => `${status} ${statements}`);
    };

    expect(await statuses(answering(1))).toEqual(["ok 2", "ok 0", "ok 0"]);
    expect(await statuses(answering(9))).toEqual(["failed 2", "failed 0", "failed 0"]);
  });

  it("P7 is asked by each probe itself when the time between two answers matters", async () => {
    const session = fakeSession(() => [{ n: 1 }]);
    const rate = { ...asking("counters"), samples: 2 as const };
    await runProbes(
      session,
      [probe("a", rate), probe("b", rate), probe("c", asking("counters"))],
      context,
      steppingClock(),
    );
    expect(session.asked).toHaveLength(5);
  });

  it("Q2 is asked by each probe itself when it follows from other answers", async () => {
    const session = fakeSession(() => [{ n: 1 }]);
    const further = { ...asking("list"), follow: () => [{ sql: "set" }, { sql: "details" }] };
    await runProbes(session, [probe("a", further), probe("b", further)], context, steppingClock());
    expect(session.asked).toEqual(["list", "set", "details", "set", "details"]);
  });
});
