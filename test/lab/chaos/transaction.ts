import { openSession } from "../rds/session.ts";
import type { Scene } from "./deeds.ts";
import { asRoot } from "./replication.ts";
import { original } from "./stage.ts";

const rows = 120_000;

/**
 * PostgreSQL counts no rows of a transaction: there nothing stands against a failover but its age, which takes minutes.
 * MariaDB logs the statement itself, and its replica would stop at a recursion that only this session may take so far.
 */
const generated = {
  postgres: `select generate_series(1, ${rows})`,
  mysql: `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows}) select i from n`,
  mariadb: `select seq from seq_1_to_${rows}`,
} as const;

/** An application in the middle of much; what it answers commits it. */
export async function openLargeTransaction(scene: Scene): Promise<() => Promise<void>> {
  const { stage, note, lift } = scene;
  const { engine } = stage;
  const table = "create table chaos_much (number int)";
  const grants = engine === "postgres" ? ["grant all on chaos_much to shop"] : [];
  await asRoot(scene, original, { [engine]: [table, ...grants] }, "app");
  const { host, port } = stage.primary().endpoint;
  const session = await openSession(engine, { host, port }, "shop");
  const depth = {
    postgres: [],
    mysql: [`set cte_max_recursion_depth = ${rows}`],
    mariadb: [],
  }[engine];
  for (const sql of [...depth, "begin"]) await session.run(sql);
  await session.run(`insert into chaos_much ${generated[engine]}`, 20_000);
  if (engine !== "postgres") note(original, "works at much");
  return async () => {
    await session.run("commit").finally(() => session.drop());
    lift(original, "works at much");
  };
}
