import { labPasswords } from "../../engines/lab-server.ts";
import type { Database } from "./database.ts";
import type { World } from "./world.ts";

/** A database as the lab tells of it; `pid` is null while its engine does not run. */
export interface Listed {
  readonly id: string;
  readonly role: "writer" | "reader";
  readonly host: string;
  readonly port: number;
  readonly pid: number | null;
  readonly user: "admin";
  readonly password: string;
}

export function listed(world: World): readonly Listed[] {
  return [...world.databases.values()].map((database) => ({
    id: database.id,
    role: isWriter(world, database) ? "writer" : "reader",
    host: database.endpoint.host,
    port: database.endpoint.port,
    pid: database.node.pid(),
    user: "admin",
    password: labPasswords.admin,
  }));
}

/** Of a cluster the member that writes, otherwise whoever follows nobody. */
export function isWriter({ clusters }: World, database: Database): boolean {
  const cluster = clusters.get(database.clusterId ?? "");
  return cluster === undefined ? database.source === null : cluster.writer === database;
}
