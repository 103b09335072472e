import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { AddTagsToResourceCommand, DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createCloudWatchClient } from "../../../functions/adapters/aws/clients.ts";
import { type Lab, startLab } from "../../lab/rds/start-lab.ts";
import { runCli } from "../../support/run-cli.ts";
import { clientOf } from "./rds-lab-support.ts";

const gib = 1024 ** 3;
const quiet = {
  ...{ CPUUtilization: 30, DatabaseConnections: 60, FreeableMemory: 12 * gib, ReadIOPS: 300, WriteIOPS: 200 },
  ...{ ReadThroughput: 1e6, WriteThroughput: 1e6 },
};

describe("A20 responder undo gives the class of a PostgreSQL 18 back", () => {
  let lab: Lab;
  let folder = "";
  beforeAll(async () => {
    lab = await startLab({ engine: "postgres", major: 18, topology: "single" });
    for (const [name, value] of Object.entries(lab.environment)) vi.stubEnv(name, value);
    folder = await mkdtemp(join(tmpdir(), "scale-back-"));
    const Tags = [{ Key: "rds-responder:change", Value: "allowed" }];
    const ResourceName = (await described())?.DBInstanceArn ?? "";
    await clientOf(lab).send(new AddTagsToResourceCommand({ ResourceName, Tags }));
  }, 120_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
    await lab?.stop();
  });

  const described = async () =>
    (await clientOf(lab).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders-1" })))
      .DBInstances?.[0];
  const responder = (...args: readonly string[]) =>
    runCli(...args, "--database", "orders-1", "--region", lab.region);

  /** Every five minutes of the day before the last minutes, which the lab itself samples in part. */
  async function put(values: Readonly<Record<string, number>>): Promise<void> {
    const cloudwatch = createCloudWatchClient({ region: lab.region, endpoint: lab.endpoint });
    for (const [MetricName, Value] of Object.entries(values))
      await cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: "AWS/RDS",
          MetricData: Array.from({ length: 290 }, (_, at) => ({
            ...{ MetricName, Value, Timestamp: new Date(Date.now() - at * 300_000) },
            Dimensions: [{ Name: "DBInstanceIdentifier", Value: "orders-1" }],
          })),
        }),
      );
  }

  it("not while the last 24 hours are not known, and once they fit it", async () => {
    const resourceId = (await described())?.DbiResourceId ?? "";
    const input = { of: "orders-1", resourceId, from: "db.m7g.large", to: "db.m7g.xlarge" };
    const grown = await responder(
      ...["act", "scale-instance-class", "--input", JSON.stringify(input), "--yes", "--format", "json"],
    );
    expect([grown.code, (await described())?.DBInstanceClass]).toEqual([0, "db.m7g.xlarge"]);
    const file = join(folder, "grown.json");
    await writeFile(file, grown.out);
    const unknown = await responder("undo", file, "--yes");
    expect(unknown.out).toContain("guard peak-not-known");
    expect([unknown.code, (await described())?.DBInstanceClass]).toEqual([4, "db.m7g.xlarge"]);
    await put(quiet);
    const tried = await responder("undo", file, "--dry-run");
    expect(tried.out).toMatch(/The last 24 hours fit db.m7g.large: CPU \d+ % of 4 vCPUs, and at most 80 %/);
    const done = await responder("undo", file, "--yes");
    expect(done.out).toContain("available with DBInstanceClass db.m7g.large");
    expect([done.code, (await described())?.DBInstanceClass]).toEqual([0, "db.m7g.large"]);
  }, 240_000);
});
