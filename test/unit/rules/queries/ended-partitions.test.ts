import { describe, expect, it } from "vitest";
import { postgresPartitionsRows } from "../../../../functions/core/probes/postgres/partitions-rows.ts";
import { errorStorm as rule } from "../../../../functions/core/rules/queries/error-storm.ts";
import { metricView } from "../../../support/metric-scene.ts";
import { databaseRates } from "../../../support/postgres-rates-builder.ts";

const now = Date.parse("2026-11-21T10:00:00Z");
const day = 86_400_000;

interface World {
  readonly query?: string;
  readonly failedAt?: string;
  /** Of the end of the newest partition: negative is ahead. */
  readonly endedDays?: number | null;
  readonly defaultPartition?: string;
  readonly database?: string;
  readonly rollbacks?: number;
  readonly alike?: boolean;
  readonly logged?: string;
}

const insert = "INSERT INTO readings (meter, at) VALUES ($1, now())";

function told(world: World = {}) {
  const { query = insert, failedAt = "execution", endedDays = 10 / 24, rollbacks = 10 } = world;
  const iso = (at: number) => new Date(at).toISOString();
  const end = endedDays === null ? null : now - endedDays * day;
  const missing = end === null ? [] : [{ from: iso(end), to: iso(end + day) }];
  const row = {
    ...{ schema: "public", table: "readings", newestUpTo: end === null ? null : iso(end), missing },
    defaultPartition: world.defaultPartition ?? null,
  };
  const other = { ...row, schema: "archive", newestUpTo: iso(now + 90 * day) };
  const failing = { user: "shop", database: "shop", applications: ["ingest"], query, sessions: 3, failedAt };
  const view = metricView({
    probes: {
      "postgres-database-rates": [databaseRates(90, rollbacks)],
      "postgres-failing-statements": [failing],
      [postgresPartitionsRows.id]: world.alike === true ? [row, other] : [row],
    },
  });
  const { context } = view.evidence;
  if (!context) throw new Error("the scene has no context");
  const head = "2026-11-21 09:59:30 UTC:10.0.0.1(1):app@shop:[1]:ERROR:  ";
  const file = { file: "postgresql.log", kind: "error" as const, lastWrittenAt: null, truncated: false };
  const lines = Array.from({ length: 12 }, () => head + world.logged);
  const logs = world.logged === undefined ? [] : [{ ...file, lines }];
  const target = { ...view.evidence.target, database: world.database ?? "shop" };
  return rule.evaluate({
    ...view,
    evidence: { ...view.evidence, target, collectedAt: iso(now), context: { ...context, logs } },
  });
}

const reason = "no partition of public.readings takes rows from 2026-11-21T00:00Z on";

describe("INSERTs that fail since no partition takes their rows", () => {
  it("P17 are told as the likely reason, with the statement that mends it; the log alone says it", () => {
    const [finding, ...more] = told();
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain(`what fails is ${insert}; perhaps as ${reason}`);
    const says = finding?.evidence.map((line) => line.says).join("\n");
    expect(says).toContain(
      "PARTITION OF public.readings FOR VALUES FROM ('2026-11-21T00:00:00.000Z') TO ('2026-11-22T00:00:00.000Z')",
    );
    expect(says).toContain("which error it is");
  });

  it.each<[string, World]>([
    ["COPY", { query: "COPY public.readings (meter, at) FROM STDIN" }],
    ["a client that rolls back", { failedAt: "transaction" }],
    ["the log", { query: "COMMIT", logged: 'no partition of relation "readings" found for row' }],
  ])("P17 are known by %s", (_what, world) => {
    expect(told(world)[0]?.summary).toContain(reason);
  });

  it("P17 are told in a small share of all that goes on, where another error is not", () => {
    expect(told({ rollbacks: 2 })[0]?.severity).toBe("P2");
    expect(told({ rollbacks: 2, endedDays: -1 })).toEqual([]);
    expect(told({ rollbacks: 0 })).toEqual([]);
  });

  it("P17 leave the end of a partition open where it is no midnight of UTC: months there differ by an hour", () => {
    const [finding] = told({ endedDays: 11 / 24 });
    expect(finding?.evidence.map((line) => line.says).join()).toContain(
      "FROM ('2026-11-20T23:00:00.000Z') TO ('…')",
    );
  });

  it.each<[string, World]>([
    ["a partition that goes on", { endedDays: -0.4 }],
    ["a default partition", { defaultPartition: "public.readings_default" }],
    ["partitions without an end, or not by time", { endedDays: null }],
    ["an archive whose partitions ended long ago", { endedDays: 400 }],
    ["another table", { query: "INSERT INTO orders (id) VALUES ($1)" }],
    ["a read of the table", { query: "SELECT * FROM readings" }],
    ["COPY out of it", { query: "COPY readings TO STDOUT" }],
    ["what was refused before it ran", { failedAt: "parsing" }],
    ["what may have been sent behind the error", { failedAt: "aborted" }],
    ["another database", { database: "warehouse" }],
    ["one of its name that goes on in another schema", { alike: true }],
    ["a log that tells another error", { logged: 'duplicate key value violates unique constraint "r"' }],
  ])("P17 are told as before beside %s", (_what, world) => {
    const [finding] = told(world);
    expect(finding?.severity).toBe("P2");
    expect(JSON.stringify(finding)).not.toContain("partition of");
  });
});
