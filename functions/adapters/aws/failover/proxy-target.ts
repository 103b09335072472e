import {
  DBProxyTargetAlreadyRegisteredFault,
  DBProxyTargetNotFoundFault,
  DeregisterDBProxyTargetsCommand,
  DescribeDBProxyTargetsCommand,
  RegisterDBProxyTargetsCommand,
} from "@aws-sdk/client-rds";
import { AwsError } from "../../../core/errors.ts";
import { during } from "../attempt.ts";
import { parseArn } from "../rds-names.ts";
import type { NameKind, NamesOptions } from "./names-reach.ts";

/**
 * The instance behind an RDS Proxy. A target group has one: the old is taken out first, and clients of the proxy wait
 * (ConnectionBorrowTimeout) until the new one is registered and healthy.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html
 */
export function proxyTarget(
  { proxy, targetGroup }: { readonly proxy: string; readonly targetGroup: string },
  { rds }: NamesOptions,
): NameKind {
  const group = { DBProxyName: proxy, TargetGroupName: targetGroup };
  const targets = async (signal: AbortSignal | undefined) => {
    const { Targets: all = [] } = await rds.send(new DescribeDBProxyTargetsCommand(group), during(signal));
    return all.flatMap(({ RdsResourceId: id, Type: type, TargetHealth: health }) =>
      id === undefined || type === "TRACKED_CLUSTER" ? [] : [{ id, state: health?.State ?? null }],
    );
  };
  return {
    read: async (_, signal) => {
      const [only, more] = await targets(signal);
      // One that the proxy itself does not reach is registered, and proves nothing to its clients yet.
      const stands = only === undefined || more !== undefined || only.state === "UNAVAILABLE" ? null : only;
      return { stands: stands && { id: stands.id }, ttlSeconds: null };
    },
    point: async (id, signal) => {
      if (parseArn(id) !== null) {
        throw new AwsError(
          "OtherRegion",
          true,
          `a proxy has databases of its own Region alone: ${id} is none`,
        );
      }
      const all = (await targets(signal)).map((target) => target.id);
      const others = all.filter((other) => other !== id);
      if (others.length > 0) {
        const command = new DeregisterDBProxyTargetsCommand({ ...group, DBInstanceIdentifiers: others });
        await unless(DBProxyTargetNotFoundFault, rds.send(command, during(signal)));
      }
      if (all.includes(id)) return;
      const command = new RegisterDBProxyTargetsCommand({ ...group, DBInstanceIdentifiers: [id] });
      await unless(DBProxyTargetAlreadyRegisteredFault, rds.send(command, during(signal)));
    },
  };
}

async function unless(
  known: typeof DBProxyTargetAlreadyRegisteredFault | typeof DBProxyTargetNotFoundFault,
  sent: Promise<unknown>,
): Promise<void> {
  try {
    await sent;
  } catch (error) {
    if (!(error instanceof known)) throw error;
  }
}
