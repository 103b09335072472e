import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { toldTroubles } from "../../../functions/core/facts/told-troubles.ts";
import { loggedLookups } from "../../../functions/core/rules/indexes/logged-lookups-draft.ts";
import { aConnection, collectedAt } from "../../support/evidence-builder.ts";
import { held, metricView } from "../../support/metric-scene.ts";

const options = { dialect: "postgres", queryText: "normalised", maxLines: 300, maxLineLength: 500 } as const;

function viewOf(lines: readonly string[], now = 88) {
  const of = {
    file: "error/postgresql.log",
    kind: "error",
    lastWrittenAt: collectedAt,
    truncated: false,
  } as const;
  return metricView({
    context: { logs: [cleanLog({ ...of, text: lines.join("\n") }, options)] },
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
    values: { DatabaseConnections: held(now, 15), CPUUtilization: held(20, 15) },
    readings: { DatabaseConnections: { baselineDay: 88, baselineWeek: 90 } },
  });
}

function said(process: number, ago: number, ...texts: readonly string[]): readonly string[] {
  const at = new Date(Date.parse(collectedAt) - 1000 * ago).toISOString().slice(0, 19).replace("T", " ");
  return texts.map((text) => `${at} UTC:10.0.0.7(54):shop@app:[${process}]:${text}`);
}

describe("while half of the clients are missing", () => {
  const told = (text: string, perMinute: number) =>
    toldTroubles(
      viewOf(
        Array.from({ length: 12 * perMinute }, (_, at) =>
          said(1000 + at, 725 - (60 * at) / perMinute, text),
        ).flat(),
        46,
      ),
    ).map(({ trouble }) => trouble.cause);

  it.each([
    "FATAL:  connection to client lost",
    "FATAL:  terminating connection due to administrator command",
    "FATAL:  terminating connection due to transaction timeout",
  ])("D7 who was cut off says why: %s", (text) => {
    expect(told(text, 20)).toHaveLength(1);
  });

  it("D7 errors that an application always makes say nothing of it", () => {
    expect(told('ERROR:  duplicate key value violates unique constraint "jobs_pkey"', 3)).toEqual([]);
  });
});

describe("look-ups of a foreign key that are cut off", () => {
  const sql = `SQL statement "SELECT 1 FROM ONLY "public"."order_lines" x WHERE $1 OPERATOR(pg_catalog.=) "order_id" FOR KEY SHARE OF x"`;
  const remove = "STATEMENT:  DELETE FROM orders WHERE id = $1";
  const cut = (process: number, ago: number) =>
    said(process, ago, "ERROR:  canceling statement due to statement timeout", `CONTEXT:  ${sql}`, remove);
  const waits = (process: number, ago: number, mode: string, queue: string, ...more: readonly string[]) =>
    said(
      process,
      ago,
      `LOG:  process ${process} still waiting for ${mode} on relation 24961 of database 16402 after 1000.118 ms`,
      `DETAIL:  Process holding the lock: 8123. Wait queue: ${queue}.`,
      ...more,
    );
  const cuts = [cut(71, 271), cut(72, 171), cut(73, 91)].flat();

  it("D4 lack an index", () => {
    const [finding] = loggedLookups(viewOf(cuts));
    expect(finding?.summary).toContain("order_lines");
  });

  it("D4 lack none where they queue behind DDL on that table", () => {
    const ddl = waits(
      9011,
      400,
      "AccessExclusiveLock",
      "9011",
      "STATEMENT:  ALTER TABLE order_lines ADD x int",
    );
    const last = waits(74, 50, "RowShareLock", "9011, 74", `CONTEXT:  ${sql}`, remove);
    expect(loggedLookups(viewOf([...ddl, ...cuts, ...last]))).toEqual([]);
  });

  it("D4 may remove very many rows each instead", () => {
    const [finding] = loggedLookups(viewOf(cuts));
    expect(JSON.stringify(finding)).toContain("very many rows");
  });
});
