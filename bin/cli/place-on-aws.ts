import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { executeAwsOrder } from "../../functions/core/actions/execute-aws.ts";
import { notOptedIn } from "../../functions/core/policy/opt-in.ts";
import { changedResource } from "./changed-resource.ts";
import { UsageError } from "./command.ts";
import { deployedSettings } from "./deployed-settings.ts";
import type { Place } from "./place.ts";
import { schedulesByHand } from "./schedules-by-hand.ts";
import { webhooksByHand } from "./webhooks-by-hand.ts";

/**
 * A database that RDS knows by its identifier, changed with the AWS credentials of whoever asks. The SDK is loaded for
 * this alone. Throws AwsError where RDS cannot be asked.
 */
export async function placeOnAws(name: string, region: string, parameter: string): Promise<Place> {
  const { createCloudWatchClient, createRdsClient } = await import("../../functions/adapters/aws/clients.ts");
  const { rdsChangesIn } = await import("../../functions/adapters/aws/rds-changes-in.ts");
  const { createRdsControl } = await import("../../functions/adapters/aws/rds-control.ts");
  const { createCloudWatchMetrics } = await import("../../functions/adapters/aws/cloudwatch-metrics.ts");
  const reads = createRdsClient({ region });
  const { tagsAt } = await import("../../functions/adapters/aws/rds-tags.ts");
  const { answered } = await import("../../functions/adapters/aws/aws-error.ts");
  const target = await answered(() =>
    createRdsControl({ client: reads }).find({ kind: "instance", id: name }),
  );
  if (target === null) throw new UsageError(`RDS knows no PostgreSQL, MySQL or MariaDB ${name} in ${region}`);
  const rds = rdsChangesIn({ region });
  const known = await deployedSettings(region, parameter);
  const webhooks = await webhooksByHand(region, known);
  const metrics = createCloudWatchMetrics({ client: createCloudWatchClient({ region }) });
  const schedules = await schedulesByHand(region);
  const deps = { rds, webhooks, schedules, metrics, clock: createSystemClock(), repeated: false };
  return {
    target,
    known,
    refusalOf: async (input) => {
      const changed = changedResource(target, input);
      if (changed === null) return notOptedIn({ name: target.name, tags: {} });
      const tags = await answered(() => tagsAt(reads, changed.arn));
      return notOptedIn({ name: changed.name, tags });
    },
    followEveryMs: 15_000,
    execute: (order, options, signal) => executeAwsOrder(order, { ...deps, ...options }, signal),
  };
}
