import {
  CreateDBProxyCommand,
  DescribeDBInstancesCommand,
  RegisterDBProxyTargetsCommand,
} from "@aws-sdk/client-rds";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
} from "@aws-sdk/client-route-53";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { createRdsClient, createSsmClient } from "../../../functions/adapters/aws/clients.ts";
import { createAwsNames } from "../../../functions/adapters/aws/failover/aws-names.ts";
import type { NamesOptions } from "../../../functions/adapters/aws/failover/names-reach.ts";
import { createRandomIds } from "../../../functions/adapters/aws/random-ids.ts";
import { createSecretsClient } from "../../../functions/adapters/aws/secrets.ts";
import type { NameRef } from "../../../functions/core/contract/failover-topology.ts";
import type * as adapters from "../../support/adapters-to-bundle.ts";
import { bundledFile } from "../../support/bundled-adapters.ts";
import { createSkippingClock } from "../../support/skipping-clock.ts";
import { onEndpoint } from "../on-endpoint.ts";
import { memoryFailover } from "./failover-world.ts";
import { namesContract } from "./names.contract.ts";
import { failoverOn, makeOrders } from "./rds-failover-lab.ts";

/** Nothing else here writes XML, which a bundle once could not. */
const bundled: typeof adapters = await bundledFile("test/support/adapters-to-bundle.ts");
const record = "orders.shop.internal";

describe("names in memory", () => {
  namesContract(async () => {
    const { ports } = memoryFailover();
    const topology = await ports.controlPlane.describe("orders-db");
    const { token } = await ports.lock.take(topology.group, "run-1");
    const ref: NameRef = { kind: "route53", zoneId: "Z1", record };
    return { names: ports.names, ref, topology, lock: ports.lock, stamp: { run: "run-1", token, effect: 1 } };
  });
});

