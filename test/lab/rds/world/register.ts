import { randomBytes } from "node:crypto";
import { changeTag } from "../../../../functions/core/policy/opt-in.ts";
import { labPasswords } from "../../engines/lab-server.ts";
import type { EngineNode } from "../engines/engine-node.ts";
import { createDoors } from "../network/doors.ts";
import type { Database } from "./database.ts";
import type { World } from "./world.ts";

export const instanceClass = "db.m7g.large";

export interface NewDatabase {
  readonly id: string;
  readonly node: EngineNode;
  readonly source?: Database;
  readonly clusterId?: string;
  readonly parameterGroup: string;
  readonly host?: string;
  readonly port?: number;
}

/** The address of a database, before or after moto knows it. */
export async function openDatabase(world: World, made: NewDatabase): Promise<Database> {
  const { id, node, clusterId = null, source = null, parameterGroup, host, port } = made;
  const doors = createDoors(() => database.node.port());
  const place = { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
  const database: Database = {
    ...{ id, node, clusterId, source, parameterGroup, doors },
    resourceId: `db-${randomBytes(13).toString("hex").toUpperCase()}`,
    endpoint: await doors.open("endpoint", place),
    ...{ standby: null, status: null, pending: new Map(), groupStatus: "in-sync", replicating: null },
  };
  world.databases.set(id, database);
  return database;
}

/** The port on which `replica` hears `source`, whatever engine stands for it. */
export async function replicationPort(source: Database, replica: string): Promise<number> {
  return (await source.doors.open(`replica:${replica}`, { use: "replication" })).port;
}

/** How RDS names the engine. */
export function engineName(world: World, aurora: boolean): string {
  const { engine } = world.kind;
  if (!aurora) return engine;
  return engine === "postgres" ? "aurora-postgresql" : "aurora-mysql";
}

export function masterLogin(): Record<string, string> {
  return { MasterUsername: "admin", MasterUserPassword: labPasswords.admin };
}

export function tagParameters(tags: Readonly<Record<string, string>> = {}): Record<string, string> {
  const all = Object.entries({ [changeTag.key]: changeTag.value, lab: "yes", ...tags });
  return Object.fromEntries(
    all.flatMap(([key, value], index) => [
      [`Tags.Tag.${index + 1}.Key`, key],
      [`Tags.Tag.${index + 1}.Value`, value],
    ]),
  );
}

/** Tells moto of an instance of RDS. */
export async function registerInstance(
  world: World,
  database: Database,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { id, clusterId, parameterGroup } = database;
  const own: Record<string, string> =
    clusterId === null
      ? {
          ...masterLogin(),
          AllocatedStorage: "100",
          StorageType: "gp3",
          BackupRetentionPeriod: "7",
          DBName: "app",
        }
      : { DBClusterIdentifier: clusterId };
  await world.moto.must("rds", "CreateDBInstance", {
    ...{ DBInstanceIdentifier: id, DBInstanceClass: instanceClass, DBParameterGroupName: parameterGroup },
    ...{ Engine: engineName(world, clusterId !== null), EngineVersion: world.kind.version },
    ...own,
    ...tagParameters(),
    ...more,
  });
}
