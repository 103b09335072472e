import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  AddTagsToResourceCommand,
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
} from "@aws-sdk/client-rds";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createRdsClient, createSsmClient } from "../../functions/adapters/aws/clients.ts";
import { createSecretsClient } from "../../functions/adapters/aws/secrets.ts";
import { runCli } from "../support/run-cli.ts";
import { startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";

await onEndpoint("responder act on AWS", (aws) => {
  const client = createRdsClient(aws);
  const act = (action: string, input: object, ...more: readonly string[]) =>
    runCli(
      "act",
      action,
      "--database",
      "orders-db",
      "--region",
      aws.region,
      "--input",
      JSON.stringify(input),
      ...more,
    );
  const snapshot = { of: "orders-db", name: "orders-db-by-hand" };

  beforeAll(async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", aws.endpoint);
    const { DBInstance } = await client.send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "orders-db", DBInstanceClass: "db.m7g.large", Engine: "postgres" },
        ...{ EngineVersion: "17.4", AllocatedStorage: 100, MasterUsername: "admin1" },
        MasterUserPassword: "not-a-secret-1",
      }),
    );
    arn = DBInstance?.DBInstanceArn ?? "";
  });
  let arn = "";
  afterAll(() => vi.unstubAllEnvs());

  /** Beside those that the endpoint makes by itself. */
  const snapshots = async () => {
    const { DBSnapshots = [] } = await client.send(
      new DescribeDBSnapshotsCommand({ SnapshotType: "manual" }),
    );
    return DBSnapshots.filter(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier === snapshot.name);
  };

  const ssm = createSsmClient(aws);
  const put = (Name: string, policy: object) =>
    ssm.send(
      new PutParameterCommand({ Name, Type: "String", Value: JSON.stringify({ policy }), Overwrite: true }),
    );

  it("K3 A41 changes nothing of a database without the tag, shows the call and names the tag", async () => {
    const { code, out } = await act("take-snapshot", snapshot, "--yes");
    expect(out).toContain(
      "aws rds create-db-snapshot --db-instance-identifier orders-db --db-snapshot-identifier",
    );
    expect(out).toContain("rds-responder:change=allowed");
    expect(code).toBe(4);
    expect(await snapshots()).toEqual([]);
  });

  it("K3 A27 takes a snapshot, follows it and proves it, and tries nothing when only tried", async () => {
    const Tags = [{ Key: "rds-responder:change", Value: "allowed" }];
    await client.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags }));
    const tried = await act("take-snapshot", snapshot, "--dry-run");
    expect(tried).toMatchObject({ code: 0, out: expect.stringContaining("only tried") });
    expect(await snapshots()).toEqual([]);
    const { code, out } = await act("take-snapshot", snapshot, "--yes");
    expect(out).toContain("The snapshot orders-db-by-hand is available.");
    expect(code).toBe(0);
    expect(await snapshots()).toHaveLength(1);
  }, 90_000);

  it("K3 A20 is refused by the same guards as in an incident", async () => {
    const { code, out } = await act(
      "scale-instance-class",
      { of: "orders-db", from: "db.m7g.2xlarge", to: "db.m7g.4xlarge" },
      "--yes",
    );
    expect(out).toContain("orders-db is db.m7g.large by now, not db.m7g.2xlarge");
    expect(code).toBe(4);
    const { DBInstances } = await client.send(new DescribeDBInstancesCommand({}));
    expect(DBInstances?.map(({ DBInstanceClass }) => DBInstanceClass)).toEqual(["db.m7g.large"]);
  });

  it("K3 A41 says which limits it does not know, and goes by the deployment's own where it can read them", async () => {
    const larger = { of: "orders-db", from: "db.m7g.large", to: "db.m7g.4xlarge" };
    const blind = await act("scale-instance-class", larger, "--dry-run");
    expect(blind.out).toContain("The deployment's own limits are not known here");
    await put("/rds-responder/settings", { maxInstanceClass: "db.m7g.xlarge" });
    const limited = await act("scale-instance-class", larger, "--yes");
    expect(limited.out).toContain("guard class-ceiling");
    expect([limited.code, limited.out.includes("not known here")]).toEqual([4, false]);
    await put("/other/settings", { modes: { disruptive: "observe" } });
    const observed = await act("scale-instance-class", larger, "--yes", "--settings", "/other/settings");
    expect(observed.out).toContain("policy.modes.disruptive is observe");
  });

  it("K3 A41 takes the tag of the cluster for none of its instance's", async () => {
    const { DBCluster } = await client.send(
      new CreateDBClusterCommand({
        ...{ DBClusterIdentifier: "bills", Engine: "aurora-postgresql", MasterUsername: "admin1" },
        MasterUserPassword: "not-a-secret-1",
      }),
    );
    await client.send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "bills-1", DBClusterIdentifier: "bills", DBInstanceClass: "db.r7g.large" },
        Engine: "aurora-postgresql",
      }),
    );
    const Tags = [{ Key: "rds-responder:change", Value: "allowed" }];
    await client.send(new AddTagsToResourceCommand({ ResourceName: DBCluster?.DBClusterArn, Tags }));
    const on = (action: string, input: object) =>
      runCli(
        ...["act", action, "--database", "bills-1", "--region", aws.region, "--dry-run"],
        ...["--input", JSON.stringify(input)],
      );
    const instance = await on("reboot-instance", { of: "bills-1", why: "a try" });
    expect(instance).toMatchObject({
      code: 4,
      out: expect.stringContaining("Nothing of bills-1 may be changed"),
    });
    const cluster = await on("take-snapshot", { of: "bills", name: "bills-by-hand" });
    expect(cluster.out).not.toContain("not-opted-in");
  });

  it("K3 A24 takes back what was done on AWS, by what act has printed, and nothing of another database", async () => {
    const group = { DBParameterGroupName: "orders-17", DBParameterGroupFamily: "postgres17" };
    await client.send(new CreateDBParameterGroupCommand({ ...group, Description: "by hand" }));
    const groups = async () => {
      const asked = new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders-db" });
      const { DBInstances = [] } = await client.send(asked);
      return DBInstances.flatMap(({ DBParameterGroups = [] }) =>
        DBParameterGroups.map(({ DBParameterGroupName }) => DBParameterGroupName),
      );
    };
    await put("/other/settings", {});
    const [from = ""] = await groups();
    const input = { of: "orders-db", from, to: "orders-17" };
    const json = ["--yes", "--format", "json", "--settings", "/other/settings"];
    const given = await act("use-parameter-group", input, ...json);
    expect([given.code, await groups()]).toEqual([0, ["orders-17"]]);
    const file = join(await mkdtemp(join(tmpdir(), "responder-undo-")), "done.json");
    await writeFile(file, given.out);
    const undo = (database: string, ...more: readonly string[]) =>
      runCli("undo", file, "--database", database, "--region", aws.region, ...more);
    const elsewhere = await undo("bills-1", ...json);
    expect([elsewhere.code, elsewhere.err]).toEqual([4, expect.stringContaining("--database names bills-1")]);
    expect(await groups()).toEqual(["orders-17"]);
    const tried = await undo("orders-db", "--dry-run");
    expect(tried.out).toContain("aws rds modify-db-instance --db-instance-identifier orders-db");
    expect(await groups()).toEqual(["orders-17"]);
    const back = await undo("orders-db", ...json);
    expect([back.code, await groups()]).toEqual([0, [from]]);
    await rm(dirname(file), { recursive: true });
  }, 90_000);

  it("K3 A30 asks the application where the settings can be read, and else nobody", async () => {
    const application = await startLoopback(() => ({ status: 200, body: "done" }));
    const Tags = [{ Key: "rds-responder:change", Value: "allowed" }];
    await client.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags }));
    const secrets = createSecretsClient(aws);
    const SecretString = JSON.stringify({ signingSecret: "a-secret-of-the-tests" });
    const { ARN } = await secrets.send(new CreateSecretCommand({ Name: "hook", SecretString }));
    const { host } = new URL(application.endpoint);
    await put("/hooks/settings", { webhooks: { hosts: [host], allowPrivate: true, signingSecretArn: ARN } });
    const url = `${application.endpoint}/pool`;
    const input = { does: "reset-pool", url, undoUrl: null, because: "its pool is full of idle connections" };
    const blind = await act("call-webhook", input, "--yes", "--settings", "/nowhere");
    expect([blind.code, blind.out]).toEqual([4, expect.stringContaining("guard no-webhooks")]);
    expect(application.requests).toEqual([]);
    const asked = await act("call-webhook", input, "--yes", "--settings", "/hooks/settings");
    // By the settings it would be asked; this very machine never is, whatever they allow.
    expect([asked.code, asked.out]).toEqual([4, expect.stringContaining("guard webhook-address")]);
    expect(application.requests).toEqual([]);
  });

  it("K3 says which database there is not", async () => {
    const wanted = JSON.stringify(snapshot);
    const { code, err } = await runCli(
      "act",
      "take-snapshot",
      "--database",
      "nobody",
      "--region",
      aws.region,
      "--input",
      wanted,
    );
    expect(err).toContain("RDS knows no PostgreSQL, MySQL or MariaDB nobody");
    expect(code).toBe(2);
  });
});
