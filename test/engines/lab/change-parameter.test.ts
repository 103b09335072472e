import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { rdsChangesIn } from "../../../functions/adapters/aws/rds-changes-in.ts";
import { executeAwsOrder } from "../../../functions/core/actions/execute-aws.ts";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import { type Lab, startLab } from "../../lab/rds/start-lab.ts";
import { anAwsOrder, changeableTarget } from "../../support/rds-builder.ts";
import { createSkippingClock } from "../../support/skipping-clock.ts";
import { askDatabase, clientOf } from "./rds-lab-support.ts";

describe("A24 between card and click, on PostgreSQL 18 behind the RDS of the lab", () => {
  let lab: Lab;
  const clock = createSkippingClock();
  beforeAll(async () => {
    lab = await startLab({ engine: "postgres", major: 18, topology: "single" });
    vi.stubEnv("AWS_ACCESS_KEY_ID", "lab");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "lab");
    await clientOf(lab).send(new DescribeDBInstancesCommand({}));
  }, 120_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await lab?.stop();
  });

  const set = async (value: string, more: object = {}): Promise<Outcome> => {
    const asked = new DescribeDBInstancesCommand({ DBInstanceIdentifier: "orders-1" });
    const resourceId = (await clientOf(lab).send(asked)).DBInstances?.[0]?.DbiResourceId ?? null;
    const times = {
      issuedAt: new Date(clock.now()).toISOString(),
      expiresAt: new Date(clock.now() + 60_000).toISOString(),
    };
    const order = anAwsOrder(
      "change-parameter",
      { target: { ...changeableTarget, name: "orders-1", resourceId }, ...times },
      { of: "orders-parameters", values: [{ name: "max_wal_size", value, ...more }] },
    );
    const rds = rdsChangesIn({ region: lab.region, endpoint: lab.endpoint });
    return executeAwsOrder(order, { rds, clock, repeated: false }, AbortSignal.timeout(45_000));
  };
  const now = () => askDatabase(lab.database("orders-1"), "select current_setting('max_wal_size') as answer");

  it("lets stand what a person has raised meanwhile, and sets what was seen", async () => {
    expect(await now()).toBe("1GB");
    const card = { seen: "1024", towards: "higher" };
    // Nobody has set it in the group: what was seen is the engine's default.
    expect((await set("4096", card)).status).toBe("running");
    await lab.settled();
    expect(await now()).toBe("4GB");
    expect((await set("16384")).status).toBe("running");
    await lab.settled();
    const lowered = await set("8192", { seen: "4GB", towards: "higher" });
    expect(lowered.refusal).toMatchObject({
      guard: "state-changed",
      reason: expect.stringContaining("was 4GB when this was proposed, is 16384 now"),
    });
    expect((await set("8192", { towards: "higher" })).refusal?.guard).toBe("state-changed");
    await lab.settled();
    expect(await now()).toBe("16GB");
    expect((await set("20480", { seen: "16GB", towards: "higher" })).status).toBe("running");
    await lab.settled();
    expect(await now()).toBe("20GB");
  });
});
