import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** "cached plan must not change result type": over when the connections are made anew. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [18],
  title:
    "A release adds a column; the pool's prepared SELECT * of that table fails on every connection that knew it before",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const release = await onePg(stage, "release-runner");
    await release.query(
      "CREATE TABLE tenant_settings (tenant_slug varchar(40) PRIMARY KEY, plan varchar(12) NOT NULL, seats int NOT NULL, options jsonb NOT NULL DEFAULT '{}')",
    );
    await release.query(
      "INSERT INTO tenant_settings SELECT 'tenant-' || n, 'team', n % 90, '{\"sso\": true}' FROM generate_series(1, 800) n",
    );
    await ordinaryWork(stage, 3);
    const pool = await stage.pgSessions(stage.number(5, 7), "account-api");
    let turns = 0;
    const one = async (client: (typeof pool)[number], turn: number): Promise<void> => {
      turns += 1;
      await client.query("BEGIN");
      try {
        await client.query({
          name: "tenant_settings_by_slug",
          text: "SELECT * FROM tenant_settings WHERE tenant_slug = $1",
          values: [`tenant-${1 + (turn % 800)}`],
        });
        await client.query("COMMIT");
      } catch {
        await client.query("ROLLBACK");
      }
      await pause(20);
    };
    await keepRunning(stage, pool, 60, one);
    await release.query("ALTER TABLE tenant_settings ADD COLUMN locale varchar(8)");
    const atRelease = turns;
    while (turns < atRelease + 300) await pause(100);
    return { culprits: [] };
  },
});
