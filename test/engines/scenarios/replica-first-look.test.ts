import { expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { mariadbAvailability, mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { loadScenario } from "../../scenarios/folders.ts";
import { record } from "../../scenarios/record.ts";

/** What the first, quick look at the scenario's replica tells, made again on a real engine. */
async function firstLook(name: string) {
  const { evidence, thresholds } = await record({ ...(await loadScenario(name)), tiers: ["immediate"] }, 1);
  expect(new Set(evidence.probes.map(({ tier }) => tier))).toEqual(new Set(["immediate"]));
  const told = diagnose(evidence, settingsSchema.parse({ thresholds }));
  return { verdict: told.verdict, stopped: told.rootCauses.some((key) => /^replication-stopped/.test(key)) };
}

const engines = [
  {
    engine: "mysql",
    availability: await mysqlAvailability(),
    broken: "mysql-replica-broken",
    alike: ["mysql-delayed-replica", "mysql-replica-serves-dashboards"],
  },
  {
    engine: "mariadb",
    availability: await mariadbAvailability(),
    broken: "mariadb-replica-broken",
    alike: ["mariadb-replica-after-big-batch"],
  },
  {
    engine: "postgres",
    availability: await postgresAvailability(17),
    broken: "postgres-standby-not-streaming",
    alike: ["postgres-replica-from-archive", "postgres-delayed-standby"],
  },
] as const;

for (const { engine, availability, broken, alike } of engines) {
  describeEngine(`the first look at a replica of ${engine}`, availability, () => {
    it("D7 tells that it has stopped", async () => {
      expect(await firstLook(broken)).toEqual({ verdict: "unwell", stopped: true });
    });

    it.each(alike)("D7 leaves alone who follows: %s", async (name) => {
      expect(await firstLook(name)).toEqual({ verdict: "well", stopped: false });
    });
  });
}
