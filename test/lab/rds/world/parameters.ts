import type { Database } from "./database.ts";
import type { World } from "./world.ts";

/** What the groups of this database say; the instance's over the cluster's. */
export function parametersOf({ groups, clusters }: World, database: Database): Map<string, string> {
  const cluster = clusters.get(database.clusterId ?? "");
  const own = groups.get(database.parameterGroup) ?? new Map<string, string>();
  const shared = groups.get(cluster?.parameterGroup ?? "") ?? new Map<string, string>();
  // RDS works formulas out from the memory of the class; there is no such class here.
  return new Map([...shared, ...own].filter(([, value]) => !value.includes("{")));
}

export async function applyParameters(world: World, database: Database): Promise<void> {
  const parameters = parametersOf(world, database);
  const waiting = await database.node.configure(parameters);
  await database.standby?.configure(parameters);
  database.groupStatus = waiting.length > 0 ? "pending-reboot" : "in-sync";
}

/** A restart: whatever waited for one is in force. */
export async function restart(world: World, database: Database): Promise<void> {
  const { node } = database;
  await node.stop("clean");
  await node.configure(parametersOf(world, database));
  await node.start();
  database.groupStatus = "in-sync";
}
