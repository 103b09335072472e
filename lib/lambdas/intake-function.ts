import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { accept } from "../accept-finding.ts";
import { ResponderFunction } from "../node-function.ts";
import {
  allow,
  grantAnyOf,
  grantIncidents,
  grantSettings,
  grantUnrestricted,
  type LambdaContext,
} from "./lambda-context.ts";

const anyDatabase = "An alarm may name any database of the account.";

/** Every way in ends here: parse, resolve the database, open or attach, start the execution. */
export class IntakeFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    const { deadLetters } = context.storage;
    super(scope, id, {
      handler: "intake",
      description: "Turns alarms into incidents",
      timeout: Duration.seconds(30),
      // Processing power comes with memory, and nothing of an incident begins before this has started.
      memorySize: 1024,
      environment: { DEAD_LETTER_QUEUE_URL: deadLetters.queueUrl },
    });
    grantIncidents(context, this, "GetItem", "PutItem");
    grantSettings(context, this);
    allow(this, ["sqs:SendMessage"], [deadLetters.queueArn]);
    grantAnyOf(this, "rds:DescribeDBInstances", "db:*", anyDatabase);
    grantAnyOf(this, "rds:DescribeDBClusters", "cluster:*", anyDatabase);
    grantAnyOf(this, "cloudwatch:ListTagsForResource", "alarm:*", "Any alarm may be sent here.");
    grantUnrestricted(
      this,
      ["cloudwatch:DescribeAlarms"],
      "CloudWatch tells of composite alarms only whoever may describe every alarm.",
    );
    // All three ways in invoke it asynchronously; what fails three times goes where people look.
    this.configureAsyncInvoke({
      // Not CDK's SqsDestination, which grants two more calls than the sending above.
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
    });
    accept(
      this,
      "Serverless-LambdaDLQ",
      "Its failure destination is the dead-letter queue, and says more than a dead-letter target: the error too.",
    );
  }
}
