import { chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { type LabNode, labPasswords, labUrl, type PostgresServer } from "./lab-server.ts";
import { type PostgresBinaries, type PostgresMajor, postgresBinaries } from "./postgres-binaries.ts";
import { endPostmaster, type Postmaster, quitPostmaster, startPostmaster } from "./postgres-process.ts";
import { rdsSettings } from "./postgres-rds.ts";
import { postgresTemplate } from "./postgres-template.ts";
import { makeServerDirectory, removeServerDirectory } from "./server-directory.ts";
import { serverIdentity } from "./server-identity.ts";
import { copyContent } from "./template-cache.ts";
import { waitUntil } from "./wait-until.ts";

export type { PostgresServer } from "./lab-server.ts";

export interface StartPostgresOptions {
  readonly major: PostgresMajor;
  readonly maxConnections?: number;
  /** As `postgres -c name=value`; replicas get the same, because a standby refuses to run with less than its primary. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  /** Of that major, with an extension that the lab's own have not. */
  readonly binaries?: PostgresBinaries;
  /** Where to put the data instead of memory, for example a small file system to fill. */
  readonly dataRoot?: string;
}

interface Plan {
  readonly binaries: PostgresBinaries;
  readonly template: string;
  readonly directory: string;
  readonly settings: Readonly<Record<string, string>>;
}

interface RunningNode {
  readonly node: LabNode;
  readonly postmaster: Postmaster;
}

/** A real PostgreSQL with its replicas streaming. Rejects when no binaries of this major can be had. */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  const { major, maxConnections = 100, replicas = 0 } = options;
  const binaries = options.binaries ?? (await postgresBinaries(major));
  const template = await postgresTemplate(major, binaries);
  const directory = makeServerDirectory(`postgres-${major}`, options.dataRoot);
  const settings = { ...rdsSettings(major), max_connections: String(maxConnections), ...options.settings };
  const plan: Plan = { binaries, template, directory, settings };
  const running: RunningNode[] = [];
  try {
    const primary = await startNode(plan, "primary");
    running.push(primary);
    running.push(...(await startReplicas(plan, primary.node, replicas)));
    return assemble(plan, primary, running);
  } catch (error) {
    await endAll(running, quitPostmaster, directory);
    throw error;
  }
}

function assemble(plan: Plan, primary: RunningNode, running: readonly RunningNode[]): PostgresServer {
  return {
    ...primary.node,
    engine: "postgres",
    version: plan.binaries.version,
    source: plan.binaries.source,
    database: "app",
    replicas: running.slice(1).map(({ node }) => node),
    stop: () => endAll(running, endPostmaster, plan.directory),
    stopNow: () => endAll(running, quitPostmaster, plan.directory),
  };
}

/** Replicas first: a primary's shutdown waits until its receivers have everything. */
async function endAll(
  running: readonly RunningNode[],
  end: (postmaster: Postmaster) => Promise<void>,
  directory: string,
): Promise<void> {
  await Promise.all(running.slice(1).map(({ postmaster }) => end(postmaster)));
  if (running[0]) await end(running[0].postmaster);
  removeServerDirectory(directory);
}

async function startNode(
  { binaries, template, directory, settings }: Plan,
  name: string,
  primary?: LabNode,
): Promise<RunningNode> {
  const dataDir = join(directory, name);
  await copyContent(template, dataDir);
  if (primary) markStandby(dataDir);
  const postmaster = await startPostmaster({
    binaries,
    directory,
    dataDir,
    settings: primary ? { ...settings, primary_conninfo: connectionInfo(primary, name) } : settings,
  });
  const node: LabNode = {
    port: postmaster.port,
    pid: postmaster.process.pid,
    dataDir,
    logFile: postmaster.process.logFile,
    masterUrl: labUrl("postgres", postmaster.port, "admin"),
    adminUrl: labUrl("postgres", postmaster.port, "rdsadmin"),
    stop: () => endPostmaster(postmaster),
  };
  return { node, postmaster };
}

/** No base backup: the template is the primary's own first state, and wal_keep_size keeps what it wrote since. */
async function startReplicas(plan: Plan, primary: LabNode, count: number): Promise<RunningNode[]> {
  const names = Array.from({ length: count }, (_, index) => `replica_${index + 1}`);
  const started = await Promise.allSettled(names.map((name) => startNode(plan, name, primary)));
  const nodes = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  try {
    const failed = started.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    if (count > 0) await untilStreaming(primary, count);
    return nodes;
  } catch (error) {
    await Promise.all(nodes.map(({ postmaster }) => quitPostmaster(postmaster)));
    throw error;
  }
}

function markStandby(dataDir: string): void {
  const signalFile = join(dataDir, "standby.signal");
  const identity = serverIdentity();
  writeFileSync(signalFile, "");
  if (identity) chownSync(signalFile, identity.uid, identity.gid);
}

function connectionInfo(primary: LabNode, name: string): string {
  const login = `user=rdsrepladmin password=${labPasswords.rdsrepladmin}`;
  return `host=127.0.0.1 port=${primary.port} ${login} application_name=${name}`;
}

async function untilStreaming(primary: LabNode, count: number): Promise<void> {
  const client = new Client({ connectionString: primary.adminUrl });
  await client.connect();
  try {
    await waitUntil(
      async () => {
        const result = await client.query("select 1 from pg_stat_replication where state = 'streaming'");
        return result.rowCount === count;
      },
      { what: `${count} replicas stream` },
    );
  } finally {
    await client.end();
  }
}
