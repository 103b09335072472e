import { CreateStateMachineCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { createSfnClient } from "../../../functions/adapters/aws/clients.ts";
import { createFailoverMachine } from "../../../functions/adapters/aws/failover-machine.ts";
import { createRandomIds } from "../../../functions/adapters/aws/random-ids.ts";
import { startLoopback } from "../loopback.ts";
import { onEndpoint } from "../on-endpoint.ts";

const card = { database: "orders-db", reason: "not reached", approvalId: "card-1" };

await onEndpoint("the failover's machine in Step Functions", (aws) => {
  async function machine() {
    const client = createSfnClient(aws);
    const { stateMachineArn = "" } = await client.send(
      new CreateStateMachineCommand({
        name: `failover-${createRandomIds().next()}`,
        definition: '{"StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":60,"End":true}}}',
        roleArn: "arn:aws:iam::123456789012:role/failover",
      }),
    );
    return createFailoverMachine({ client, stateMachineArn });
  }

  it("A31 runs once under the card's name, however often it is started", async () => {
    const failovers = await machine();
    expect(await failovers.execution("card-1")).toBeNull();
    await failovers.start("card-1", card);
    await failovers.start("card-1", card);
    expect(await failovers.execution("card-1")).toEqual({ is: "running" });
  });
});

const state = {
  ...{ schema: "failover.v1", runId: "fo-card-1", database: "orders-db", phase: "ended", seconds: 0 },
  ...{ says: "orders-db-1 is the primary.", nextCommand: "responder failover --show fo-card-1" },
};

describe("Step Functions' answers about a failover", () => {
  it.each([
    [{ status: "RUNNING" }, { is: "running" }],
    [{ status: "PENDING_REDRIVE" }, { is: "running" }],
    [
      { status: "SUCCEEDED", output: JSON.stringify({ ...state, status: "done" }) },
      { is: "done", says: state.says },
    ],
    [{ status: "SUCCEEDED", output: JSON.stringify({ ...state, status: "held" }) }, { is: "held" }],
    [{ status: "SUCCEEDED", output: JSON.stringify({ ...state, status: "deposed" }) }, { is: "held" }],
    [
      { status: "SUCCEEDED", output: "not JSON" },
      { is: "failed", says: "What it ended with cannot be read." },
    ],
    [
      { status: "FAILED", error: "NeedsYou", cause: "Nobody is promoted." },
      { is: "failed", says: "Nobody is promoted." },
    ],
    [{ status: "TIMED_OUT" }, { is: "failed", says: "Step Functions says TIMED_OUT." }],
  ])("A31 takes %j for what it is", async (answer, seen) => {
    expect(await (await answering(200, answer)).execution("card-1")).toMatchObject(seen);
  });

  it("A31 takes one that has ended under the card's name for the same one", async () => {
    const ended = await answering(400, { __type: "ExecutionAlreadyExists", message: "exists" });
    await expect(ended.start("card-1", card)).resolves.toBeUndefined();
  });

  it("A31 says what AWS refuses, and that nothing was started by it", async () => {
    const denied = await answering(400, { __type: "AccessDeniedException", message: "not authorized" });
    await expect(denied.start("card-1", card)).rejects.toMatchObject({
      ...{ name: "AwsError", code: "AccessDeniedException", refused: true },
    });
  });
});

async function answering(status: number, body: object) {
  const headers = { "content-type": "application/x-amz-json-1.0" };
  const { endpoint } = await startLoopback(() => ({ status, headers, body: JSON.stringify(body) }));
  const client = createSfnClient({ region: "eu-west-1", endpoint });
  const stateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:rds-responder-failover";
  return createFailoverMachine({ client, stateMachineArn });
}
