import { describe, expect, it } from "vitest";
import type { Diagnosis } from "../../functions/core/contract/finding.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { standAt } from "../support/stand-at.ts";
import { turns, usual } from "./support/outside/curves.ts";
import { logged } from "./support/outside/postgres-log.ts";
import { calmWith, looked } from "./support/outside/postgres-log-world.ts";
import { failing, type Message } from "./support/outside/postgres-messages.ts";
import { ofServer } from "./support/outside/postgres-server-messages.ts";
import { evidenceOfWorld } from "./support/outside/record-outside.ts";
import type { World } from "./support/outside/world.ts";

/**
 * Each message of PostgreSQL's log as a witness of its own, in a database of which nothing else tells: many within a
 * quarter of an hour, and two. What is grave is told, and never called well; what everybody has is not.
 */
standAt("2026-11-28T02:41:20Z");

const minutes = 14.5;
const sessions = 12;

function linesOf({ says, own = false }: Message, count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const pid = own ? 412 : 9300 + (at % sessions);
    const client = own
      ? { pid }
      : { host: `10.4.18.23(${41_000 + pid})`, user: "shop_api", database: "shop", pid };
    const ago = 0.4 + minutes - at * (minutes / count);
    return says.map((line) => logged(ago, client, line));
  }).flat();
}

const seen = async (world: World) => diagnose(await evidenceOfWorld(world), defaultSettings);

function rootOf({ rootCauses, findings }: Diagnosis) {
  const found = findings.find(({ key }) => key === rootCauses[0]);
  return found === undefined || found.severity === "P3" ? null : found;
}

const many = (one: Message) => linesOf(one, Math.ceil((one.perMinute ?? 40) * minutes));
const named = [...failing, ...ofServer].map((one) => ({ ...one, name: one.says[0] ?? "" }));

describe("messages of PostgreSQL's log", () => {
  it.each(named)("D7 a flood is told from outside, and beside a calm look: $name", async (one) => {
    const world = calmWith(many(one), one);
    for (const diagnosis of [await seen(world), await seen(looked(world))]) {
      const root = rootOf(diagnosis);
      expect(root?.id ?? null).toBe(one.cause);
      if (one.cause === null) continue;
      expect(diagnosis.verdict).toBe("unwell");
      expect(diagnosis.headline).not.toContain("Nothing wrong found");
      expect(JSON.stringify(root)).toContain(one.told ?? "");
      expect(root?.actions.filter(({ automatic }) => automatic)).toEqual([]);
    }
  });

  it.each(named)("D10 two in a quarter of an hour are what they are: $name", async (one) => {
    const root = rootOf(await seen(looked(calmWith(linesOf(one, 2), one))));
    if (one.evenOnce) expect(root?.id).toBe(one.cause);
    else expect(root).toBeNull();
  });
});

const slow = "SELECT * FROM invoices WHERE lower(reference) = $1";
const full = {
  CPUUtilization: turns(usual(34), 16, 98),
  DBLoad: turns(usual(1.4), 16, 9.1),
  DBLoadCPU: turns(usual(1.1), 16, 8.6),
};

describe("durations in PostgreSQL's log", () => {
  it.each([
    `LOG:  duration: 8412.331 ms  execute <unnamed>: ${slow}`,
    `LOG:  duration: 8412.331 ms  statement: ${slow}`,
    `LOG:  duration: 8412.331 ms  plan:\n\tQuery Text: ${slow}\n\tSeq Scan on invoices  (cost=0.00..431.00 rows=1 width=44)`,
  ])("D4 tell who fills the CPU: %s", async (says) => {
    const one: Message = { says: [says], cause: "expensive-statement" };
    const root = rootOf(await seen(calmWith(linesOf(one, 900), { more: full })));
    expect(root?.id).toBe("expensive-statement");
    expect(root?.summary).toContain(`100 % of the time in the log's durations`);
    expect(root?.summary).toContain(`(user shop_api): ${slow}; each call takes 8`);
  });

  it("D10 are no cause where the CPU has room", async () => {
    const one: Message = { says: [`LOG:  duration: 8412.331 ms  statement: ${slow}`], cause: null };
    expect(rootOf(await seen(looked(calmWith(linesOf(one, 3), one))))).toBeNull();
  });
});
