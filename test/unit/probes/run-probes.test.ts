import { describe, expect, it } from "vitest";
import * as z from "zod";
import { SqlError } from "../../../functions/core/errors.ts";
import type { Databases } from "../../../functions/core/ports.ts";
import type { Probe } from "../../../functions/core/probes/define.ts";
import { collectProbeReport, runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { context, fakeSession, probe, steppingClock, target } from "./fake-session.ts";

const connected = { status: "connected", failedStep: null, detail: null, pointsTo: null, tookMs: 1 } as const;

describe("runProbes", () => {
  it("P0 asks what fits engine and version, in order, and says what each cost", async () => {
    const session = fakeSession(({ sql }) => [{ n: sql.length }]);
    const probes = [
      probe("first"),
      probe("other engine", { engines: ["mysql"] }),
      probe("too new", { versions: { from: 18 } }),
      probe("too old", { versions: { to: 16 } }),
      probe("second", { versions: { from: 17, to: 17 }, statements: () => [{ sql: "a" }, { sql: "b" }] }),
    ];
    const results = await runProbes(session, probes, context, steppingClock(5));

    expect(results).toEqual([
      {
        id: "first",
        spec: ["P1"],
        tier: "immediate",
        status: "ok",
        reason: null,
        howToSee: null,
        rows: [{ n: 5 }],
        rowCount: 1,
        truncated: false,
        tookMs: 5,
        statements: 1,
      },
      expect.objectContaining({ id: "second", rows: [{ n: 1 }], statements: 2 }),
    ]);
    expect(session.asked).toEqual(["first", "a", "b"]);
  });

  it("Q2 asks last, after the stand-ins too, what may wait for as long as a sick server lets it", async () => {
    const hangs = probe("hangs", { last: true });
    const probes = [hangs, probe("shut"), probe("instead", { standsInFor: ["shut"] })];
    const session = fakeSession(({ sql }) => {
      if (sql === "shut") throw new SqlError("permission", "42501", "permission denied");
      if (sql === "hangs") throw new SqlError("timeout", "deadline", "no answer before the deadline");
      return [{ n: 1 }];
    });
    const results = await runProbes(session, probes, context, steppingClock());
    expect(results.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "shut skipped",
      "instead ok",
      "hangs timeout",
    ]);
  });

  it("Q1 waits for no second reading where the first says all", async () => {
    const clock = steppingClock();
    const twice = probe("twice", { samples: 2, isEnough: ([rows = []]) => rows.length === 0 });
    const asked = async (rows: { n: number }[]) => {
      const session = fakeSession(() => rows);
      await runProbes(session, [twice], context, clock);
      return session.asked.length;
    };
    expect([await asked([]), clock.slept.length]).toEqual([1, 0]);
    expect([await asked([{ n: 1 }]), clock.slept.length]).toEqual([2, 1]);
  });

  it("D7 asks the next best view only where the right one brought no answer", async () => {
    const probes = [
      probe("right"),
      probe("shut"),
      probe("instead of right", { standsInFor: ["right"] }),
      probe("instead of shut", { standsInFor: ["shut"] }),
    ];
    const session = fakeSession(({ sql }) => {
      if (sql === "shut") throw new SqlError("permission", "42501", "permission denied");
      return [{ n: 1 }];
    });
    const results = await runProbes(session, probes, context, steppingClock());

    expect(results.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "right ok",
      "shut skipped",
      "instead of shut ok",
    ]);
  });

  it("P0 cuts rows and still counts all of them", async () => {
    const session = fakeSession(() => Array.from({ length: 25 }, (_, n) => ({ n })));
    const [result] = await runProbes(session, [probe("many", { maxRows: 3 })], context, steppingClock());

    expect(result).toMatchObject({ rowCount: 25, truncated: true, rows: [{ n: 0 }, { n: 1 }, { n: 2 }] });
  });

  it.each(["permission", "missing-object"] as const)(
    "P0 skips on %s and says how to see it",
    async (kind) => {
      const needs = [{ kind: "grant", name: "pg_monitor", enable: "GRANT pg_monitor TO {user}" }] as const;
      const session = fakeSession(({ sql }) => {
        if (sql === "shut") throw new SqlError(kind, "42501", "permission denied");
        return [{ n: 1 }];
      });
      const results = await runProbes(
        session,
        [probe("shut", { needs }), probe("next")],
        context,
        steppingClock(),
      );

      expect(results[0]).toMatchObject({
        status: "skipped",
        reason: "permission denied",
        howToSee: "GRANT pg_monitor TO {user}",
        rows: [],
      });
      expect(results[1]?.status).toBe("ok");
    },
  );

  it("Q2 goes on after one statement took too long or one answer made no sense", async () => {
    const session = fakeSession(({ sql }) => {
      if (sql === "slow") throw new SqlError("timeout", "57014", "statement timeout");
      return [{ n: sql === "odd" ? "not a number" : 1 }];
    });
    const results = await runProbes(
      session,
      [probe("slow"), probe("odd"), probe("fine")],
      context,
      steppingClock(),
    );

    expect(results.map(({ status }) => status)).toEqual(["timeout", "failed", "ok"]);
  });

  it("Q2 keeps what was answered before the connection was lost, and asks no more", async () => {
    const session = fakeSession(({ sql }) => {
      if (sql === "last") throw new SqlError("connection-lost", "57P01", "terminated by administrator");
      return [{ n: 1 }];
    });
    const results = await runProbes(
      session,
      [probe("first"), probe("last"), probe("never")],
      context,
      steppingClock(),
    );

    expect(results.map(({ status }) => status)).toEqual(["ok", "failed", "failed"]);
    expect(results[2]?.reason).toBe("the connection was lost: terminated by administrator");
    expect(session.asked).toEqual(["first", "last"]);
  });

  it("Q2 keeps what was answered before the deadline struck, and asks no more", async () => {
    const deadline = new AbortController();
    const session = fakeSession(({ sql }) => {
      if (sql === "slow") {
        deadline.abort(new Error("8 s are over"));
        throw new SqlError("timeout", "deadline", "no answer before the deadline");
      }
      return [{ n: 1 }];
    });
    const probes = [probe("first"), probe("slow"), probe("never")];
    const results = await runProbes(session, probes, context, steppingClock(), deadline.signal);

    expect(results.map(({ status }) => status)).toEqual(["ok", "timeout", "timeout"]);
    expect(results[2]?.reason).toContain("deadline");
    expect(session.asked).toEqual(["first", "slow"]);
  });

  it("P7 reads twice with one wait for all who want rates", async () => {
    const clock = steppingClock();
    const session = fakeSession(() => [{ n: session.asked.length }]);
    const rate: Partial<Probe<string, { n: number }>> = {
      samples: 2,
      read: (answers) => z.array(z.object({ n: z.number() })).parse(answers.flat()),
    };
    const results = await runProbes(
      session,
      [probe("a", rate), probe("once"), probe("b", rate)],
      context,
      clock,
    );

    expect(session.asked).toEqual(["a", "once", "b", "a", "b"]);
    expect(clock.slept).toEqual([1000]);
    expect(results[0]).toMatchObject({ rows: [{ n: 1 }, { n: 4 }], statements: 2 });
  });
});

