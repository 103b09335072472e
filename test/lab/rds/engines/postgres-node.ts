import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Client, type QueryResultRow } from "pg";
import { labPasswords, labUrl } from "../../engines/lab-server.ts";
import type { PostgresBinaries } from "../../engines/postgres-binaries.ts";
import { startPostmaster } from "../../engines/postgres-process.ts";
import { waitUntil } from "../../engines/wait-until.ts";
import type { EngineNode, EngineParameter, EngineSample, NodeWatch } from "./engine-node.ts";
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
  const { name, binaries, directory, dataDir, watch } = options;
  const launch = () => startPostmaster({ binaries, directory, dataDir, settings: {} });
  const engine = createEngineProcess(launch, () => watch.changed(node));
  const life = lifeOf(options, engine);
  const node: EngineNode = { name, dataDir, ...life, ...questionsTo(engine) };
  return node;
}

type Life = "pid" | "port" | "start" | "stop" | "signal" | "promote" | "follow" | "configure" | "remove";

function lifeOf(options: PostgresNodeOptions, engine: EngineProcess): Pick<EngineNode, Life> {
  const { name, dataDir } = options;
  const settings = createSettings(options);
  return {
    pid: () => engine.running()?.process.pid ?? null,
    port: () => engine.running()?.port ?? null,
    start: async () => {
      settings.save();
      await engine.start();
    },
    stop: (how) => end(engine, how),
    signal: (signal) => engine.signal(signal),
    promote: async () => {
      await ask(engine, "select pg_promote(true, 60)");
      await waitUntil(async () => !(await isStandby(engine)), { what: `${name} is promoted` });
      settings.save({ source: null });
    },
    follow: async (source) => {
      markStandby(dataDir);
      settings.save({ source });
      if (engine.running() !== null) await ask(engine, "select pg_reload_conf()");
    },
    configure: async (parameters) => {
      settings.save({ parameters });
      return engine.running() === null ? [...parameters.keys()] : reload(engine);
    },
    remove: async () => {
      await end(engine, "now");
      // A kill, by whomever, leaves shared memory behind that only the next start on this directory finds.
      if (existsSync(join(dataDir, "postmaster.pid"))) await engine.start().catch(() => undefined);
      await end(engine, "now");
      for (const file of [dataDir, `${dataDir}.log`]) rmSync(file, { recursive: true, force: true });
    },
  };
}

interface Settings {
  readonly parameters: ReadonlyMap<string, string>;
  /** The port that it follows. */
  readonly source: number | null;
}

/** What no parameter group says, what one does, and whom it follows, in the one file that a reload reads. */
function createSettings({ name, dataDir, base }: PostgresNodeOptions) {
  let current: Settings = { parameters: new Map(), source: null };
  return {
    save: (next: Partial<Settings> = {}): void => {
      current = { ...current, ...next };
      const { parameters, source } = current;
      const following = source === null ? [] : [["primary_conninfo", connectionInfo(source, name)] as const];
      writeSettings(dataDir, new Map([...Object.entries(base), ...parameters, ...following]));
    },
  };
}

/** Immediate shutdown is a crash that cleans its shared memory up; a replica that does not read holds up the other. */
async function end(engine: EngineProcess, how: "clean" | "now"): Promise<void> {
  const quit = { signal: "SIGQUIT", waitMs: 15_000 } as const;
  await (how === "clean" ? engine.end({ signal: "SIGINT", waitMs: 8_000 }, quit) : engine.end(quit));
}

function questionsTo(engine: EngineProcess): Omit<EngineNode, Life | "name" | "dataDir"> {
  return {
    parameterKind: async (parameter) => {
      const sql = "select context from pg_settings where name = $1";
      const [row] = await ask<{ context: string }>(engine, sql, parameter);
      return row === undefined ? null : row.context === "postmaster" ? "static" : "dynamic";
    },
    parameters: () => ask<EngineParameter & { dynamic: boolean }>(engine, parametersSql),
    position: async () =>
      one(await ask<{ at: string }>(engine, "select pg_current_wal_flush_lsn()::text as at")).at,
    reached: async (position) => {
      const sql =
        "select coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, not pg_is_in_recovery()) as reached";
      return one(await ask<{ reached: boolean }>(engine, sql, position)).reached;
    },
    sample: () => sample(engine),
  };
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

/** In the unit that the setting counts in, as a parameter group has it. */
const parametersSql = `select name, coalesce(setting, '') as value, context <> 'postmaster' as dynamic
  from pg_settings where context <> 'internal' order by name`;

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
