import { defineScenario, type Scenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** Documents are searched by their members: @> is served by GIN alone. */
export function documentSearch(title: string, indexed: boolean): Scenario {
  return defineScenario({
    engine: "postgres",
    title,
    tiers: ["immediate", "performance"],
    metrics: () => [busyCpu(indexed ? 35 : 93)],
    make: async (stage) => {
      const table = stage.table();
      const clients = await stage.pgSessions(stage.number(4, 6), "catalogue");
      const [setup] = clients;
      await setup?.query(
        `CREATE TABLE ${table} (id int PRIMARY KEY, title text NOT NULL, attributes jsonb NOT NULL)`,
      );
      await setup?.query(`INSERT INTO ${table} SELECT n, 'item ' || n, jsonb_build_object('maker', 'm' || n % 3000,
        'size', n % 40, 'tags', jsonb_build_array('t' || n % 90, 't' || n % 700))
        FROM generate_series(1, ${stage.number(120_000, 150_000)}) n`);
      if (indexed) await setup?.query(`CREATE INDEX ON ${table} USING gin (attributes jsonb_path_ops)`);
      await setup?.query(`ANALYZE ${table}`);
      await ordinaryWork(stage, 3);
      await keepRunning(stage, clients, 120, async (client, turn) => {
        await client.query(`SELECT id, title FROM ${table} WHERE attributes @> $1 LIMIT 50`, [
          JSON.stringify({ maker: `m${(turn * 17) % 3000}` }),
        ]);
        if (indexed) await pause(20);
      });
      return { culprits: [] };
    },
  });
}
