import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../../functions/core/context/clean-log.ts";
import { errorStorm } from "../../../../functions/core/rules/queries/error-storm.ts";
import { metricView } from "../../../support/metric-scene.ts";

const column = "column m.loyalty_tier does not exist at character 23";
const statement = "SELECT m.id, m.loyalty_tier FROM members m WHERE m.id = $1";

interface Log {
  /** Errors a minute, and for how many minutes before the look they went on. */
  readonly rate?: number;
  readonly minutes?: number;
  readonly endedMinutesAgo?: number;
  readonly says?: string;
  readonly asked?: string;
  /** So many sessions take turns; each error of another, unless told. */
  readonly sessions?: number;
  /** Of ten errors so many are of keys that are there already. */
  readonly others?: number;
}

function storm({
  rate = 80,
  minutes = 3,
  endedMinutesAgo = 0,
  says = column,
  asked = statement,
  sessions = 999,
  others = 0,
}: Log) {
  const text = Array.from({ length: rate * minutes }, (_, index) => {
    const second = (index - rate * minutes) * (60 / rate) - endedMinutesAgo * 60;
    const at = new Date(Date.parse("2026-11-21T09:59:55Z") + second * 1000).toISOString().slice(0, 19);
    const head = `${at.replace("T", " ")} UTC:10.12.6.55(${51_000 + index}):app@members:[${9_000 + (index % sessions)}]:`;
    const error = (index * 7) % 10 < others ? 'duplicate key value violates unique constraint "pk"' : says;
    return `${head}ERROR:  ${error}\n${head}STATEMENT:  ${asked}`;
  }).join("\n");
  const file = { file: "error/postgresql.log", kind: "error", lastWrittenAt: null, truncated: true } as const;
  const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  return errorStorm.evaluate(metricView({ context: { logs: [cleanLog({ ...file, text }, options)] } }));
}

describe("a name that is not there", () => {
  it("D4 is told by the log alone, with its rate and who asks, where no rate of transactions was seen", () => {
    const [found, ...more] = storm({});
    expect(more).toEqual([]);
    expect(found).toMatchObject({ subject: "members", severity: "P2", actions: [] });
    expect(found?.summary).toContain("80 a minute");
    expect(found?.summary).toContain("column m.loyalty_tier does not exist");
    expect(JSON.stringify(found?.evidence)).toContain("FROM members m");
  });

  it.each(['relation "orders_new" does not exist', "function nextval_of(integer) does not exist"])(
    "D4 may be of another kind: %s",
    (says) => expect(storm({ says })[0]?.summary).toContain(says),
  );

  it("D4 is told with its own rate beside errors of another kind", () => {
    expect(storm({ rate: 200, others: 5 })[0]?.summary).toMatch(/some (?:8|9|10|11)\d a minute/);
  });

  it.each<[string, string, string]>([
    [
      'column "hunter2" does not exist',
      'SELECT id FROM members WHERE pass = "hunter2"',
      'column "?" does not exist',
    ],
    ['column "tier" does not exist', "SELECT tier FROM members", 'column "tier" does not exist'],
  ])("D7 shows no value that somebody wrote in double quotes: %s", (says, asked, shown) => {
    const [found] = storm({ says, asked });
    expect(found?.summary).toContain(shown);
    expect(JSON.stringify(found)).not.toContain("hunter2");
    expect(JSON.stringify(found).includes("asked by")).toBe(!asked.includes('"'));
  });

  it("D7 shows none behind FROM, which is an operator, too", () => {
    const asked = 'SELECT id FROM members WHERE mail IS NOT DISTINCT FROM "hunter2"';
    const [found] = storm({ says: 'column "hunter2" does not exist', asked });
    expect(JSON.stringify(found)).not.toContain("hunter2");
  });

  it("D2 shows a statement whose names alone are in double quotes", () => {
    const [found] = storm({
      asked: 'SELECT "m"."tier" FROM members AS m JOIN "tiers" t ON t.id = m.tier WHERE m.id = $1',
    });
    expect(JSON.stringify(found?.evidence)).toContain("asked by");
  });

  it.each<[string, Log]>([
    ["a monitor that asks an older server a few times a minute", { rate: 12 }],
    [
      "an agent that connects anew for each look at a view that is not there",
      { says: 'relation "pg_stat_statements" does not exist' },
    ],
    ["a burst of a second", { rate: 2400, minutes: 1 / 60 }],
    ["an agent that asks for a function of its own", { sessions: 2 }],
    ["a few among many errors of another kind", { rate: 200, others: 9 }],
    ["what ended minutes ago", { endedMinutesAgo: 2 }],
    ["keys that are there already", { says: 'duplicate key value violates unique constraint "orders_pkey"' }],
    ["a savepoint of a driver", { says: 'savepoint "sp_4" does not exist' }],
    ["a name within a value", { says: 'invalid input: "column a does not exist"' }],
  ])("D10 is not %s", (_what, log) => expect(storm(log)).toEqual([]));
});
