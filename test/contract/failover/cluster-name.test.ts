import { describe, expect, it } from "vitest";
import { createRdsClient, createSsmClient } from "../../../functions/adapters/aws/clients.ts";
import { createAwsNames } from "../../../functions/adapters/aws/failover/aws-names.ts";
import { createRoute53Client } from "../../../functions/adapters/aws/failover/route53-record.ts";
import { createSecretsClient } from "../../../functions/adapters/aws/secrets.ts";
import { aGroup, aNode } from "../../support/failover-builder.ts";
import { createSkippingClock } from "../../support/skipping-clock.ts";
import { startLoopback } from "../loopback.ts";

const endpoints: Readonly<Record<string, string>> = {
  "shop-1": "shop-1.abc.eu-west-1.rds.amazonaws.com",
  "shop-2": "shop-2.abc.eu-west-1.rds.amazonaws.com",
};
const writer = "shop.cluster-abc.eu-west-1.rds.amazonaws.com";

/** Route 53 with one CNAME, and RDS with a cluster of two. */
async function awsWith(target: string) {
  const { endpoint } = await startLoopback(({ body }) => {
    const asked = new URLSearchParams(body.toString());
    const operation = asked.get("Action");
    const headers = { "content-type": "text/xml" };
    if (operation === null) return { status: 200, headers, body: recordSets(target) };
    const id = asked.get("DBInstanceIdentifier") ?? "";
    const found =
      operation === "DescribeDBClusters"
        ? `<DBClusters><DBCluster><DBClusterIdentifier>shop</DBClusterIdentifier><Endpoint>${writer}</Endpoint></DBCluster></DBClusters>`
        : `<DBInstances><DBInstance><DBInstanceIdentifier>${id}</DBInstanceIdentifier><Endpoint><Address>${endpoints[id]}</Address><Port>5432</Port></Endpoint></DBInstance></DBInstances>`;
    const result = `<${operation}Result>${found}</${operation}Result>`;
    const xmlns = "http://rds.amazonaws.com/doc/2014-10-31/";
    return {
      status: 200,
      headers,
      body: `<${operation}Response xmlns="${xmlns}">${result}</${operation}Response>`,
    };
  });
  return { region: "eu-west-1", endpoint };
}

function recordSets(target: string): string {
  return `<ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets>
    <ResourceRecordSet><Name>orders.internal.</Name><Type>CNAME</Type><TTL>5</TTL><ResourceRecords><ResourceRecord>
    <Value>${target}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></ResourceRecordSets>
    <IsTruncated>false</IsTruncated><MaxItems>2</MaxItems></ListResourceRecordSetsResponse>`;
}

async function read(target: string, resolve = async (): Promise<string | null> => target) {
  const aws = await awsWith(target);
  const names = createAwsNames({
    ...{ rds: createRdsClient(aws), route53: createRoute53Client(aws), secrets: createSecretsClient(aws) },
    ...{ ssm: createSsmClient(aws), clock: createSkippingClock(), admit: async () => undefined },
    takesWrites: async ({ id }) => id === "shop-2",
    resolve,
  });
  const nodes = [aNode("shop-1", { role: "reader" }), aNode("shop-2", { role: "writer" })];
  const topology = aGroup({ kind: "aurora", clusterId: "shop", primary: "shop-2", nodes });
  return names.read({ kind: "route53", zoneId: "Z1", record: "orders.internal" }, topology);
}

describe("a name that leads to one whom RDS does not show here", () => {
  it("F4 is of the group's own account and Region by all of its address but the name", async () => {
    const own = (endpoints["shop-1"] ?? "").replace("shop-1", "shop-old");
    expect(await read(own)).toMatchObject({ stranger: own, formerly: "shop-old" });
    const dr = "shop-old.zzz.us-west-2.rds.amazonaws.com";
    expect(await read(dr)).toEqual({ pointsTo: null, stranger: dr, proves: null, ttlSeconds: 5 });
  });

  it.each(["shop-old.zzz.us-west-2.rds.amazonaws.com", "shop-old.zzz.rds.cn-north-1.amazonaws.com.cn"])(
    "F4 is told without a name server where it is an address of RDS: %s",
    async (stranger) => {
      const silent = async () => {
        throw new Error("ETIMEOUT");
      };
      expect(await read(stranger, silent)).toMatchObject({ pointsTo: null, stranger });
      await expect(read("db.corp.example", silent)).rejects.toThrow("ETIMEOUT");
    },
  );
});

describe("a name that leads to a cluster", () => {
  it("F6 is proved by the writer that the cluster's endpoint follows", async () => {
    expect(await read(writer)).toEqual({ pointsTo: "shop-2", proves: "shop-2", ttlSeconds: 5 });
  });

  it("F6 is not by an endpoint that is neither the cluster's nor of one of its instances", async () => {
    const readers = "shop.cluster-ro-abc.eu-west-1.rds.amazonaws.com";
    expect(await read(readers)).toMatchObject({
      pointsTo: null,
      stranger: readers,
      proves: null,
      ttlSeconds: 5,
    });
    expect(await read(endpoints["shop-1"] ?? "")).toMatchObject({ pointsTo: "shop-1", proves: null });
  });
});
