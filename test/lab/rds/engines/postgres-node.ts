import { rmSync } from "node:fs";
import { Client, type QueryResultRow } from "pg";
import { labPasswords, labUrl } from "../../engines/lab-server.ts";
import type { PostgresBinaries } from "../../engines/postgres-binaries.ts";
import { startPostmaster } from "../../engines/postgres-process.ts";
import { waitUntil } from "../../engines/wait-until.ts";
import type { EngineNode, EngineSample, NodeWatch } from "./engine-node.ts";
import { createEngineProcess, type EngineProcess } from "./engine-process.ts";
import { markStandby, writeSettings } from "./postgres-files.ts";

export interface PostgresNodeOptions {
  readonly name: string;
  readonly binaries: PostgresBinaries;
  /** Goes away with the lab. */
  readonly directory: string;
  readonly dataDir: string;
  /** What no parameter group of the lab says. */
  readonly base: Readonly<Record<string, string>>;
  readonly watch: NodeWatch;
}

/** One postmaster that is started, promoted and led to another source on the same data directory. */
export function createPostgresNode(options: PostgresNodeOptions): EngineNode {
  const { name, binaries, directory, dataDir, base, watch } = options;
  let parameters: ReadonlyMap<string, string> = new Map();
  let source: number | null = null;
  const engine = createEngineProcess(
    () => startPostmaster({ binaries, directory, dataDir, settings: {} }),
    () => watch.changed(node),
  );
  const save = () =>
    writeSettings(dataDir, new Map([...Object.entries(base), ...parameters, ...following()]));
  const following = (): [string, string][] =>
    source === null ? [] : [["primary_conninfo", connectionInfo(source, name)]];
  let killed = false;
  const end = async (how: "clean" | "now") => {
    // Immediate shutdown is a crash that cleans its shared memory up; a replica that does not read holds up the other.
    const quit = { signal: "SIGQUIT", waitMs: 15_000 } as const;
    await (how === "clean" ? engine.end({ signal: "SIGINT", waitMs: 8_000 }, quit) : engine.end(quit));
  };
  const node: EngineNode = {
    name,
    dataDir,
    pid: () => engine.running()?.process.pid ?? null,
    port: () => engine.running()?.port ?? null,
    start: async () => {
      save();
      await engine.start();
      killed = false;
    },
    stop: end,
    signal: (signal) => {
      killed ||= signal === "SIGKILL";
      return engine.signal(signal);
    },
    promote: async () => {
      await ask(engine, "select pg_promote(true, 60)");
      await waitUntil(async () => !(await isStandby(engine)), { what: `${name} is promoted` });
      source = null;
      save();
    },
    follow: async (port) => {
      source = port;
      markStandby(dataDir);
      save();
      if (engine.running() !== null) await ask(engine, "select pg_reload_conf()");
    },
    configure: async (next) => {
      parameters = next;
      save();
      return engine.running() === null ? [...next.keys()] : reload(engine);
    },
    parameterKind: async (parameter) => {
      const [row] = await ask<{ context: string }>(
        engine,
        "select context from pg_settings where name = $1",
        parameter,
      );
      return row === undefined ? null : row.context === "postmaster" ? "static" : "dynamic";
    },
    position: async () =>
      one(await ask<{ at: string }>(engine, "select pg_current_wal_flush_lsn()::text as at")).at,
    reached: async (position) => {
      const sql =
        "select coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, not pg_is_in_recovery()) as reached";
      return one(await ask<{ reached: boolean }>(engine, sql, position)).reached;
    },
    sample: () => sample(engine),
    remove: async () => {
      // SIGKILL leaves shared memory behind that only the next start on this directory finds.
      if (killed && engine.running() === null) await engine.start().catch(() => undefined);
      await end("now");
      for (const file of [dataDir, `${dataDir}.log`]) rmSync(file, { recursive: true, force: true });
    },
  };
  return node;
}

function connectionInfo(port: number, name: string): string {
  const login = `user=rdsrepladmin password=${labPasswords.rdsrepladmin}`;
  return `host=127.0.0.1 port=${port} ${login} application_name=${name} connect_timeout=3`;
}

async function isStandby(engine: EngineProcess): Promise<boolean> {
  return one(await ask<{ standby: boolean }>(engine, "select pg_is_in_recovery() as standby")).standby;
}

async function reload(engine: EngineProcess): Promise<readonly string[]> {
  await ask(engine, "select pg_reload_conf()");
  // The postmaster passes the signal on; a new connection sees what it has read.
  await waitUntil(async () => one(await ask<{ read: boolean }>(engine, loadedSince)).read, {
    what: "the settings are read again",
  });
  const rows = await ask<{ name: string }>(engine, "select name from pg_settings where pending_restart");
  return rows.map(({ name }) => name);
}

const loadedSince = "select pg_conf_load_time() >= (pg_stat_file('lab.conf')).modification as read";

const sampleSql = `
  select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
    case when pg_is_in_recovery()
      then coalesce(extract(epoch from now() - pg_last_xact_replay_timestamp()), 0)::float8 end as "lagSeconds",
    case when pg_is_in_recovery()
      then exists (select from pg_stat_wal_receiver where status = 'streaming') end as replicating,
    coalesce(pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), true) as "caughtUp"`;

/** ReplicaLag of RDS for PostgreSQL is the age of the last transaction replayed: it grows on an idle source. */
async function sample(engine: EngineProcess): Promise<EngineSample> {
  const row = one(await ask<{ [name in keyof EngineSample]: EngineSample[name] }>(engine, sampleSql));
  return { ...row, connections: row.connections - 1 };
}

async function ask<Row extends QueryResultRow>(
  engine: EngineProcess,
  sql: string,
  ...values: string[]
): Promise<Row[]> {
  const running = engine.running();
  if (running === null) throw new Error("no engine runs there");
  const client = new Client({
    connectionString: labUrl("postgres", running.port, "rdsadmin"),
    connectionTimeoutMillis: 3_000,
    query_timeout: 70_000,
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error("the engine answered without a row");
  return row;
}
