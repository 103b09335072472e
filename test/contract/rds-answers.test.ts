import { describe, expect, it } from "vitest";
import { createRdsClient } from "../../functions/adapters/aws/clients.ts";
import { rdsChangesIn } from "../../functions/adapters/aws/rds-changes-in.ts";
import { createRdsControl } from "../../functions/adapters/aws/rds-control.ts";
import { type LoopbackRequest, type Reply, startLoopback } from "./loopback.ts";

// What no stand-in creates, as RDS's own XML through the SDK's deserialiser.
describe("RDS's answers", () => {
  it("S10 knows no database of DocumentDB", async () => {
    const rds = await rdsWith({ instances: { docs: instance("docs", "<Engine>docdb</Engine>") } });
    expect(await rds.find({ kind: "instance", id: "docs" })).toBeNull();
  });

  it("S11 takes the group of a replica from another Region out of its source's ARN, without asking", async () => {
    const source = "arn:aws:rds:us-east-1:210987654321:db:orders";
    const rds = await rdsWith({
      instances: {
        copy: instance("copy", replicaOf(source)),
        // A namesake here is another database.
        orders: instance("orders", replicaOf("something-else")),
      },
    });
    expect(await rds.find({ kind: "instance", id: "copy" })).toMatchObject({
      role: "reader",
      group: "210987654321/us-east-1/orders",
    });
  });

  it("S11 follows a replica of a replica to the primary, by ARN or by name", async () => {
    const rds = await rdsWith({
      instances: {
        third: instance("third", replicaOf("second")),
        second: instance("second", replicaOf("arn:aws:rds:eu-west-1:123456789012:db:first")),
        first: instance("first", "<Engine>mysql</Engine>"),
      },
    });
    const target = await rds.find({ kind: "instance", id: "third" });
    expect(target).toMatchObject({ role: "reader", group: "123456789012/eu-west-1/first" });
  });

  it("S11 ends with two replicas that name each other", async () => {
    const rds = await rdsWith({
      instances: { a: instance("a", replicaOf("b")), b: instance("b", replicaOf("a")) },
    });
    expect((await rds.find({ kind: "instance", id: "a" }))?.role).toBe("reader");
  });

  it("S10 takes a member of a Multi-AZ cluster for RDS, not Aurora, and signs in to the instance", async () => {
    const rds = await rdsWith({
      instances: {
        "multi-1": instance(
          "multi-1",
          "<Engine>postgres</Engine><DBClusterIdentifier>multi</DBClusterIdentifier>",
        ),
      },
      clusters: { multi: cluster("multi", member("multi-1", false) + member("multi-2", true)) },
    });
    expect(await rds.find({ kind: "instance", id: "multi-1" })).toMatchObject({
      flavour: "rds",
      role: "reader",
      clusterId: "multi",
      resourceId: "db-multi-1",
      group: "123456789012/eu-west-1/multi",
    });
  });

  it("S10 finds a cluster's writer by the cluster's resource id", async () => {
    const rds = await rdsWith({
      instances: {
        "multi-2": instance(
          "multi-2",
          "<Engine>aurora-postgresql</Engine><DBClusterIdentifier>multi</DBClusterIdentifier>",
        ),
      },
      clusters: { "cluster-multi": cluster("multi", member("multi-1", false) + member("multi-2", true)) },
    });
    expect(await rds.find({ kind: "resource-id", id: "cluster-multi" })).toMatchObject({
      ...{
        name: "multi-2",
        flavour: "aurora",
        engine: "postgres",
        role: "writer",
        resourceId: "cluster-multi",
      },
    });
  });

  it("S10 calls nobody reader or writer while a cluster has no writer", async () => {
    const rds = await rdsWith({
      instances: {
        "multi-1": instance(
          "multi-1",
          "<Engine>postgres</Engine><DBClusterIdentifier>multi</DBClusterIdentifier>",
        ),
      },
      clusters: { multi: cluster("multi", member("multi-1", false)) },
    });
    expect(await rds.find({ kind: "cluster", id: "multi" })).toMatchObject({
      name: "multi-1",
      role: "unknown",
    });
  });

  it("S10 knows no database by a name that cannot be an identifier", async () => {
    const rds = await rdsWith({ invalid: true });
    expect(await rds.find({ kind: "instance", id: "what is this?" })).toBeNull();
  });

  it("S10 does not take a refusal for an unknown database", async () => {
    const rds = await rdsWith({ denied: true });
    await expect(rds.find({ kind: "instance", id: "orders" })).rejects.toThrow(/not authorized/);
  });
});

// Told in alphabetical order, "in-sync" came before "pending-reboot" and hid it.
it.each([
  [["in-sync", "pending-reboot"], "pending-reboot"],
  [["pending-reboot", "failed-to-apply", "in-sync"], "failed-to-apply"],
  [["applying", "in-sync"], "applying"],
  [["in-sync", "removing-something"], "removing-something"],
  [["in-sync", null], null],
  [["in-sync", "in-sync"], "in-sync"],
])("A24 a cluster whose members are %j has applied its group as far as %s", async (members, status) => {
  const told = (one: string | null) =>
    one === null ? "" : `<DBClusterParameterGroupStatus>${one}</DBClusterParameterGroupStatus>`;
  const xml = members.map((one, at) => member(`multi-${at}`, at === 0, told(one))).join("");
  const clusters = cluster("multi", xml, "<DBClusterParameterGroup>multi-17</DBClusterParameterGroup>");
  const { endpoint } = await startLoopback(() =>
    result("DescribeDBClusters", `<DBClusters>${clusters}</DBClusters>`),
  );
  const rds = rdsChangesIn({ region: "eu-west-1", endpoint });
  expect(await rds.usersOf({ of: "multi-17", level: "cluster" })).toEqual([{ id: "multi", status }]);
});

