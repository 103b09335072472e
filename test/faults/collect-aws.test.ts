import { CreateDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClientSettings, createCloudWatchClient } from "../../functions/adapters/aws/clients.ts";
import { createCloudWatchMetrics } from "../../functions/adapters/aws/cloudwatch-metrics.ts";
import {
  createCloudTrailClient,
  createContextRdsClient,
  createPiClient,
} from "../../functions/adapters/aws/context-clients.ts";
import { createDatabaseContext } from "../../functions/adapters/aws/database-context.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import type { ContextReport } from "../../functions/core/contract/evidence.ts";
import { collect } from "../../functions/core/respond/collect.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { onEndpoint } from "../contract/on-endpoint.ts";
import { type FaultProxy, startFaultProxy } from "../lab/endpoint/fault-proxy.ts";
import { waitUntil } from "../lab/engines/wait-until.ts";
import { aTarget } from "../support/evidence-builder.ts";
import { type AwsCall, type AwsFault, faultBefore } from "./aws-faults.ts";

interface CollectFault {
  readonly call: AwsCall;
  readonly fault: AwsFault;
  /** How what is missing for it is named. */
  readonly missing: RegExp;
  /** Whether the database's description is there all the same. */
  readonly described: boolean;
}

const kinds: readonly AwsFault[] = ["throttled", "refused", "broken down", "hung", "reset", "half-answered"];

const faults: readonly CollectFault[] = [
  ...kinds.map((fault) => ({
    call: "cloudwatch:GetMetricData" as const,
    fault,
    missing: /metric|CPU/i,
    described: true,
  })),
  ...kinds.map((fault) => ({
    call: "rds:DescribeDBInstances" as const,
    fault,
    missing: /topology/,
    described: false,
  })),
  ...(["refused", "hung"] as const).flatMap((fault) => [
    { call: "rds:DescribeEvents" as const, fault, missing: /event/i, described: true },
    { call: "rds:DescribeDBSnapshots" as const, fault, missing: /backup|snapshot/i, described: true },
  ]),
];

/** The function may run 15 s; collect gives itself 8. The rest is this machine's. */
const boundMs = 14_000;

/** The database is described, and CloudWatch has said of every metric that it has none. */
function answersAll({ context, missing }: ContextReport): boolean {
  return context?.topology != null && missing.every(({ reason }) => !/TimeoutError|deadline/.test(reason));
}

await onEndpoint("what AWS says of a database, behind faults", (aws) => {
  let proxy: FaultProxy;
  beforeAll(async () => {
    proxy = await startFaultProxy("http", aws.endpoint ?? "");
    const patient = { maxAttempts: 1, requestHandler: { requestTimeout: 60_000 } };
    await new RDSClient({ ...faulty(), ...patient }).send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "orders-db", DBInstanceClass: "db.m5.large", Engine: "postgres" },
        ...{ AllocatedStorage: 20, MasterUsername: "master", MasterUserPassword: "not-a-secret-1" },
      }),
    );
    // Endpoint and proxy load a service with its first call, which takes longer than anybody waits.
    await waitUntil(async () => answersAll(await look(faulty())), {
      what: "the endpoint describes the database",
      timeoutMs: 90_000,
    });
  });
  afterAll(() => proxy?.stop());

  const faulty = () => ({ ...aws, endpoint: `http://127.0.0.1:${proxy.port}` });
  const look = (settings: ClientSettings) => {
    return collect(
      {
        ...{ schema: "assignment.v1", incidentId: "inc-1", cycle: 2, target: aTarget(), signal: null },
        ...{ tiers: ["immediate"], settings: defaultSettings },
      },
      {
        clock: createSystemClock(),
        metrics: createCloudWatchMetrics({ client: createCloudWatchClient(settings) }),
        context: createDatabaseContext({
          rds: createContextRdsClient(settings),
          pi: createPiClient(settings),
          cloudTrail: createCloudTrailClient(settings),
        }),
      },
    );
  };

  it("Q9 describes the database when nothing is in the way", async () => {
    await proxy.inject([]);
    const { context } = await look(faulty());
    expect(context?.topology?.members).toHaveLength(1);
  });

  describe("which last", () => {
    it.each(faults)(
      "Q9 brings the rest in time and names what is missing when $call is $fault",
      async (row) => {
        await proxy.inject([faultBefore(row.call, row.fault)]);
        const started = performance.now();
        const { context, missing } = await look(faulty());
        expect(performance.now() - started).toBeLessThan(boundMs);
        expect(await proxy.fired()).not.toEqual([]);
        expect(missing.map(({ what, reason }) => `${what}: ${reason}`).join("\n")).toMatch(row.missing);
        expect(missing.every(({ reason }) => reason.trim() !== "")).toBe(true);
        expect(context?.topology?.members.length ?? 0).toBe(row.described ? 1 : 0);
      },
    );
  });

  it.each(["throttled", "broken down", "reset"] as const)(
    "Q9 misses nothing when a description is %s once",
    async (fault) => {
      await proxy.inject([faultBefore("rds:DescribeDBInstances", fault, 1)]);
      const { context } = await look(faulty());
      expect(await proxy.fired()).toHaveLength(1);
      expect(context?.topology?.members).toHaveLength(1);
    },
  );
});
