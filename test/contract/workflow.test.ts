import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { type ClientSettings, createSfnClient } from "../../functions/adapters/aws/clients.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createStepFunctionsWorkflow } from "../../functions/adapters/aws/step-functions.ts";
import { createMemoryWorkflow } from "../../functions/adapters/memory/memory-workflow.ts";
import { startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";
import { workflowContract } from "./workflow.contract.ts";

describe("workflow in memory", () => {
  workflowContract(async () => {
    const workflow = createMemoryWorkflow();
    const inputsOf = async (name: string) =>
      workflow.starts.filter((execution) => execution.name === name).map(({ input }) => input);
    return { workflow, inputsOf };
  });

  it("A42 hands a decision to a waiting state once", async () => {
    const workflow = createMemoryWorkflow();
    const waiting = workflow.waitFor("token-1");
    expect(await workflow.succeed("token-1", { decision: "approved" })).toBe("accepted");
    expect(await waiting).toEqual({ decision: "approved" });
    expect(await workflow.succeed("token-1", { decision: "declined" })).toBe("no-longer-waiting");
    expect(await workflow.succeed("token-unknown", {})).toBe("no-longer-waiting");
  });

  it("A42 takes no decision after the state's time is up", async () => {
    const workflow = createMemoryWorkflow();
    const waiting = workflow.waitFor("token-1");
    workflow.expire("token-1");
    await expect(waiting).rejects.toThrow(/timed out/);
    expect(await workflow.succeed("token-1", {})).toBe("no-longer-waiting");
  });

  it("Q3 runs what was registered for every start, and keeps its errors", async () => {
    const workflow = createMemoryWorkflow();
    const seen: unknown[] = [];
    workflow.onStart(async ({ name, input }) => {
      if (name === "inc-2") throw new Error("the machine broke");
      seen.push(input);
    });
    await workflow.start("inc-1", { n: 1 });
    await workflow.start("inc-2", { n: 2 });
    await workflow.idle();
    expect(seen).toEqual([{ n: 1 }]);
    expect(workflow.failures).toEqual(["inc-2: the machine broke"]);
  });
});

await onEndpoint("workflow in Step Functions", (aws) => {
  workflowContract(async () => {
    const client = createSfnClient(aws);
    const { stateMachineArn = "" } = await client.send(
      new CreateStateMachineCommand({
        name: `respond-${createRandomIds().next()}`,
        definition: '{"StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":60,"End":true}}}',
        roleArn: "arn:aws:iam::123456789012:role/respond",
      }),
    );
    const inputsOf = async (name: string) => {
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
      const named = executions.filter((execution) => execution.name === name);
      const described = await Promise.all(
        named.map(({ executionArn }) => client.send(new DescribeExecutionCommand({ executionArn }))),
      );
      return described.map(({ input }): unknown => JSON.parse(input ?? ""));
    };
    return { workflow: createStepFunctionsWorkflow({ client, stateMachineArn }), inputsOf };
  });
});

describe("Step Functions' answers about an execution", () => {
  it.each([
    ["RUNNING", "running"],
    ["PENDING_REDRIVE", "running"],
    ["SUCCEEDED", "ended"],
    ["FAILED", "ended"],
    ["TIMED_OUT", "ended"],
    ["ABORTED", "ended"],
  ])("Q3 takes %s for %s", async (status, state) => {
    expect(await (await answering(200, { status })).stateOf("inc-1")).toBe(state);
  });

  it("Q3 throws when it may not ask, so that nothing is taken for dead unseen", async () => {
    const denied = await answering(400, { __type: "AccessDeniedException", message: "not authorized" });
    await expect(denied.stateOf("inc-1")).rejects.toThrow("not authorized");
  });
});

// No stand-in keeps task tokens: Step Functions' own errors through the SDK's deserialiser.
describe("Step Functions' answers to a decision", () => {
  it.each(["TaskTimedOut", "TaskDoesNotExist"])(
    "A42 takes %s for a state that no longer waits",
    async (code) => {
      expect(await (await answering(400, { __type: code, message: "gone" })).succeed("token", {})).toBe(
        "no-longer-waiting",
      );
    },
  );

  it("A42 says that the decision was accepted", async () => {
    expect(await (await answering(200, {})).succeed("token", { decision: "approved" })).toBe("accepted");
  });

  it("A42 throws at a token that is none", async () => {
    const workflow = await answering(400, { __type: "InvalidToken", message: "Invalid Token" });
    await expect(workflow.succeed("token", {})).rejects.toThrow(/Invalid Token/);
  });
});

async function answering(status: number, body: object) {
  const headers = { "content-type": "application/x-amz-json-1.0" };
  const { endpoint } = await startLoopback(() => ({ status, headers, body: JSON.stringify(body) }));
  const settings: ClientSettings = { region: "eu-west-1", endpoint };
  const stateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:respond";
  return createStepFunctionsWorkflow({ client: createSfnClient(settings), stateMachineArn });
}
