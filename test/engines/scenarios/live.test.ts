import { describe, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { loadExpected, loadScenario, scenarioNames } from "../../scenarios/folders.ts";
import { isRight, judge } from "../../scenarios/judge.ts";
import { record } from "../../scenarios/record.ts";

const day = Math.floor(Date.now() / 86_400_000);
const perEngine = 2;

/** Others every day: after two months each has been made again. */
function todays(engine: string): string[] {
  const names = scenarioNames().filter((name) => name.startsWith(`${engine}-`));
  return names.filter(
    (_, index) => Math.floor(index / perEngine) === day % Math.ceil(names.length / perEngine),
  );
}

function madeAgain(engine: string): void {
  describe(`incidents on ${engine} made again, with the seed of the day`, () => {
    let seed = day;
    // A fault is a race with a real engine: the next seed gets a try before it counts.
    it.each(todays(engine))("D4 %s is diagnosed as it should be", { retry: 2 }, async (name) => {
      seed += 1;
      const verdict = judge(name, await record(await loadScenario(name), seed), loadExpected(name));
      expect(verdict.wrongTargets).toEqual([]);
      expect(isRight(verdict), JSON.stringify({ seed, ...verdict })).toBe(true);
    });
  });
}

const newest = await postgresAvailability(18);
const oldest = await postgresAvailability(14);
describeEngine("PostgreSQL", newest.ok ? oldest : newest, () => madeAgain("postgres"));
describeEngine("MySQL", await mysqlAvailability(), () => madeAgain("mysql"));
describeEngine("MariaDB", await mariadbAvailability(), () => madeAgain("mariadb"));
