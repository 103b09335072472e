import { answerWithInstance, busy, named, type RdsHandler } from "./rds-call.ts";

/** Replicas of what is deleted go on as databases of their own, as on RDS. */
export const deleteDBInstance: RdsHandler = async (rds) => {
  const { world, call } = rds;
  const database = named(rds);
  if (database === null) return world.moto.pass(call);
  const refusal = busy(rds, database, "failed", "storage-optimization");
  if (refusal !== null) return refusal;
  database.status = "deleting";
  const told = await answerWithInstance(rds, database.id);
  const answer = await world.moto.pass(call);
  database.status = null;
  if (answer.status >= 300) return answer;
  world.databases.delete(database.id);
  world.begin({
    operation: call.operation,
    databases: [],
    status: "deleting",
    takesMs: 0,
    neverFinishes: false,
    work: async () => {
      for (const replica of world.databases.values()) {
        if (replica.source !== database) continue;
        await replica.node.promote();
        replica.source = null;
      }
      await database.doors.close();
      await database.standby?.remove();
      await database.node.remove();
    },
  });
  return told;
};