await onEndpoint("names", (aws) => {
  const rds = createRdsClient(aws);
  const route53 = bundled.createRoute53Client(aws);
  const secrets = createSecretsClient(aws);
  const ssm = createSsmClient(aws);
  const unique = (of: string) => `${of}-${createRandomIds().next()}`;

  /** What the zone says, as a resolver in its network would find it. */
  const resolveIn = (zoneId: string) => async (name: string) => {
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name });
    const { ResourceRecordSets: all = [] } = await route53.send(command);
    return all.find(({ Name }) => Name === `${name}.`)?.ResourceRecords?.[0]?.Value ?? null;
  };
  const resolveOf = (ref: NameRef) => (ref.kind === "route53" ? resolveIn(ref.zoneId) : async () => null);
  const on = async (ref: NameRef, resolve: NamesOptions["resolve"] = resolveOf(ref)) => {
    const { plane, lock, lockOf } = await failoverOn(aws);
    const topology = await plane.describe("orders-db");
    const stamp = await lockOf(topology.group);
    const names = createAwsNames({
      ...{ rds, route53, secrets, ssm, clock: createSkippingClock() },
      admit: (of, signal) => lock.admit(of, { kind: "change" }, signal),
      takesWrites: async ({ id }) => id === "orders-db",
      resolve,
    });
    return { names, ref, topology, lock, stamp };
  };
  const endpoint = async () => {
    await makeOrders(rds);
    const { DBInstances: all = [] } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders-db" }),
    );
    return all[0]?.Endpoint?.Address ?? "";
  };
  const secretWith = async (value: string): Promise<NameRef> => {
    const secretId = unique("shop/db");
    await secrets.send(new CreateSecretCommand({ Name: secretId, SecretString: value }));
    return { kind: "secret", secretId };
  };
  const parameterWith = async (value: string): Promise<NameRef> => {
    const name = `/${unique("shop")}/url`;
    await ssm.send(
      new PutParameterCommand({ Name: name, Value: value, Type: "SecureString", KeyId: "alias/shop" }),
    );
    return { kind: "parameter", name };
  };
  const recordFor = async (more: object = {}): Promise<NameRef> => {
    const host = await endpoint();
    const zone = await route53.send(
      new CreateHostedZoneCommand({ Name: "shop.internal", CallerReference: unique("z") }),
    );
    const zoneId = zone.HostedZone?.Id?.replace("/hostedzone/", "") ?? "";
    const type = { Name: record, Type: "CNAME", TTL: 7 } as const;
    const ResourceRecordSet = { ...type, ResourceRecords: [{ Value: host }], ...more };
    const Changes = [{ Action: "CREATE" as const, ResourceRecordSet }];
    await route53.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }),
    );
    return { kind: "route53", zoneId, record };
  };

  describe("of Route 53", () => {
    namesContract(async () => on(await recordFor()));

    it("F6 tells the record's TTL, and keeps it", async () => {
      const { names, ref, topology, stamp } = await on(await recordFor());
      await names.point(ref, "orders-db-1", stamp);
      expect((await names.read(ref, topology)).ttlSeconds).toBe(7);
    });

    it("F6 neither reads nor moves a record that is one of several", async () => {
      const { names, ref, topology, stamp } = await on(await recordFor({ SetIdentifier: "a", Weight: 10 }));
      expect((await names.read(ref, topology)).pointsTo).toBeNull();
      await expect(names.point(ref, "orders-db-1", stamp)).rejects.toMatchObject({ code: "NoSingleRecord" });
    });
  });

  describe("of Secrets Manager", () => {
    const json = async () =>
      JSON.stringify({ username: "shop", password: "p", host: await endpoint(), port: 5432 });
    namesContract(async () => on(await secretWith(await json())));

    it("F4 is not read where no name server says what its alias leads to: it may be one of ours", async () => {
      const ref = await secretWith('{"host":"db.shop.internal","port":5432}');
      const silent = await on(ref, async () => {
        throw Object.assign(new Error("queryCname ETIMEOUT db.shop.internal"), { code: "ETIMEOUT" });
      });
      await expect(silent.names.read(ref, silent.topology)).rejects.toThrow("ETIMEOUT");
      const { names, topology } = await on(ref);
      expect(await names.read(ref, topology)).toMatchObject({ stranger: "db.shop.internal" });
    });

    it("F6 leaves everything else in the secret as it was, and keeps the version before", async () => {
      const ref = await secretWith(await json());
      const { names, stamp } = await on(ref);
      await names.point(ref, "orders-db-1", stamp);
      const read = async (VersionStage: string) => {
        const SecretId = ref.kind === "secret" ? ref.secretId : "";
        const { SecretString = "" } = await secrets.send(
          new GetSecretValueCommand({ SecretId, VersionStage }),
        );
        return JSON.parse(SecretString);
      };
      expect(await read("AWSCURRENT")).toMatchObject({
        username: "shop",
        password: "p",
        port: expect.any(Number),
      });
      expect((await read("AWSCURRENT")).host).toContain("orders-db-1");
      expect((await read("AWSPREVIOUS")).host).not.toContain("orders-db-1");
    });

    it("F6 is not moved while it is rotated, nor where it holds no host, and tells nothing of its value", async () => {
      const rotated = await secretWith(await json());
      const first = await on(rotated);
      await secrets.send(
        new PutSecretValueCommand({
          SecretId: rotated.kind === "secret" ? rotated.secretId : "",
          ...{ SecretString: "{}", VersionStages: ["AWSPENDING"] },
        }),
      );
      await expect(first.names.point(rotated, "orders-db-1", first.stamp)).rejects.toMatchObject({
        code: "RotationUnderWay",
      });
      const bare = await secretWith('{"password":"hunter2"}');
      const second = await on(bare);
      await expect(second.names.point(bare, "orders-db-1", second.stamp)).rejects.toMatchObject({
        ...{ code: "NoHost", message: expect.not.stringContaining("hunter2") },
      });
    });
  });

  describe("of Systems Manager", () => {
    namesContract(async () => on(await parameterWith(await endpoint())));

    it("F6 moves the host of a URL, and changes nothing else of it", async () => {
      const ref = await parameterWith(`postgres://shop:p%40ss@${await endpoint()}:1/orders?ssl=true`);
      const { names, stamp } = await on(ref);
      await names.point(ref, "orders-db-1", stamp);
      const Name = ref.kind === "parameter" ? ref.name : "";
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
      expect(Parameter?.Value).toMatch(
        /^postgres:\/\/shop:p%40ss@orders-db-1\.[^:]+:5432\/orders\?ssl=true$/,
      );
      expect(Parameter?.Type).toBe("SecureString");
    });
  });

  describe("of RDS Proxy", () => {
    namesContract(async () => {
      await endpoint();
      const proxy = unique("proxy");
      await rds.send(
        new CreateDBProxyCommand({
          ...{
            DBProxyName: proxy,
            EngineFamily: "POSTGRESQL",
            RoleArn: "arn:aws:iam::123456789012:role/proxy",
          },
          ...{
            Auth: [{ AuthScheme: "SECRETS", SecretArn: "arn:aws:secretsmanager:x" }],
            VpcSubnetIds: [await subnetOf(aws)],
          },
        }),
      );
      const group = { DBProxyName: proxy, TargetGroupName: "default" };
      await rds.send(new RegisterDBProxyTargetsCommand({ ...group, DBInstanceIdentifiers: ["orders-db"] }));
      return on({ kind: "proxy", proxy, targetGroup: "default" });
    });
  });

  it("F6 says what RDS shows no address of", async () => {
    const ref = await parameterWith(await endpoint());
    const { names, stamp } = await on(ref);
    await expect(names.point(ref, "nobody", stamp)).rejects.toMatchObject({
      code: "NoEndpoint",
      refused: true,
    });
  });
});

/** A proxy stands in a subnet, and the lab has no client of EC2: any of the default VPC will do. */
async function subnetOf({ endpoint = "", region }: { endpoint?: string; region: string }): Promise<string> {
  const scope = `20260101/${region}/ec2/aws4_request`;
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=stand-in/${scope}, SignedHeaders=host, Signature=none`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "Action=DescribeSubnets&Version=2016-11-15",
  });
  return /<subnetId>([^<]+)</.exec(await answer.text())?.[1] ?? "";
}
