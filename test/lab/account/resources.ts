import * as z from "zod";
import type { DeployConfig, NetworkConfig } from "../../../lib/deploy-config.ts";
import { responderPassword } from "../demo/database.ts";
import type { LabServer } from "../engines/lab-server.ts";
import { dana } from "../slack/server.ts";
import type { AwsCalls } from "./aws-calls.ts";

/** A database of the account, and what stands behind it. */
export interface AccountDatabase {
  readonly name: string;
  readonly server: LabServer;
  /** What the responder may do about it, as its tag says. */
  readonly mode: "approve" | "auto" | "observe";
}

export interface Secrets {
  readonly slackName: string;
  readonly probeArn: string;
  readonly actArn: string;
}

const anything = z.unknown();

/** One secret for Slack, and one for each of the two database users. */
export async function createSecrets(
  { call }: AwsCalls,
  slack: { readonly botToken: string; readonly signingSecret: string },
): Promise<Secrets> {
  const create = async (name: string, value: object): Promise<string> => {
    const parameters = { Name: name, SecretString: JSON.stringify(value) };
    const created = z.object({ ARN: z.string() });
    return (await call({ service: "secretsmanager", operation: "create_secret", parameters }, created)).ARN;
  };
  const password = responderPassword;
  const slackName = "rds-responder/slack";
  await create(slackName, slack);
  return {
    slackName,
    probeArn: await create("rds-responder/looks", { username: "rds_responder", password }),
    actArn: await create("rds-responder/acts", { username: "rds_responder_act", password }),
  };
}

/** Security groups for the databases and for the endpoint of Secrets Manager, in the account's default VPC. */
export async function createNetwork(
  { call }: AwsCalls,
  databases: readonly AccountDatabase[],
): Promise<NetworkConfig> {
  const ec2 = <T>(operation: string, parameters: object, schema: z.ZodType<T>) =>
    call({ service: "ec2", operation, parameters: { ...parameters } }, schema);
  const vpcs = await ec2(
    "describe_vpcs",
    {},
    z.object({ Vpcs: z.array(z.object({ VpcId: z.string() })).min(1) }),
  );
  const vpcId = vpcs.Vpcs[0]?.VpcId ?? "";
  const subnet = z.object({ SubnetId: z.string(), AvailabilityZone: z.string() });
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const { Subnets } = await ec2(
    "describe_subnets",
    { Filters },
    z.object({ Subnets: z.array(subnet).min(1) }),
  );
  const group = async (GroupName: string): Promise<string> => {
    const parameters = { GroupName, Description: GroupName, VpcId: vpcId };
    return (await ec2("create_security_group", parameters, z.object({ GroupId: z.string() }))).GroupId;
  };
  const securityGroupId = await group("databases");
  return {
    vpcId,
    availabilityZones: Subnets.map(({ AvailabilityZone }) => AvailabilityZone),
    privateSubnetIds: Subnets.map(({ SubnetId }) => SubnetId),
    databases: databases.map(({ server }) => ({ securityGroupId, port: server.port })),
    secretsEndpointSecurityGroupId: await group("secrets-endpoint"),
    nameServers: [],
  };
}

/** The address that RDS tells of an instance is then 127.0.0.1 with the port of its server. */
export async function createInstances(
  { call }: AwsCalls,
  databases: readonly AccountDatabase[],
): Promise<void> {
  for (const { name, server, mode } of databases) {
    const parameters = {
      DBInstanceIdentifier: name,
      DBInstanceClass: "db.r7g.large",
      Engine: server.engine,
      EngineVersion: server.version,
      Port: server.port,
      DBName: server.database,
      AllocatedStorage: 20,
      MasterUsername: "admin",
      MasterUserPassword: "never-used-here",
      Tags: [{ Key: "rds-responder:mode", Value: mode }],
    };
    await call({ service: "rds", operation: "create_db_instance", parameters }, anything);
  }
}

/** The deployment that is tried: everything of it is the stack's, only the values are the account's. */
export function deployConfig(
  network: NetworkConfig,
  secrets: Secrets,
  lab: { readonly slackUrl: string; readonly authority: string },
): DeployConfig {
  return {
    stackName: "rds-responder",
    network,
    slackSecretName: secrets.slackName,
    slackApiUrl: lab.slackUrl,
    operatorEmail: null,
    reservedConcurrency: { probe: 10, act: 5, interaction: 10 },
    secretKeys: { slack: null, databases: [] },
    storageKeys: [],
    settings: {
      database: {
        probeSecretArn: secrets.probeArn,
        actSecretArn: secrets.actArn,
        certificateAuthority: lab.authority,
      },
      // Seconds stand for minutes here, too: nothing is done about a session that has idled for less.
      thresholds: { idleInTransactionSeconds: 1, manyWaitingSeconds: 1 },
      policy: { approvers: [dana.id], pauseAfterActionSeconds: 1, approvalSeconds: 120 },
      watch: { checkSeconds: 1, healthySeconds: 2, healthyCheckSeconds: 1 },
    },
  };
}
