import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A carrier's new tracking codes are longer than their column: each of its parcels is refused, and sent again",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(3, 4), stage.application());
    const others = await stage.mySessions(2, stage.application());
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE parcels (order_no int unsigned NOT NULL, parcel_no smallint unsigned NOT NULL, carrier varchar(12) NOT NULL, tracking_code varchar(20) NOT NULL, PRIMARY KEY (order_no, parcel_no), UNIQUE KEY by_code (tracking_code))",
    );
    await setup?.query(`INSERT INTO parcels SELECT n, 1, 'dhl', LPAD(n, 20, '0') FROM ${numbersTo(20_000)}`);
    await ordinaryWork(stage, 3);
    await keepRunning(stage, others, 40, async (client, turn) => {
      await client.query("INSERT INTO parcels VALUES (?, 1, 'dhl', LPAD(?, 20, '0'))", [
        50_000 + turn,
        50_000 + turn,
      ]);
      await pause(60);
    });
    await keepRunning(stage, clients, 900, async (client, turn) => {
      await client
        .query(
          "INSERT INTO `parcels` (`order_no`, `parcel_no`, `carrier`, `tracking_code`) VALUES (?, ?, ?, ?)",
          [900_000 + (turn % 60), 1, "gls", `GLS-EU-2026-11-${String(100_000 + turn)}-R`],
        )
        .catch(() => undefined);
      await pause(15);
    });
    return { culprits: [] };
  },
});
