import { waitUntil } from "../../engines/wait-until.ts";
import { answerWithInstance, busy, invalidState, named, parameter, type RdsHandler } from "./rds-call.ts";

/** Other replicas go on following the old source, as on RDS: each is its own copy. */
export const promoteReadReplica: RdsHandler = async (rds) => {
  const { world, call, neverFinishes } = rds;
  const database = named(rds);
  // moto fails on a name that it does not know; asked to describe it, it says so.
  if (database === null) return answerWithInstance(rds, parameter(rds, "DBInstanceIdentifier") ?? "");
  const refusal = busy(rds, database);
  if (refusal !== null) return refusal;
  if (database.source === null)
    return invalidState(call, `DB Instance ${database.id} is not a read replica.`);
  const backups = [...call.params].filter(([name]) =>
    /^(BackupRetentionPeriod|PreferredBackupWindow)$/.test(name),
  );
  if (backups.length > 0) {
    const changed = { DBInstanceIdentifier: database.id, ...Object.fromEntries(backups) };
    const answer = await world.moto.ask("rds", "ModifyDBInstance", changed);
    if (answer.status >= 300) return answer;
  }
  world.begin({
    operation: call.operation,
    databases: [database],
    status: "modifying",
    takesMs: world.delays.promoteMs,
    neverFinishes,
    told: {
      category: "read replica",
      done: "Promoted read replica instance to a stand-alone database instance",
    },
    work: async () => {
      // One that crashes meanwhile is started by RDS, and the promotion gone on with.
      await waitUntil(() => database.node.pid() !== null, { what: `${database.id} runs`, timeoutMs: 30_000 });
      await database.node.promote();
      database.source = null;
      database.replicating = null;
    },
  });
  return answerWithInstance(rds, database.id);
};
