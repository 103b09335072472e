import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The country of an address is looked for between the two ends of its range: the index is there and narrows nothing",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(3, 5), "fraud-check");
    const rows = stage.number(75_000, 90_000);
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE ip_ranges (ip_from int unsigned NOT NULL, ip_to int unsigned NOT NULL, country_code char(2) NOT NULL, isp varchar(120) NOT NULL, PRIMARY KEY (ip_from, ip_to), KEY by_country (country_code))",
    );
    await setup?.query(
      `INSERT INTO ip_ranges SELECT 16777216 + n * 40000, 16777216 + n * 40000 + 39999, ELT(1 + n % 5, 'DE', 'FR', 'US', 'CN', 'BR'), REPEAT('i', 40 + n % 60) FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE ip_ranges");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 200, (client, turn) =>
      client.query(
        "select r1_0.ip_from, r1_0.ip_to, r1_0.country_code, r1_0.isp from ip_ranges r1_0 where r1_0.ip_from <= ? and r1_0.ip_to >= ?",
        [
          16_777_216 + ((turn * 7919) % rows) * 40_000 + 99,
          16_777_216 + ((turn * 7919) % rows) * 40_000 + 99,
        ],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(90)],
});
