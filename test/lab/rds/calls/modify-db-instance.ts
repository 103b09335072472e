import { type Answer, errorAnswer } from "../api/aws-call.ts";
import type { Database } from "../world/database.ts";
import { addStandby } from "../world/handover.ts";
import { restart } from "../world/parameters.ts";
import { applySecurityGroups } from "../world/security-groups.ts";
import type { Change, World } from "../world/world.ts";
import { answerWithInstance, busy, named, parameter, type RdsCall, type RdsHandler } from "./rds-call.ts";

/** Wait for the maintenance window unless ApplyImmediately is said, and take a while even then. */
const deferred = [
  ...["DBInstanceClass", "AllocatedStorage", "StorageType", "Iops", "StorageThroughput", "MultiAZ"],
  ...["EngineVersion", "NewDBInstanceIdentifier"],
];
const storage = ["AllocatedStorage", "StorageType", "Iops", "StorageThroughput"];

export const modifyDBInstance: RdsHandler = async (rds) => {
  const { world } = rds;
  const database = named(rds);
  if (database === null) return world.moto.pass(rds.call);
  const refusal = busy(rds, database) ?? (await nameTaken(rds));
  if (refusal !== null) return refusal;
  const answer = await modifyAtOnce(rds, database);
  if (answer.status >= 300) return answer;
  for (const name of deferred) {
    const value = parameter(rds, name);
    if (value !== null) database.pending.set(pendingName(name), value);
  }
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html: what waited comes too.
  if (parameter(rds, "ApplyImmediately") === "true" && database.pending.size > 0) begin(rds, database);
  return answerWithInstance(rds, database.id);
};

function pendingName(name: string): string {
  return name === "NewDBInstanceIdentifier" ? "DBInstanceIdentifier" : name;
}

async function nameTaken(rds: RdsCall): Promise<Answer | null> {
  const wanted = parameter(rds, "NewDBInstanceIdentifier");
  if (wanted === null) return null;
  const { status } = await rds.world.moto.ask("rds", "DescribeDBInstances", { DBInstanceIdentifier: wanted });
  return status < 300
    ? errorAnswer(rds.call, 400, "DBInstanceAlreadyExists", "DB instance already exists")
    : null;
}

async function modifyAtOnce({ world, call }: RdsCall, database: Database): Promise<Answer> {
  const atOnce = [...call.params].filter(([name]) => !deferred.includes(name));
  const answer = await world.moto.ask("rds", "ModifyDBInstance", Object.fromEntries(atOnce));
  if (answer.status >= 300) return answer;
  const group = call.params.get("DBParameterGroupName");
  if (group !== undefined && group !== database.parameterGroup) {
    database.parameterGroup = group;
    database.groupStatus = "pending-reboot";
  }
  await applySecurityGroups(world, database);
  return answer;
}

function begin({ world, call, neverFinishes }: RdsCall, database: Database): void {
  const changes = new Map(database.pending);
  world.begin({
    operation: call.operation,
    databases: [database],
    status: changes.has("DBInstanceIdentifier") ? "renaming" : "modifying",
    takesMs: world.delays.modifyMs,
    neverFinishes,
    ...(changes.has("DBInstanceClass") ? { told: classChanged } : {}),
    work: async () => {
      await carryOut({ world, call, neverFinishes }, database, changes);
      for (const name of changes.keys()) database.pending.delete(name);
    },
    next: () => (storage.some((name) => changes.has(name)) ? optimizing(world, database) : null),
  });
}

const classChanged = {
  category: "configuration change",
  begun: "Applying modification to database instance class",
  done: "Finished applying modification to DB instance class",
} as const;

/** A change of the class or the version restarts the engine; storage grows beside it, and a name is only a name. */
async function carryOut(
  { world }: RdsCall,
  database: Database,
  changes: ReadonlyMap<string, string>,
): Promise<void> {
  if (changes.has("DBInstanceClass") || changes.has("EngineVersion")) await restart(world, database);
  if (changes.get("MultiAZ") === "true" && database.standby === null) await addStandby(world, database);
  if (changes.get("MultiAZ") === "false" && database.standby !== null) {
    await database.standby.remove();
    database.standby = null;
  }
  const { DBInstanceIdentifier: renamed, ...rest } = Object.fromEntries(changes);
  await world.moto.must("rds", "ModifyDBInstance", {
    ...rest,
    ...{ DBInstanceIdentifier: database.id, ApplyImmediately: "true" },
    ...(renamed === undefined ? {} : { NewDBInstanceIdentifier: renamed }),
  });
  if (renamed !== undefined) {
    world.databases.delete(database.id);
    database.id = renamed.toLowerCase();
    world.databases.set(database.id, database);
  }
}

/** RDS goes on optimizing for a while, during which the database works and refuses the next change of storage. */
function optimizing({ delays }: World, database: Database): Change {
  return {
    operation: "storage optimization",
    databases: [database],
    status: "storage-optimization",
    told: { category: "configuration change", done: "Finished applying modification to allocated storage" },
    takesMs: delays.optimizeMs,
    neverFinishes: false,
    work: async () => undefined,
  };
}
