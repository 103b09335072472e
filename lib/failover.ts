import { ArnFormat, Stack } from "aws-cdk-lib";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { Settings } from "../functions/core/settings.ts";
import { accept } from "./accept-finding.ts";
import { FailoverWorkflow, failoverMachineName } from "./failover-workflow.ts";
import { FailoverFunction } from "./lambdas/failover-function.ts";
import { allow, type LambdaContext } from "./lambdas/lambda-context.ts";
import type { RespondFunctions } from "./respond-workflow.ts";

export interface FailoverProps extends LambdaContext {
  readonly settings: Settings;
  readonly steps: Pick<RespondFunctions, "probePostgres" | "probeMysql" | "actPostgres" | "actMysql">;
}

/** The machine that an operator starts by hand, and the function behind every one of its states. */
export class Failover extends Construct {
  readonly function: FailoverFunction;
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { steps, ...context }: FailoverProps) {
    super(scope, id);
    const { probePostgres, probeMysql, actPostgres, actMysql } = steps;
    this.function = new FailoverFunction(this, "FailoverFunction", {
      ...context,
      doors: {
        PROBE_POSTGRES: probePostgres,
        PROBE_MYSQL: probeMysql,
        ACT_POSTGRES: actPostgres,
        ACT_MYSQL: actMysql,
      },
    });
    this.machine = new FailoverWorkflow(this, "Workflow", this.function).machine;
    this.mayStart();
    const again = "Step Functions retries and catches; a sweep that is lost is made good by the next one.";
    accept(this.function, "Serverless-LambdaDLQ", again);
    accept(this.function, "Serverless-LambdaAsyncFailureDestination", again);
  }

  /** By the machine's name and not by its reference: the machine depends on the function already. */
  private mayStart(): void {
    const arn = Stack.of(this).formatArn({
      service: "states",
      resource: "stateMachine",
      resourceName: failoverMachineName(this),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    allow(this.function, ["states:StartExecution"], [arn]);
    this.function.addEnvironment("STATE_MACHINE_ARN", arn);
  }
}
