import { describe, expect, it } from "vitest";
import { standAt } from "../support/stand-at.ts";
import * as effect from "./support/outside/change-effects.ts";
import { changer, type Made, set, setAgain, unrelated } from "./support/outside/change-plays.ts";
import type { ChangeRow } from "./support/outside/change-rows.ts";
import { mysqlRows } from "./support/outside/change-rows-mysql.ts";
import { postgresRows } from "./support/outside/change-rows-postgres.ts";
import { postgresLimitRows } from "./support/outside/change-rows-postgres-limits.ts";
import { rdsRows } from "./support/outside/change-rows-rds.ts";
import { wayInRows } from "./support/outside/change-rows-ways-in.ts";
import { ordinary, rootsOf, told } from "./support/outside/ordinary.ts";

standAt("2026-11-28T10:41:20Z");

const rows = [...postgresRows, ...postgresLimitRows, ...mysqlRows, ...rdsRows, ...wayInRows].map(
  (row, at) => ({
    ...row,
    what: `${at} ${row.flavour} ${row.names}`,
  }),
);
const since = 12;
const before = since + 3;

/** After the change nothing but what comes of it is unlike an ordinary day. */
async function seen({ flavour, effect: of, replica = false }: ChangeRow, made: Made, minutes: number) {
  const [changed, has] = [made(flavour, minutes), of(flavour, since)];
  const source = replica ? { ReadReplicaSourceDBInstanceIdentifier: "orders-main" } : {};
  const world = ordinary(flavour, {
    ...changed,
    ...has,
    self: { ...source, ...changed.self },
    group: changed.group ?? {},
    metrics: { ...(replica ? { ReplicaLag: () => 0 } : {}), ...has.metrics },
  });
  const diagnosis = await told(world);
  return { diagnosis, root: rootsOf(diagnosis)[0] };
}

function together(all: readonly Made[]): Made {
  return (flavour, minutes) => {
    const made = all.map((one) => one(flavour, minutes));
    return {
      events: made.flatMap(({ events = [] }) => events),
      changes: made.flatMap(({ changes = [] }) => changes),
    };
  };
}

const blames = /it began \d+ min after|it follows /;

describe("what came of a change", () => {
  it.each(rows)("M7 is told with it: $what", async (row) => {
    const { diagnosis, root } = await seen(row, row.made, before);
    expect(root?.id ?? diagnosis.verdict).toMatch(row.root);
    expect(diagnosis.headline).toMatch(new RegExp(row.names));
  });

  it.each(rows)("M7 is not told with what has nothing to do with it: $what", async (row) => {
    const isParameter = row.made(row.flavour, before).changes?.[0]?.what.includes("ParameterGroup") ?? false;
    // It bounds the locks of a transaction, and never how many connect or how long they take.
    const other = row.names.includes("locks") ? "jit" : "max_locks_per_transaction";
    const idle = isParameter ? set(row.names, 1, "pending-reboot") : set("log_hostname", 1);
    const harmless = together([...unrelated.map(([, made]) => made), set(other, 1), idle]);
    expect((await seen(row, harmless, before)).diagnosis.headline).not.toMatch(blames);
    expect((await seen(row, row.made, 2900)).diagnosis.headline).not.toMatch(blames);
    if (row.beginUnseen) return;
    expect((await seen(row, row.made, 5)).diagnosis.headline).not.toMatch(blames);
  });
});

const refused = (message: string): ChangeRow => ({
  flavour: "postgres",
  made: set("x", 1),
  effect: effect.logs(message, "STATEMENT:  SELECT * FROM orders WHERE id = $1"),
  root: /error-storm/,
  names: "",
});
const full = effect.logs("[ERROR] [MY-013132] [Server] The table 'basket' is full!");
const timedOut = refused("ERROR:  canceling statement due to statement timeout");

describe("a change and what is to be done", () => {
  it("M7 is to be set back to what was seen, and tells who made it", async () => {
    const { root } = await seen(timedOut, setAgain("statement_timeout", 200, 30_000), before);
    expect(root?.summary).toContain(`the change of statement_timeout to 200 by ${changer}`);
    expect(root?.evidence[0]?.says).toContain("it was 30000 before: set it back");
  });

  it("M7 a limit that was raised has bound nobody", async () => {
    for (const former of [100, 199])
      expect(
        (await seen(timedOut, setAgain("statement_timeout", 200, former), before)).root?.summary,
      ).not.toMatch(blames);
    const { root } = await seen(timedOut, setAgain("statement_timeout", 200, 0), before);
    expect(root?.summary).toMatch(blames);
  });

  it("M7 what was said before the change as well does not come of it", async () => {
    expect((await seen(timedOut, set("statement_timeout", 200), 8)).root?.summary).not.toMatch(blames);
    expect((await seen(timedOut, set("lock_timeout", 200), before)).root?.summary).not.toMatch(blames);
  });

  it("M7 nothing is done by it alone", async () => {
    for (const row of postgresRows) {
      const [blamed, bare] = [await seen(row, row.made, before), await seen(row, () => ({}), before)];
      const unasked = ({ root }: typeof bare) =>
        (root?.actions ?? []).filter(({ automatic }) => automatic).map(({ id }) => id);
      if (blamed.root?.id === bare.root?.id)
        expect(unasked(bare), row.names).toEqual(expect.arrayContaining(unasked(blamed)));
    }
  });

  it.each<[string, ChangeRow["effect"], Readonly<Record<string, number>>, string]>([
    ["a blocked host", effect.blocked, { DatabaseConnections: 34, CPUUtilization: 11 }, "P1"],
    ["a blocked host beside most of the work", effect.blocked, { DatabaseConnections: 60 }, "P2"],
    ["a full table", full, { WriteIOPS: 90 }, "P1"],
    ["a full table beside most of the work", full, { WriteIOPS: 300 }, "P2"],
  ])("D4 how bad it is, is told by the work that is missing: %s", async (_, of, values, severity) => {
    const row = { ...timedOut, flavour: "mysql", effect: effect.both(of, effect.numbers(values)) } as const;
    const { root } = await seen(row, () => ({}), before);
    expect(root).toMatchObject({ id: "instance-limit-reached", severity });
  });
});
