import { describe, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { allScenarioNames, loadScenario } from "../../scenarios/folders.ts";
import { heal } from "../../scenarios/heal-one.ts";
import type { ScenarioEngine } from "../../scenarios/scenario.ts";
import { expectationOf } from "../../scenarios/support/heal/prescribed.ts";

const day = Math.floor(Date.now() / 86_400_000);
const perEngine = 2;
const staysMs = 1000;
/** What nobody has to be asked about must be healed without a person. */
const unasked: ReadonlySet<string> = new Set(["postgres-idle-transaction"]);

interface Playable {
  readonly remediable: readonly string[];
  /** Well, or a person's to remedy: nothing may be done. */
  readonly letBe: readonly string[];
}

/** By what their recordings propose: a scenario that is new, or a remedy, comes in by itself. */
async function playableOn(engine: ScenarioEngine): Promise<Playable> {
  const remediable: string[] = [];
  const letBe: string[] = [];
  for (const name of allScenarioNames()) {
    const scenario = await loadScenario(name);
    if (scenario.engine !== engine) continue;
    const { kind } = expectationOf(name, scenario);
    if (kind === "remediable" && scenario.unhealed === undefined) remediable.push(name);
    if (kind === "well" || kind === "persons") letBe.push(name);
  }
  return { remediable, letBe };
}

/** Others every day, and all of them in turn. */
function todaysOf(all: readonly string[], count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => all[(day * count + index) % all.length]).flatMap(
    (name) => name ?? [],
  );
}

function closedLoop({ remediable, letBe }: Playable): void {
  let seed = day;
  const options = (name: string) => {
    seed += 1;
    return { seed, asked: !unasked.has(name), staysMs };
  };
  describe("the loop: fault in, remedy, done, well again", () => {
    it.each(todaysOf(remediable, perEngine))(
      "V1 %s is healed, and nobody hurt who had no part in it",
      { retry: 2, timeout: 120_000 },
      async (name) => {
        const healing = await heal(name, options(name));
        expect(healing.bystanders).toEqual([]);
        expect(healing, JSON.stringify({ seed, ...healing })).toMatchObject({ healed: true });
      },
    );
    it.each(todaysOf(letBe, 1))(
      "V1 %s is well, or a person's: nothing is done to it, and nobody is hurt",
      { retry: 2, timeout: 120_000 },
      async (name) => {
        const { steps, bystanders } = await heal(name, options(name));
        expect({ steps, bystanders }).toEqual({ steps: [], bystanders: [] });
      },
    );
  });
}

const postgres = await playableOn("postgres");
const mysql = await playableOn("mysql");
const mariadb = await playableOn("mariadb");
const newest = await postgresAvailability(18);
const oldest = await postgresAvailability(14);
describeEngine("PostgreSQL", newest.ok ? oldest : newest, () => closedLoop(postgres));
describeEngine("MySQL", await mysqlAvailability(), () => closedLoop(mysql));
describeEngine("MariaDB", await mariadbAvailability(), () => closedLoop(mariadb));
