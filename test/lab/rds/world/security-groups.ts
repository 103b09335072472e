import type { Database } from "./database.ts";
import type { World } from "./world.ts";

/** Calls of EC2 after which somebody may be let in or kept out. */
export function changesSecurity(operation: string): boolean {
  return /SecurityGroup(Ingress|Rules)?$/.test(operation) && !operation.startsWith("Describe");
}

/**
 * Lets clients through to a database when one of its groups has a rule for its port, or for the engine's usual one, and
 * cuts them off otherwise, those that are connected too. Where a client comes from is not compared: all are local.
 */
export async function applySecurityGroups(world: World, database: Database): Promise<void> {
  const described = await world.moto.must("rds", "DescribeDBInstances", {
    DBInstanceIdentifier: database.id,
  });
  const ids = [...described.matchAll(/<VpcSecurityGroupId>([^<]+)</g)].map(([, id = ""]) => id);
  const open = await Promise.all(ids.map((id) => opens(world, id, database.endpoint.port)));
  database.doors.bar("security groups", ids.length > 0 && !open.includes(true));
}

async function opens({ moto, kind }: World, group: string, port: number): Promise<boolean> {
  const answer = await moto.ask("ec2", "DescribeSecurityGroups", { "GroupId.1": group });
  const rules = /<ipPermissions>([\s\S]*?)<\/ipPermissions>/.exec(answer.body.toString())?.[1] ?? "";
  const usual = kind.engine === "postgres" ? 5432 : 3306;
  return [...rules.matchAll(rule)].some(([, protocol, from, to]) => {
    if (protocol === "-1") return true;
    const covers = (one: number) => Number(from) <= one && one <= Number(to);
    return protocol === "tcp" && (covers(port) || covers(usual));
  });
}

const rule =
  /<ipProtocol>([^<]*)<\/ipProtocol>(?:\s*<fromPort>(\d+)<\/fromPort>\s*<toPort>(\d+)<\/toPort>)?/g;

/** The group of every database of the lab, which lets everybody in until somebody takes its rule away. */
export async function createSecurityGroup({ moto }: World, name: string): Promise<string> {
  const described = { GroupName: `${name}-clients`, GroupDescription: "clients of the lab" };
  const made = await moto.must("ec2", "CreateSecurityGroup", described);
  const id = /<groupId>([^<]+)</.exec(made)?.[1] ?? "";
  await moto.must("ec2", "AuthorizeSecurityGroupIngress", {
    ...{ GroupId: id, "IpPermissions.1.IpProtocol": "tcp" },
    ...{ "IpPermissions.1.FromPort": "1024", "IpPermissions.1.ToPort": "65535" },
    "IpPermissions.1.IpRanges.1.CidrIp": "127.0.0.0/8",
  });
  return id;
}
