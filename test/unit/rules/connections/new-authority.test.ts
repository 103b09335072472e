import { describe, expect, it } from "vitest";
import type { Change } from "../../../../functions/core/contract/context.ts";
import { authFailures } from "../../../../functions/core/rules/connections/auth-failures.ts";
import { collectedAt } from "../../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const authority = "rds-ca-rsa4096-g1";
const usual = (value: number) => ({ latest: null, baselineDay: value, baselineWeek: value });
const ago = (minutes: number): string => new Date(Date.parse(collectedAt) - minutes * 60_000).toISOString();

function called(
  minutes: number,
  detail = `dBInstanceIdentifier=orders-db, cACertificateIdentifier=${authority}`,
  by = "m.berg",
) {
  const call: Change = {
    ...{ at: ago(minutes), source: "cloudtrail", subject: "orders-db", what: "ModifyDBInstance" },
    ...{ by, detail, error: null },
  };
  return call;
}

interface Seen {
  readonly minutes?: number;
  readonly detail?: string;
  readonly restarted?: number;
  readonly connections?: readonly number[];
  readonly attempts?: number;
  readonly engine?: "mysql" | "mariadb" | "postgres";
  readonly described?: string | null;
  readonly lines?: number;
  readonly earlierCalls?: readonly Change[];
  /** The three hours before, by the five minutes. */
  readonly before?: readonly number[];
}

/** They had left so many minutes before the last ten. */
const left = (minutes: number): number[] => [
  ...held(215, 36 - Math.round(minutes / 5)),
  ...held(45, Math.round(minutes / 5)),
];

function told(seen: Seen = {}) {
  const { minutes = 40, restarted = 38, attempts = 262, engine = "mysql", described = authority } = seen;
  const at = (n: number): string => `${ago(1 - n * 0.02).replace("Z", "000Z")} ${900 + n}`;
  const lines = Array.from(
    { length: seen.lines ?? 0 },
    (_, n) =>
      `${at(n)} [Note] [MY-010914] [Server] Aborted connection ? to db: '?' user: '?' host: '?' (Got an error reading communication packets).`,
  );
  const log = { file: "error/mysql-error-running.log", kind: "error" as const, lastWrittenAt: null, lines };
  const { before = left(28) } = seen;
  const earlier =
    before.length === 0
      ? {}
      : { earlier: { from: ago(10 + 5 * before.length), stepSeconds: 300, values: [...before] } };
  const scene: MetricScene = {
    engine,
    self: described === null ? {} : { certificate: { authority: described, validTill: ago(-60 * 24 * 300) } },
    values: {
      DatabaseConnections: seen.connections ?? held(45),
      ConnectionAttempts: held(attempts),
      CPUUtilization: held(12),
    },
    readings: {
      DatabaseConnections: { ...usual(215), ...earlier },
      ConnectionAttempts: usual(26),
      CPUUtilization: usual(41),
    },
    events: restarted < 0 ? [] : [anEvent(restarted, "availability", "DB instance restarted")],
    context: {
      changes: [called(minutes, seen.detail), ...(seen.earlierCalls ?? [])],
      logs: [{ ...log, truncated: false }],
    },
  };
  return authFailures.evaluate(metricView(scene))[0];
}

describe("clients that are away since the certificate is of another authority", () => {
  it("D4 are told to turn it away, by whom it was changed and since when, with what has to be trusted", () => {
    expect(told()).toMatchObject({
      severity: "P1",
      summary: expect.stringMatching(
        /^Clients seem to turn the server's certificate away: m\.berg had it signed by another authority \(rds-ca-rsa4096-g1\) 38 min ago, and 10 times as many .* do not stay; its clients stay away: 45/,
      ),
      actions: [],
    });
    expect(
      told()
        ?.evidence.map(({ says }) => says)
        .join("\n"),
    ).toContain("has to be among those that the clients trust");
    // Of an engine that does without a restart it counts from the call.
    expect(told({ restarted: -1 })?.summary).toContain("40 min ago");
  });

  it("D2 says how many were broken off in the log, which are signed in clients' as well, and rests on none of them", () => {
    expect(told({ lines: 40 })?.summary).toContain("; 40 connections broken off in the log");
    expect(told({ lines: 40 })?.severity).toBe("P1");
    // More than a quarter of them are there.
    expect(told({ connections: held(80) })?.severity).toBe("P2");
  });

  it("D3 are not where they are there, do not try, left at another time, or it has not taken effect", () => {
    const others: readonly Seen[] = [
      { connections: held(198) },
      { attempts: 60 },
      { detail: "dBInstanceIdentifier=orders-db, allocatedStorage=400" },
      { detail: "dBInstanceIdentifier=another-db, cACertificateIdentifier=rds-ca-rsa4096-g1" },
      { described: "rds-ca-rsa2048-g1" },
      // They had left hours before it; and long after it.
      { before: held(45, 36) },
      { before: left(60) },
      { minutes: 170, restarted: 168 },
      { minutes: 600, restarted: 598 },
      // Nobody saw when.
      { before: [] },
      // Who changes it is at work on the outage.
      { minutes: 2, restarted: -1, before: left(5) },
      // A tool names it as it is, in a call for something else.
      {
        detail: `dBInstanceIdentifier=orders-db, dBInstanceClass=db.m6g.large, cACertificateIdentifier=${authority}`,
      },
      { described: null },
      {
        detail: `dBInstanceIdentifier=orders-db, cACertificateIdentifier=${authority}, applyImmediately=false`,
        restarted: -1,
      },
      // PostgreSQL says why in its log.
      { engine: "postgres" },
    ];
    for (const seen of others) expect(told(seen)).toBeUndefined();
    expect(told({ before: left(25) })).toBeDefined();
  });

  it("D3 are not who names an authority that was named before, whoever names another did change it", () => {
    const named = (to: string, more = "") =>
      called(900, `dBInstanceIdentifier=orders-db, cACertificateIdentifier=${to}${more}`, "terraform");
    expect(told({ earlierCalls: [named(authority)] })).toBeUndefined();
    expect(told({ earlierCalls: [named(authority, ", dBInstanceClass=db.m6g.large")] })).toBeUndefined();
    const others = [
      named("rds-ca-rsa2048-g1"),
      { ...named(authority), error: "AccessDenied" },
      called(900, `dBInstanceIdentifier=another-db, cACertificateIdentifier=${authority}`),
      // Asked for in the next maintenance window: it was not it yet.
      named(authority, ", applyImmediately=false"),
    ];
    for (const one of others)
      expect(told({ earlierCalls: [one] })?.summary).toContain("m.berg had it signed");
  });
});
