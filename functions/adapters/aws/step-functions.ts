import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import type { Workflow } from "../../core/ports.ts";

/**
 * Executions of one standard state machine. AWS answers a repeated start with the same input like the first
 * one while it runs, so that "started" can be said twice; the execution is one all the same.
 */
export function createStepFunctionsWorkflow({
  client,
  stateMachineArn,
}: {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
}): Workflow {
  return {
    stateOf: async (name) => {
      const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
        return status === "RUNNING" || status === "PENDING_REDRIVE" ? "running" : "ended";
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return "unknown";
        throw error;
      }
    },
    start: async (name, input) => {
      try {
        await client.send(
          new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input ?? {}) }),
        );
        return "started";
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return "already-started";
        throw error;
      }
    },
    succeed: async (taskToken, output) => {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output ?? {}) }));
        return "accepted";
      } catch (error) {
        // TaskTimedOut is also the answer for a task that somebody else has completed.
        if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist) return "no-longer-waiting";
        throw error;
      }
    },
  };
}
