import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { ScheduleSettings } from "../../functions/core/schedule-settings.ts";
import type { ResponderFunction } from "../node-function.ts";
import { allow } from "./lambda-context.ts";

/**
 * Of EventBridge what the settings name, and nothing else. A schedule is written anew as a whole, which passes its target's
 * role on to Scheduler once more. https://docs.aws.amazon.com/scheduler/latest/UserGuide/security_iam_service-with-iam.html
 */
export function grantSchedule(fn: ResponderFunction, schedule: ScheduleSettings): void {
  const arn = (service: string, resource: string, resourceName: string) =>
    Stack.of(fn).formatArn({ service, resource, resourceName });
  const { name, group } = schedule;
  if (schedule.kind === "rule") {
    const ofBus = group === "default" ? name : `${group}/${name}`;
    allow(
      fn,
      ["events:DescribeRule", "events:DisableRule", "events:EnableRule"],
      [arn("events", "rule", ofBus)],
    );
    return;
  }
  const named = arn("scheduler", "schedule", `${group}/${name}`);
  allow(fn, ["scheduler:GetSchedule", "scheduler:UpdateSchedule"], [named]);
  fn.addToRolePolicy(
    new PolicyStatement({
      actions: ["iam:PassRole"],
      resources: [schedule.roleArn],
      conditions: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    }),
  );
}
