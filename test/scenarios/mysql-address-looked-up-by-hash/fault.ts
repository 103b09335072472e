import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "An address is looked up by its hash before it is saved, and the hash has no index",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const rows = stage.number(60_000, 70_000);
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE service_address (id bigint NOT NULL AUTO_INCREMENT, address_1 varchar(120) NOT NULL, city varchar(60) NOT NULL, postcode varchar(10) NOT NULL, str_hash char(32) NOT NULL, PRIMARY KEY (id), KEY of_city (city, postcode))",
    );
    await setup?.query(
      `INSERT INTO service_address (address_1, city, postcode, str_hash) SELECT CONCAT(n, ' Long Street'), CONCAT('Town ', n % 300), LPAD(n % 9999, 5, '0'), UPPER(LEFT(SHA2(n, 256), 32)) FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE service_address");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 150, (client, turn) =>
      client.query(
        "select serviceadd0_.id as id1_25_, serviceadd0_.address_1 as address_2_25_, serviceadd0_.city as city3_25_ from service_address serviceadd0_ where serviceadd0_.str_hash=UPPER(LEFT(SHA2(?, 256), 32))",
        [(turn * 113) % rows],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(94)],
});
