import { defineScenario, type Scenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** PostgreSQL counts what runs inside with pg_stat_statements.track = all, by its own text with the function's names. */
export function functionLostItsIndex(title: string, indexed: boolean): Scenario {
  return defineScenario({
    engine: "postgres",
    title,
    majors: [14, 16, 17, 18],
    server: { settings: { "pg_stat_statements.track": "all" } },
    tiers: ["immediate", "performance"],
    metrics: () => [busyCpu(indexed ? 36 : 92)],
    make: async (stage) => {
      const clients = await stage.pgSessions(stage.number(5, 7), "frontdesk");
      const [setup] = clients;
      await setup?.query(
        "CREATE TABLE stays (id int PRIMARY KEY, guest_ref text NOT NULL, nights int NOT NULL, note text NOT NULL)",
      );
      await setup?.query(`INSERT INTO stays SELECT n, 'G-' || n % 40000, n % 14, md5(n::text)
        FROM generate_series(1, ${stage.number(220_000, 260_000)}) n`);
      if (indexed) await setup?.query("CREATE INDEX stays_guest_ref_idx ON stays (guest_ref)");
      await setup?.query(`CREATE FUNCTION nights_of(p_guest text, p_least int) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
        DECLARE v_nights bigint;
        BEGIN
          SELECT sum(nights) INTO v_nights FROM stays WHERE guest_ref = p_guest AND nights >= p_least;
          RETURN v_nights;
        END $$`);
      await setup?.query("ANALYZE stays");
      await ordinaryWork(stage, 3);
      await keepRunning(stage, clients, 120, async (client, turn) => {
        await client.query("SELECT nights_of($1, 2)", [`G-${(turn * 211) % 40_000}`]);
        if (indexed) await pause(20);
      });
      return { culprits: [] };
    },
  });
}