it("A20 reads events to their last page, and knows none of them where there is no end", async () => {
  const event = (says: string) =>
    `<Events><Event><Message>${says}</Message><Date>2026-11-21T09:00:00.000Z</Date></Event></Events>`;
  const pages: Readonly<Record<string, string>> = {
    "": `${event("first")}<Marker>2</Marker>`,
    "2": event("last"),
  };
  const { endpoint } = await startLoopback(({ body }) =>
    result("DescribeEvents", pages[new URLSearchParams(body.toString()).get("Marker") ?? ""] ?? ""),
  );
  const of = { kind: "instance", id: "orders-db" } as const;
  const told = await rdsChangesIn({ region: "eu-west-1", endpoint }).events(of, 0);
  expect(told.map(({ says }) => says)).toEqual(["first", "last"]);
  const endless = await startLoopback(() => result("DescribeEvents", `${event("again")}<Marker>2</Marker>`));
  const asked = rdsChangesIn({ region: "eu-west-1", endpoint: endless.endpoint }).events(of, 0);
  await expect(asked).rejects.toMatchObject({ code: "TooManyPages" });
});

interface Answers {
  readonly instances?: Readonly<Record<string, string>>;
  readonly clusters?: Readonly<Record<string, string>>;
  readonly invalid?: boolean;
  readonly denied?: boolean;
}

async function rdsWith(answers: Answers) {
  const { endpoint } = await startLoopback((request) => answerOf(request, answers));
  return createRdsControl({ client: createRdsClient({ region: "eu-west-1", endpoint }) });
}

function answerOf(
  { body }: LoopbackRequest,
  { instances = {}, clusters = {}, invalid, denied }: Answers,
): Reply {
  const form = new URLSearchParams(body.toString());
  if (invalid) return fault("InvalidParameterValue", "The parameter is not a valid identifier.");
  if (denied) return fault("AccessDenied", "not authorized to perform: rds:DescribeDBInstances");
  const resourceId = isClusterFilter(form) ? (form.get("Filters.Filter.1.Values.Value.1") ?? "") : "";
  if (form.get("Action") === "DescribeDBClusters") {
    const found = clusters[form.get("DBClusterIdentifier") ?? resourceId];
    if (!found) return fault("DBClusterNotFoundFault", "no such cluster");
    return result("DescribeDBClusters", `<DBClusters>${found}</DBClusters>`);
  }
  const found = instances[form.get("DBInstanceIdentifier") ?? ""];
  if (!found) return fault("DBInstanceNotFound", "no such instance");
  return result("DescribeDBInstances", `<DBInstances>${found}</DBInstances>`);
}

function isClusterFilter(form: URLSearchParams): boolean {
  return form.get("Filters.Filter.1.Name") === "db-cluster-resource-id";
}

function result(action: string, xml: string): Reply {
  const space = 'xmlns="http://rds.amazonaws.com/doc/2014-10-31/"';
  const body = `<${action}Response ${space}><${action}Result>${xml}</${action}Result></${action}Response>`;
  return { status: 200, headers: { "content-type": "text/xml" }, body };
}

function fault(code: string, message: string): Reply {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return {
    status: 400,
    headers: { "content-type": "text/xml" },
    body: `<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">${error}</ErrorResponse>`,
  };
}

function instance(id: string, more: string): string {
  return `<DBInstance><DBInstanceIdentifier>${id}</DBInstanceIdentifier>
    <DBInstanceArn>arn:aws:rds:eu-west-1:123456789012:db:${id}</DBInstanceArn><DbiResourceId>db-${id}</DbiResourceId>
    <Endpoint><Address>${id}.example</Address><Port>3306</Port></Endpoint>${more}</DBInstance>`;
}

function replicaOf(source: string): string {
  const tag = "ReadReplicaSourceDBInstanceIdentifier";
  return `<Engine>mysql</Engine><${tag}>${source}</${tag}>`;
}

function cluster(id: string, members: string, more = ""): string {
  return `<DBCluster><DBClusterIdentifier>${id}</DBClusterIdentifier><Engine>postgres</Engine>
    <DbClusterResourceId>cluster-${id}</DbClusterResourceId><DBClusterInstanceClass>db.m6gd.large</DBClusterInstanceClass>
    <DBClusterMembers>${members}</DBClusterMembers>${more}</DBCluster>`;
}

function member(id: string, writer: boolean, more = ""): string {
  return `<DBClusterMember><DBInstanceIdentifier>${id}</DBInstanceIdentifier>
    <IsClusterWriter>${writer}</IsClusterWriter>${more}</DBClusterMember>`;
}
