import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { FailoverExecution, Failovers } from "../../core/change-ports.ts";
import { failoverStateSchema } from "../../core/contract/failover-machine.ts";
import { during } from "./attempt.ts";
import { answered } from "./aws-error.ts";

interface FailoverMachineProps {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
}

/** The machine of the failovers as whoever acts on a card sees it. */
export function createFailoverMachine({ client, stateMachineArn }: FailoverMachineProps): Failovers {
  const prefix = stateMachineArn.replace(":stateMachine:", ":execution:");
  return {
    start: (name, input, signal) =>
      answered(async () => {
        const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
        try {
          await client.send(command, during(signal));
        } catch (error) {
          // One of this name has ended already: it is this one.
          if (!(error instanceof ExecutionAlreadyExists)) throw error;
        }
      }),
    execution: (name, signal) =>
      answered(async () => {
        const command = new DescribeExecutionCommand({ executionArn: `${prefix}:${name}` });
        try {
          return executionOf(await client.send(command, during(signal)));
        } catch (error) {
          if (error instanceof ExecutionDoesNotExist) return null;
          throw error;
        }
      }),
  };
}

interface Described {
  readonly status?: string | undefined;
  readonly output?: string | undefined;
  readonly cause?: string | undefined;
}

function executionOf({ status = "RUNNING", output, cause }: Described): FailoverExecution {
  if (status === "RUNNING" || status === "PENDING_REDRIVE") return { is: "running" };
  if (status !== "SUCCEEDED") {
    const says = cause === undefined || cause === "" ? `Step Functions says ${status}.` : cause.slice(0, 500);
    return { is: "failed", says, nextCommand: null };
  }
  const state = failoverStateSchema.safeParse(parsed(output)).data;
  if (state === undefined)
    return { is: "failed", says: "What it ended with cannot be read.", nextCommand: null };
  const { says, nextCommand } = state;
  return { is: state.status === "done" ? "done" : "held", says, nextCommand };
}

function parsed(output: string | undefined): unknown {
  try {
    return JSON.parse(output ?? "null");
  } catch {
    return null;
  }
}