describe("the wait between two readings", () => {
  const rate: Partial<Probe<string, { n: number }>> = {
    samples: 2,
    read: (answers) => z.array(z.object({ n: z.number() })).parse(answers.flat()),
  };

  it("P6 P7 is spent on the other questions, and only its rest asleep", async () => {
    const clock = steppingClock();
    const session = fakeSession(async ({ sql }) => {
      if (sql === "takes a while") await clock.sleep(900);
      return [{ n: 1 }];
    });
    const probes = [probe("a", rate), probe("b", rate), probe("takes a while")];
    await runProbes(session, probes, context, clock);

    expect(session.asked).toEqual(["a", "b", "takes a while", "a", "b"]);
    expect(clock.slept).toEqual([900, 100]);
  });

  it("P7 begins with the last first reading, and is never negative", async () => {
    const clock = steppingClock();
    const session = fakeSession(async ({ sql }) => {
      if (sql !== "rate") await clock.sleep(1500);
      return [{ n: 1 }];
    });
    await runProbes(session, [probe("before"), probe("rate", rate)], context, clock);
    await runProbes(session, [probe("rate", rate), probe("after")], context, clock);

    expect(clock.slept).toEqual([1500, 1000, 1500, 0]);
  });
});

describe("a probe that wants more than two readings", () => {
  const many: Partial<Probe<string, { n: number }>> = {
    samples: 5,
    read: (answers) => z.array(z.object({ n: z.number() })).parse(answers.flat()),
  };

  it("P6 spreads them over the one wait that the others have, and adds none", async () => {
    const clock = steppingClock();
    const session = fakeSession(() => [{ n: 1 }]);
    const rate = { ...many, samples: 2 };
    await runProbes(session, [probe("rate", rate), probe("looks", many)], context, clock);

    expect(session.asked).toEqual(["rate", "looks", "looks", "looks", "looks", "rate", "looks"]);
    expect(clock.slept).toEqual([250, 250, 250, 250]);
  });

  it("P6 looks between the other questions where these take the time, and never waits longer for it", async () => {
    const clock = steppingClock();
    const session = fakeSession(async ({ sql }) => {
      if (sql.startsWith("slow")) await clock.sleep(600);
      return [{ n: 1 }];
    });
    await runProbes(
      session,
      [probe("looks", many), probe("slow 1"), probe("slow 2"), probe("last")],
      context,
      clock,
    );

    expect(session.asked).toEqual(["looks", "slow 1", "looks", "slow 2", "looks", "last", "looks"]);
    expect(clock.slept).toEqual([600, 600, 0]);
  });
});

