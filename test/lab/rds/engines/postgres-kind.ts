import { join } from "node:path";
import { Client } from "pg";
import { labUrl } from "../../engines/lab-server.ts";
import { type PostgresMajor, postgresBinaries } from "../../engines/postgres-binaries.ts";
import { rdsSettings } from "../../engines/postgres-rds.ts";
import { postgresTemplate } from "../../engines/postgres-template.ts";
import { copyContent } from "../../engines/template-cache.ts";
import type { EngineKind, EngineNode, NodeWatch } from "./engine-node.ts";
import { copyRunning, includeSettings, markStandby, writeLabel } from "./postgres-files.ts";
import { createPostgresNode } from "./postgres-node.ts";

/** Where a lab's engines live, and who hears of their starts and ends. */
export interface KindOptions {
  readonly directory: string;
  readonly watch: NodeWatch;
}

/** A broken network, and its mending, are noticed within seconds. */
const impatient = { wal_receiver_timeout: "5s", wal_retrieve_retry_interval: "250ms" } as const;

export async function postgresKind(
  major: PostgresMajor,
  { directory, watch }: KindOptions,
): Promise<EngineKind> {
  const binaries = await postgresBinaries(major);
  const template = await postgresTemplate(major, binaries);
  const base = {
    ...rdsSettings(major),
    max_connections: "100",
    log_connections: "off",
    ...impatient,
  };
  const make = (name: string) => {
    const dataDir = join(directory, name);
    return createPostgresNode({ name, binaries, directory, dataDir, base, watch });
  };
  return {
    engine: "postgres",
    version: binaries.version,
    source: binaries.source,
    primary: async (name) => {
      const node = make(name);
      await copyContent(template, node.dataDir);
      includeSettings(node.dataDir);
      await node.start();
      return node;
    },
    replica: async (name, of, sourcePort) => {
      const node = make(name);
      await backUp(of, node.dataDir);
      await node.follow(sourcePort);
      await node.start();
      return node;
    },
  };
}

/** https://www.postgresql.org/docs/17/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP */
async function backUp(of: EngineNode, dataDir: string): Promise<void> {
  const port = of.port();
  if (port === null) throw new Error(`${of.name} does not run, and a replica is made of a running engine`);
  const client = new Client({ connectionString: labUrl("postgres", port, "rdsadmin") });
  await client.connect();
  try {
    const { rows: version } = await client.query<{ now: number }>(
      "select current_setting('server_version_num')::int as now",
    );
    const old = (version[0]?.now ?? 0) < 150_000;
    await client.query(
      old ? "select pg_start_backup('lab', true, false)" : "select pg_backup_start('lab', true)",
    );
    await copyRunning(of.dataDir, dataDir);
    const { rows } = await client.query<{ labelfile: string }>(
      old
        ? "select labelfile from pg_stop_backup(false, false)"
        : "select labelfile from pg_backup_stop(false)",
    );
    writeLabel(dataDir, rows[0]?.labelfile ?? "");
    markStandby(dataDir);
  } finally {
    await client.end();
  }
}
