import * as z from "zod";
import {
  type FailoverState,
  failoverStateSchema,
} from "../../../functions/core/contract/failover-machine.ts";
import { waitUntil } from "../engines/wait-until.ts";
import type { AwsCalls } from "./aws-calls.ts";

const startedSchema = z.object({ executionArn: z.string() });
const describedSchema = z.object({
  status: z.string(),
  output: z.string().optional(),
  cause: z.string().optional(),
});

/** A failover as an operator rehearses it in the console: the deployed machine, started by hand, that only looks. */
export async function rehearse(
  { call }: AwsCalls,
  stateMachineArn: string,
  database: string,
): Promise<FailoverState> {
  const typed = { database, reason: "rehearsal", dryRun: true };
  const start = { stateMachineArn, input: JSON.stringify(typed) };
  const { executionArn } = await call(
    { service: "stepfunctions", operation: "start_execution", parameters: start },
    startedSchema,
  );
  const described = {
    service: "stepfunctions",
    operation: "describe_execution",
    parameters: { executionArn },
  };
  const { status, output, cause } = await waitUntil(
    async () => {
      const seen = await call(described, describedSchema);
      return seen.status !== "RUNNING" && seen;
    },
    { what: "the rehearsal has ended", timeoutMs: 120_000, everyMs: 500 },
  );
  if (status !== "SUCCEEDED")
    throw new Error(`the rehearsal ended ${status}: ${cause ?? "no cause was given"}`);
  return failoverStateSchema.parse(JSON.parse(output ?? "null"));
}
