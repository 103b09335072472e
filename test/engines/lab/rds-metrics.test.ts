import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mariadbAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/wait-until.ts";
import { type Lab, startLab } from "../../lab/rds/start-lab.ts";
import { askDatabase, clientOf } from "./rds-lab-support.ts";

const delays = { sampleMs: 200, nameMs: 200 };

async function latest(lab: Lab, MetricName: string, id: string): Promise<number | null> {
  const { endpoint, region } = lab;
  const client = new CloudWatchClient({ endpoint, region, credentials: keys });
  const metric = {
    Namespace: "AWS/RDS",
    MetricName,
    Dimensions: [{ Name: "DBInstanceIdentifier", Value: id }],
  };
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 120_000),
      EndTime: new Date(Date.now() + 60_000),
      MetricDataQueries: [{ Id: "m", MetricStat: { Metric: metric, Period: 1, Stat: "Minimum" } }],
      ScanBy: "TimestampDescending",
    }),
  );
  return MetricDataResults?.[0]?.Values?.[0] ?? null;
}

const keys = { accessKeyId: "lab", secretAccessKey: "lab" };

describe("L2 what the lab's CloudWatch and names say", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ engine: "postgres", topology: "primary-replica", delays, hosts: "each" });
  });
  afterAll(() => lab?.stop());

  const metric = (name: string, id: string) => latest(lab, name, id);

  it("samples connections, CPU and lag from the engines", async () => {
    for (const [name, id] of [
      ["DatabaseConnections", "orders-1"],
      ["CPUUtilization", "orders-1"],
      ["ReplicaLag", "orders-2"],
    ] as const) {
      await waitUntil(async () => (await metric(name, id)) !== null, { what: `${name} of ${id} is there` });
    }
    expect(await metric("ReplicaLag", "orders-1")).toBeNull();
  });

  it("says how old the last replayed transaction is while a replica does not apply", async () => {
    await askDatabase(lab.database("orders-1"), "create table numbers as select 1 as number");
    await waitUntil(async () => ((await metric("ReplicaLag", "orders-2")) ?? 0) > 1, {
      what: "the lag of an idle source grows",
    });
  });

  it("leads clients to another database once the parameter says so, after its delay", async () => {
    expect(lab.resolve("ssm").databases.map(({ id }) => id)).toEqual(["orders-1"]);
    const { endpoint, region } = lab;
    const ssm = new SSMClient({ endpoint, region, credentials: keys });
    const { host } = lab.database("orders-2").endpoint;
    const { parameter } = lab.description().names;
    await ssm.send(new PutParameterCommand({ Name: parameter, Value: host, Overwrite: true }));
    expect(lab.resolve("ssm").databases.map(({ id }) => id)).toEqual(["orders-1"]);
    await lab.settled();
    expect(lab.resolve("ssm")).toMatchObject({ host, port: lab.database("orders-2").endpoint.port });
  });

  it("leads clients by a secret with host, port and sign-in, and by the record of Route 53", async () => {
    const { endpoint, region } = lab;
    const client = new SecretsManagerClient({ endpoint, region, credentials: keys });
    const { secretId: SecretId, record, hostedZoneId } = lab.description().names;
    const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId }));
    const login: unknown = JSON.parse(SecretString);
    expect(login).toMatchObject({ host: lab.database("orders-1").endpoint.host, username: "admin" });
    const moved = { ...Object(login), host: lab.database("orders-2").endpoint.host };
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(moved) }));
    await lab.settled();
    expect(lab.resolve("secret").databases.map(({ id }) => id)).toEqual(["orders-2"]);
    await repoint(lab, hostedZoneId, record, lab.database("orders-2").endpoint.host);
    await lab.settled();
    const told = await fetch(`${lab.endpoint}/_lab/name?kind=dns`);
    expect(await told.json()).toMatchObject({ ids: ["orders-2"] });
  });
});

async function repoint(lab: Lab, zone: string, record: string, value: string): Promise<void> {
  const set = `<ResourceRecordSet><Name>${record}</Name><Type>CNAME</Type><TTL>5</TTL><ResourceRecords><ResourceRecord><Value>${value}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>`;
  const response = await fetch(`${lab.endpoint}/2013-04-01/hostedzone/${zone}/rrset/`, {
    method: "POST",
    headers: {
      authorization:
        "AWS4-HMAC-SHA256 Credential=lab/20260101/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=lab",
    },
    body: `<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>UPSERT</Action>${set}</Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
  });
  expect(response.status).toBe(200);
}

describeEngine("L2 the lag of MariaDB", await mariadbAvailability(), () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ engine: "mariadb", topology: "primary-replica", delays });
  });
  afterAll(() => lab?.stop());

  it("is 0 in step, -1 where replication is stopped, and told as broken where no engine answers", async () => {
    await waitUntil(async () => (await latest(lab, "ReplicaLag", "orders-2")) === 0, {
      what: "it is in step",
    });
    const { node } = lab.database("orders-2");
    const connection = await createConnection({ uri: labUrl("mariadb", node.port() ?? 0, "rdsadmin") });
    await connection.query("STOP SLAVE");
    await connection.end();
    await waitUntil(async () => (await latest(lab, "ReplicaLag", "orders-2")) === -1, { what: "it is -1" });
    const { DBInstances } = await clientOf(lab).send(new DescribeDBInstancesCommand({}));
    expect(DBInstances?.[1]?.StatusInfos).toMatchObject([{ Normal: false, Status: "error" }]);
    node.signal("SIGKILL");
    await waitUntil(() => lab.database("orders-2").replicating === false && node.pid() === null, {
      what: "it is dead",
    });
  });
});
