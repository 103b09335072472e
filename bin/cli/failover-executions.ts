import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListStateMachinesCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { answered } from "../../functions/adapters/aws/aws-error.ts";
import { createSfnClient } from "../../functions/adapters/aws/clients.ts";
import { UsageError } from "./command.ts";

export interface ExecutionSeen {
  readonly status: string;
  readonly output: string | null;
  /** Of one that failed. */
  readonly cause: string | null;
}

/** The deployed machine, as far as somebody starts it and watches it. */
export interface Executions {
  start(name: string, input: object): Promise<string>;
  look(execution: string): Promise<ExecutionSeen>;
  /** Names of the states that were entered, oldest first. */
  entered(execution: string): Promise<readonly string[]>;
}

const maxPages = 20;

/** Found by its name, which is the stack's with "-failover". Throws a UsageError where there is none. */
export async function failoverExecutions(region: string, stack: string): Promise<Executions> {
  const client = createSfnClient({ region });
  const arn = await answered(() => machineNamed(client, `${stack}-failover`));
  if (arn === null) {
    throw new UsageError(
      `No state machine ${stack}-failover in ${region}: deployed under another name? --stack`,
    );
  }
  return executionsOf(client, arn);
}

async function machineNamed(client: SFNClient, name: string): Promise<string | null> {
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const command = new ListStateMachinesCommand(nextToken === undefined ? {} : { nextToken });
    const { stateMachines = [], nextToken: more } = await client.send(command);
    const found = stateMachines.find((machine) => machine.name === name);
    if (found?.stateMachineArn !== undefined) return found.stateMachineArn;
    if (more === undefined) return null;
    nextToken = more;
  }
  return null;
}

function executionsOf(client: SFNClient, stateMachineArn: string): Executions {
  return {
    start: (name, input) =>
      answered(async () => {
        const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
        return (await client.send(command)).executionArn ?? "";
      }),
    look: (executionArn) =>
      answered(async () => {
        const seen = await client.send(new DescribeExecutionCommand({ executionArn }));
        return { status: seen.status ?? "RUNNING", output: seen.output ?? null, cause: seen.cause ?? null };
      }),
    entered: (executionArn) =>
      answered(async () => {
        // The newest thousand: a failover enters some hundred states.
        const command = new GetExecutionHistoryCommand({
          executionArn,
          reverseOrder: true,
          maxResults: 1000,
        });
        const { events = [] } = await client.send(command);
        return events.flatMap(({ stateEnteredEventDetails: state }) => state?.name ?? []).toReversed();
      }),
  };
}
