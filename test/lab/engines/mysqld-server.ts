import { join } from "node:path";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { type LabNode, type LabServer, labUrl } from "./lab-server.ts";
import { startReplication } from "./mysql-rds.ts";
import type { MysqldBinaries } from "./mysqld-binaries.ts";
import { killMysqld, type RunningMysqld, startMysqld } from "./mysqld-process.ts";
import { makeServerDirectory, removeServerDirectory } from "./server-directory.ts";
import { copyContent } from "./template-cache.ts";
import { waitUntil } from "./wait-until.ts";

export interface StartMysqldOptions {
  readonly maxConnections?: number;
  /** As `--name=value`; replicas get the same. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly replicas?: 0 | 1;
  /** Where to put the data instead of memory, for example a small file system to fill. */
  readonly dataRoot?: string;
}

export interface Product<E extends "mysql" | "mariadb"> {
  readonly engine: E;
  readonly binaries: MysqldBinaries;
  readonly template: string;
  readonly settings: Readonly<Record<string, string>>;
}

interface RunningNode {
  readonly node: LabNode;
  readonly mysqld: RunningMysqld;
}

type Engine = "mysql" | "mariadb";

/** Starts a copy of the template, and a replica of it when asked, both with their own server id. */
export async function startFromTemplate<E extends Engine>(
  product: Product<E>,
  options: StartMysqldOptions,
): Promise<LabServer<E>> {
  const directory = makeServerDirectory(product.engine, options.dataRoot);
  const running: RunningNode[] = [];
  const stop = async () => {
    await Promise.all(running.map(({ mysqld }) => killMysqld(mysqld)));
    removeServerDirectory(directory);
  };
  try {
    const primary = await startNode(product, options, directory, 1);
    running.push(primary);
    if (options.replicas === 1) {
      const replica = await startNode(product, options, directory, 2);
      running.push(replica);
      await replicate(product.engine, primary.node, replica.node);
    }
    return {
      ...primary.node,
      engine: product.engine,
      version: product.binaries.version,
      source: product.binaries.source,
      database: "app",
      replicas: running.slice(1).map(({ node }) => node),
      stop,
      stopNow: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startNode<E extends Engine>(
  { engine, binaries, template, settings }: Product<E>,
  options: StartMysqldOptions,
  directory: string,
  serverId: number,
): Promise<RunningNode> {
  const dataDir = join(directory, serverId === 1 ? "primary" : "replica_1");
  await copyContent(template, dataDir);
  const mysqld = await startMysqld({
    binaries,
    directory,
    dataDir,
    settings: {
      ...settings,
      "server-id": String(serverId),
      "read-only": serverId === 1 ? "OFF" : "ON",
      "max-connections": String(options.maxConnections ?? 151),
      ...options.settings,
    },
    readyUrl: (port) => labUrl(engine, port, "rdsadmin"),
  });
  const node: LabNode = {
    port: mysqld.port,
    pid: mysqld.process.pid,
    dataDir,
    logFile: mysqld.process.logFile,
    masterUrl: labUrl(engine, mysqld.port, "admin"),
    adminUrl: labUrl(engine, mysqld.port, "rdsadmin"),
    stop: () => killMysqld(mysqld),
  };
  return { node, mysqld };
}

async function replicate(engine: Engine, primary: LabNode, replica: LabNode): Promise<void> {
  const connection = await createConnection({ uri: replica.adminUrl });
  try {
    for (const statement of startReplication(engine, primary.port)) await connection.query(statement);
    await waitUntil(
      async () => {
        const [rows] = await connection.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        const status = rows[0];
        const receiver = status?.["Replica_IO_Running"] ?? status?.["Slave_IO_Running"];
        const applier = status?.["Replica_SQL_Running"] ?? status?.["Slave_SQL_Running"];
        return receiver === "Yes" && applier === "Yes";
      },
      { what: "both replication threads run" },
    );
  } finally {
    await connection.end();
  }
}
