import { Duration } from "aws-cdk-lib";
import { type EventPattern, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { accept } from "./accept-finding.ts";

/**
 * CloudWatch tells EventBridge of every alarm, whatever else the alarm does: whoever the first message needs starts while
 * the intake still does, instead of after it. They are told nothing but to wake up, so the alarm decides nothing here.
 * Only a courtesy: it is not tried again, and the machine wakes up whoever still sleeps.
 */
export function wakeUpRule(
  scope: Construct,
  id: string,
  pattern: EventPattern,
  functions: readonly IFunction[],
) {
  const rule = new Rule(scope, id, {
    description: "Wakes up the responder's functions when an RDS alarm goes off",
    eventPattern: { ...pattern, detail: { ...pattern.detail, state: { value: ["ALARM"] } } },
  });
  for (const fn of functions) {
    // A wake-up that was throttled would otherwise be tried for six hours.
    fn.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    rule.addTarget(
      new LambdaFunction(fn, {
        event: RuleTargetInput.fromObject({ wake: true }),
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
      }),
    );
  }
  accept(rule, "Serverless-EventBusDLQ", "A wake-up that comes too late is worth nothing to anybody.");
  return rule;
}
