import { type Answer, errorAnswer } from "../api/aws-call.ts";
import { firstElement, textOf } from "../api/xml-blocks.ts";
import { vacantNode } from "../engines/vacant-node.ts";
import type { Database } from "../world/database.ts";
import { openDatabase } from "../world/register.ts";
import { makeReplica } from "../world/topology.ts";
import {
  answerWithInstance,
  busy,
  identifierOf,
  named,
  parameter,
  type RdsCall,
  type RdsHandler,
} from "./rds-call.ts";

/** moto would make it of the source's own record, resource id and all; here it is an instance of its own. */
export const createDBInstanceReadReplica: RdsHandler = async (rds) => {
  const { world, call, neverFinishes } = rds;
  const source = named(rds, "SourceDBInstanceIdentifier");
  const wanted = parameter(rds, "SourceDBInstanceIdentifier") ?? "";
  if (source === null) return answerWithInstance(rds, identifierOf(wanted));
  const refusal =
    busy(rds, source, "backing-up", "storage-optimization") ?? withoutBackups(rds, await record(rds, source));
  if (refusal !== null) return refusal;
  const id = identifierOf(parameter(rds, "DBInstanceIdentifier") ?? "");
  const answer = await tellMoto(rds, source, id);
  if (answer.status >= 300) return answer;
  const { parameterGroup } = source;
  const database = await openDatabase(world, {
    id,
    node: vacantNode(id),
    source,
    parameterGroup,
    ...world.place(),
  });
  await database.doors.running(false);
  world.begin({
    operation: call.operation,
    databases: [database],
    status: "creating",
    takesMs: world.delays.createMs,
    neverFinishes,
    told: { category: "creation", done: "DB instance created" },
    work: async () => {
      database.node = await makeReplica(world, id, source);
      await database.doors.running(true);
    },
  });
  return answerWithInstance(rds, id);
};

async function record({ world }: RdsCall, { id }: Database): Promise<string> {
  const described = await world.moto.must("rds", "DescribeDBInstances", { DBInstanceIdentifier: id });
  return firstElement(described, "DBInstance") ?? "";
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Create.html: "automatic backups" first. */
function withoutBackups({ call }: RdsCall, source: string): Answer | null {
  if (textOf(source, "BackupRetentionPeriod") !== "0") return null;
  const message = "Automated backups are not enabled for this database instance";
  return errorAnswer(call, 400, "InvalidDBInstanceState", message);
}

const copied = [
  "Engine",
  "EngineVersion",
  "DBInstanceClass",
  "AllocatedStorage",
  "StorageType",
  "MasterUsername",
];
const notOfAnInstance =
  /^(Action|Version|SourceDBInstanceIdentifier|PreSignedUrl|ReplicaMode|UpgradeStorageConfig)$/;

async function tellMoto(rds: RdsCall, source: Database, id: string): Promise<Answer> {
  const xml = await record(rds, source);
  const inherited = copied.flatMap((name) => {
    const value = textOf(xml, name);
    return value === null ? [] : [[name, value] as const];
  });
  const groups = [...xml.matchAll(/<VpcSecurityGroupId>([^<]+)</g)].map(
    ([, group = ""], index) => [`VpcSecurityGroupIds.VpcSecurityGroupId.${index + 1}`, group] as const,
  );
  const asked = [...rds.call.params].filter(([name]) => !notOfAnInstance.test(name));
  return rds.world.moto.ask("rds", "CreateDBInstance", {
    ...Object.fromEntries([...inherited, ...groups]),
    ...{
      MasterUserPassword: "of-the-source",
      DBParameterGroupName: source.parameterGroup,
      BackupRetentionPeriod: "0",
    },
    ...Object.fromEntries(asked),
    DBInstanceIdentifier: id,
  });
}
