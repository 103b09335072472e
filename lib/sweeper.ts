import { ArnFormat, Duration, Stack } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { accept, attributeOf } from "./accept-finding.ts";
import type { Failover } from "./failover.ts";
import { allow } from "./lambdas/lambda-context.ts";
import type { SweepFunction } from "./lambdas/sweep-function.ts";

/**
 * No group stays locked by a dead incident (Q3): an execution that has failed, was stopped or ran out of time is
 * noticed by its event, and one whose event was lost by the clock.
 */
export class Sweeper extends Construct {
  /** By the name of the alarm that watches it. */
  readonly rules: Readonly<Record<string, Rule>>;

  constructor(
    scope: Construct,
    id: string,
    { sweep, machine, failover }: { sweep: SweepFunction; machine: StateMachine; failover: Failover },
  ) {
    super(scope, id);
    sweep.addEnvironment("STATE_MACHINE_ARN", machine.stateMachineArn);
    allow(sweep, ["states:StartExecution"], [machine.stateMachineArn]);
    const executions = Stack.of(this).formatArn({
      service: "states",
      resource: "execution",
      resourceName: `${machine.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    allow(sweep, ["states:DescribeExecution"], [executions]);
    if (sweep.role !== undefined) {
      accept(
        sweep.role,
        `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${attributeOf(machine, "Name")}:*]`,
        "Whether an execution of this machine lives; every incident has executions of its own.",
      );
    }
    const target = new LambdaFunction(sweep, { retryAttempts: 2, maxEventAge: Duration.minutes(5) });
    const ended = new Rule(this, "ExecutionEnded", {
      description: "An execution of the responder ended without having closed its incident",
      eventPattern: {
        source: ["aws.states"],
        detailType: ["Step Functions Execution Status Change"],
        detail: { status: ["FAILED", "TIMED_OUT", "ABORTED"], stateMachineArn: [machine.stateMachineArn] },
      },
      targets: [target],
    });
    const clock = new Rule(this, "EveryTwoMinutes", {
      description: "Incidents whose execution has died in silence",
      schedule: Schedule.rate(Duration.minutes(2)),
      targets: [
        target,
        // Runs of failovers that nobody drives any more, and old primaries that may come back.
        new LambdaFunction(failover.function, {
          event: RuleTargetInput.fromObject({ step: "sweep" }),
          retryAttempts: 2,
          maxEventAge: Duration.minutes(5),
        }),
      ],
    });
    this.rules = { SweepOnEnd: ended, SweepByClock: clock };
    for (const rule of [ended, clock]) {
      accept(
        rule,
        "Serverless-EventBusDLQ",
        "A sweep that is lost is made good by the next one, two minutes later.",
      );
    }
  }
}
