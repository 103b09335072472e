import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { awsOffers, databaseOffers } from "../../functions/core/actions/offers.ts";
import { changeRows } from "../faults/aws-change-table.ts";
import { statementRows } from "../faults/database/fault-table.ts";

const inDatabases = Object.entries(statementRows).flatMap(([engine, rows]) =>
  rows.map(([step, fault]) => `${engine}: ${step} ${fault}`),
);
const onAws = changeRows.map(([id, fault]) => `aws: ${id} ${fault}`);
const all = [...inDatabases, ...onAws];

describe("faults that befall actions", () => {
  it("Q9 are at least sixty, each of them once, and as many as the README says", () => {
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(60);
    const told = /(\d+) faults of actions on databases and (\d+) on AWS/.exec(
      readFileSync("README.md", "utf8"),
    );
    expect(told?.slice(1).map(Number)).toEqual([inDatabases.length, onAws.length]);
  });

  it("Q9 befall every action on a database, on each engine that has it, or it is said why not", () => {
    const met = new Set(inDatabases.map((row) => row.replace(/^(\w+: [\w-]+).*$/, "$1")));
    const missing = databaseOffers.flatMap(({ id, engines }) =>
      engines.map((engine) => `${engine}: ${id}`).filter((pair) => !met.has(pair)),
    );
    // What was emptied within a minute is left alone, and MySQL's statistics are no older on a server that just began.
    expect(missing).toEqual(["mysql: reset-statement-statistics", "mariadb: reset-statement-statistics"]);
  });

  it("Q9 befall every action on AWS but one, here or in a suite of its own", () => {
    const own = [
      "reboot-instance",
      "take-snapshot",
      "restore-copy",
      "size-proxy-pool",
      "call-webhook",
      "pause-schedule",
    ];
    const met = new Set<string>([...changeRows.map(([id]) => id), ...own]);
    // Not interrupted by any suite of faults yet: it begins an execution of another machine.
    expect(awsOffers.map(({ id }) => id).filter((id) => !met.has(id))).toEqual(["start-failover"]);
  });
});
