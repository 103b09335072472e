import {
  DBProxyNotFoundFault,
  DBProxyTargetGroupNotFoundFault,
  DescribeDBProxyTargetGroupsCommand,
  DescribeDBProxyTargetsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { ProxyPool } from "../../core/change-ports.ts";
import { during, isoOf } from "./attempt.ts";

/** Null: there is no such proxy, or it has no such target group. */
export async function proxyPool(
  client: RDSClient,
  { proxy, group }: { readonly proxy: string; readonly group: string },
  signal: AbortSignal | undefined,
): Promise<ProxyPool | null> {
  try {
    const named = { DBProxyName: proxy, TargetGroupName: group };
    const { TargetGroups = [] } = await client.send(
      new DescribeDBProxyTargetGroupsCommand(named),
      during(signal),
    );
    const found = TargetGroups.find(({ TargetGroupName }) => TargetGroupName === group);
    if (found === undefined) return null;
    const { Targets = [] } = await client.send(new DescribeDBProxyTargetsCommand(named), during(signal));
    const { MaxConnectionsPercent, MaxIdleConnectionsPercent, ConnectionBorrowTimeout, ...rest } =
      found.ConnectionPoolConfig ?? {};
    return {
      status: found.Status ?? null,
      targets: Targets.flatMap(({ RdsResourceId, TrackedClusterId }) => [
        ...(RdsResourceId ? [RdsResourceId] : []),
        ...(TrackedClusterId ? [TrackedClusterId] : []),
      ]),
      maxConnectionsPercent: MaxConnectionsPercent ?? null,
      maxIdleConnectionsPercent: MaxIdleConnectionsPercent ?? null,
      borrowTimeoutSeconds: ConnectionBorrowTimeout ?? null,
      updatedAt: isoOf(found.UpdatedDate),
      rest: JSON.stringify(Object.entries(rest).toSorted()),
    };
  } catch (error) {
    if (error instanceof DBProxyNotFoundFault || error instanceof DBProxyTargetGroupNotFoundFault)
      return null;
    throw error;
  }
}