describe("collectProbeReport", () => {
  const answering = (session: ReturnType<typeof fakeSession>): Databases => ({
    connect: async () => ({ kind: "connected", session, connection: connected }),
  });

  it("P0 asks one tier, read-only and with the tier's limits, and hangs up", async () => {
    const session = fakeSession(() => [{ n: 1 }]);
    const asked: unknown[] = [];
    const databases: Databases = {
      connect: async (_target, options) => {
        asked.push(options);
        return { kind: "connected", session, connection: connected };
      },
    };
    const probes = [probe("now"), probe("later", { tier: "health" })];
    const report = await collectProbeReport(
      databases,
      target,
      defaultSettings,
      probes,
      "immediate",
      steppingClock(),
    );

    expect(report.probes.map(({ id }) => id)).toEqual(["now"]);
    expect(asked).toEqual([
      { purpose: "probe", connectTimeoutMs: 3000, statementTimeoutMs: 2000, lockTimeoutMs: 500 },
    ]);
    expect(session.closed).toBe(true);
  });

  it("Q2 asks what may hang after all tiers: given up, it takes the connection with it, and no deeper answer", async () => {
    const limits: number[] = [];
    const session = fakeSession(({ sql }) => {
      if (session.asked.slice(0, -1).includes("hangs"))
        throw new SqlError("connection-lost", "driver", "the connection is closed");
      if (sql === "hangs") throw new SqlError("timeout", "deadline", "no answer before the deadline");
      return [{ n: 1 }];
    });
    const counted = { ...session, limit: async (ms: number) => void limits.push(ms) };
    const report = await collectProbeReport(
      answering(counted),
      target,
      defaultSettings,
      [probe("hangs", { last: true }), probe("now"), probe("later", { tier: "health" })],
      ["immediate", "health"],
      steppingClock(),
    );

    expect(report.probes.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "now ok",
      "later ok",
      "hangs timeout",
    ]);
    // And it is given no longer than the first look gives it.
    const { otherTimeoutMs, immediateTimeoutMs } = defaultSettings.probing;
    expect(limits).toEqual([otherTimeoutMs, immediateTimeoutMs]);
  });

  it("P1 reports a database that cannot be reached", async () => {
    const connection = { ...connected, status: "not-connected", failedStep: "no-free-slot" } as const;
    const databases: Databases = { connect: async () => ({ kind: "not-connected", connection }) };
    const report = await collectProbeReport(
      databases,
      target,
      defaultSettings,
      [probe("a")],
      "immediate",
      steppingClock(),
    );

    expect(report).toMatchObject({
      schema: "probe-report.v1",
      connection: { failedStep: "no-free-slot" },
      probes: [],
    });
  });

  it("Q2 never throws, whatever the driver does", async () => {
    const broken: Databases = { connect: () => Promise.reject(new Error("out of sockets")) };
    const session = {
      ...fakeSession(() => [{ n: 1 }]),
      close: () => Promise.reject(new Error("already closed")),
    };
    const databases: Databases = {
      connect: async () => ({ kind: "connected", session, connection: connected }),
    };
    const [first, second] = await Promise.all(
      [broken, databases].map((each) =>
        collectProbeReport(each, target, defaultSettings, [probe("a")], "immediate", steppingClock()),
      ),
    );

    // Not an outage of the database: nothing is known about it.
    expect(first?.connection).toMatchObject({
      status: "not-tried",
      detail: "the responder itself failed while asking: out of sockets",
    });
    expect(second?.probes).toMatchObject([{ status: "ok" }]);
  });

  it("S6 keeps the report within its bytes by cutting the largest answers from the end", async () => {
    const session = fakeSession(({ sql }) =>
      Array.from({ length: sql === "large" ? 500 : 2 }, (_, n) => ({ n })),
    );
    const probes = [probe("large", { maxRows: 500 }), probe("small")];
    const report = await collectProbeReport(
      answering(session),
      target,
      defaultSettings,
      probes,
      "immediate",
      steppingClock(),
      undefined,
      { maxBytes: 3000 },
    );

    expect(new TextEncoder().encode(JSON.stringify(report)).length).toBeLessThanOrEqual(3000);
    expect(report.probes[0]).toMatchObject({ status: "ok", truncated: true, rowCount: 500 });
    expect(report.probes[0]?.rows[0]).toEqual({ n: 0 });
    expect(report.probes[1]).toMatchObject({ truncated: false, rows: [{ n: 0 }, { n: 1 }] });
  });

  it("D7 never lets an answer that does not fit read as nothing found", async () => {
    const session = fakeSession(() => [{ n: 1 }]);
    const report = await collectProbeReport(
      answering(session),
      target,
      defaultSettings,
      [probe("one")],
      "immediate",
      steppingClock(),
      undefined,
      { maxBytes: 10 },
    );

    expect(report.probes[0]).toMatchObject({ status: "failed", rows: [] });
  });
});
