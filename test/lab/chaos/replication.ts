import { once } from "../rds/session.ts";
import type { Scene } from "./deeds.ts";

/** It goes on receiving, and applies nothing any more. */
export async function pauseApplying(scene: Scene, id: string): Promise<void> {
  await asRoot(scene, id, {
    postgres: ["select pg_wal_replay_pause()"],
    mysql: ["stop replica sql_thread"],
    mariadb: ["stop slave sql_thread"],
  });
  scene.note(id, "applies nothing");
}

export async function resumeApplying(scene: Scene, id: string): Promise<void> {
  await asRoot(scene, id, {
    postgres: ["select pg_wal_replay_resume()"],
    mysql: ["start replica sql_thread"],
    mariadb: ["start slave sql_thread"],
  });
  scene.lift(id, "applies nothing");
}

/** On purpose, as some do who want to undo a mistake. */
export async function applyLate(scene: Scene, id: string): Promise<void> {
  await asRoot(scene, id, {
    postgres: ["alter system set recovery_min_apply_delay = '5min'", "select pg_reload_conf()"],
    mysql: [
      "stop replica sql_thread",
      "change replication source to source_delay = 300",
      "start replica sql_thread",
    ],
    mariadb: ["stop slave", "change master to master_delay = 300", "start slave"],
  });
  scene.note(id, "applies late");
}

/** A row that is there already stops MySQL and MariaDB; a standby of PostgreSQL loses its source. */
export async function breakReplication(scene: Scene, id: string): Promise<void> {
  const { stage, note } = scene;
  const { node } = stage.lab.database(id);
  if (stage.engine === "postgres") await node.follow(1);
  else {
    const last = Math.max(
      0,
      ...stage.clients.ledger.flatMap(({ client, row }) => (client === 0 ? [row] : [])),
    );
    const row = `insert into chaos_ledger (client, number) values (0, ${last + 5})`;
    await asRoot(scene, id, { mysql: [row], mariadb: [row] }, "app");
  }
  note(id, "broken");
}

type Statements = Partial<Record<Scene["stage"]["engine"], readonly string[]>>;

export async function asRoot(
  { stage: { engine, lab } }: Scene,
  id: string,
  statements: Statements,
  database = engine === "postgres" ? "postgres" : "app",
): Promise<void> {
  const port = lab.database(id).node.port() ?? 0;
  await once(engine, { host: "127.0.0.1", port }, "rdsadmin", statements[engine] ?? [], database);
}
