import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The newest events of a quiet workspace are looked for backwards along the primary key, through everybody else's",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const rows = stage.number(70_000, 85_000);
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE activity_events (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, workspace_id int unsigned NOT NULL, actor varchar(60) NOT NULL, payload varchar(200) NOT NULL, created_at datetime(3) NOT NULL, KEY by_workspace (workspace_id, created_at))",
    );
    // The first rows are of twenty workspaces that have left since: some hundreds of rows each, all old.
    await setup?.query(
      `INSERT INTO activity_events (workspace_id, actor, payload, created_at) SELECT IF(n <= 30000, n % 20, 100 + n % 7), CONCAT('user-', n % 500), REPEAT('p', 140), '2026-01-01' + INTERVAL n SECOND FROM ${numbersTo(rows)} ORDER BY n`,
    );
    await setup?.query("ANALYZE TABLE activity_events");
    // Harmless: a migration's session that holds a named lock which nobody else wants.
    const deploy = await oneMy(stage, stage.application());
    await deploy.query("SELECT GET_LOCK('schema_migrations', 1)");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 150, (client, turn) =>
      client.query(
        "SELECT `activity_events`.* FROM `activity_events` WHERE `activity_events`.`workspace_id` = ? ORDER BY `activity_events`.`id` DESC LIMIT 20",
        [turn % 20],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(94)],
});
