import {
  DescribePendingMaintenanceActionsCommand,
  type RDSClient,
  type ResourcePendingMaintenanceActions,
} from "@aws-sdk/client-rds";
import type { Sight } from "../../core/context-ports.ts";
import type { Target } from "../../core/contract/target.ts";
import type { Topology } from "../../core/contract/topology.ts";
import { attempt, during, isoOf } from "./attempt.ts";
import { identifierOf } from "./rds-names.ts";

type Maintenance = NonNullable<Topology["maintenance"]>;

/** What waits for the maintenance window of the instance and of its cluster; several filters would have to match at once. */
export function readMaintenance(
  { client, signal }: { readonly client: RDSClient; readonly signal: AbortSignal | undefined },
  { name, clusterId }: Target,
): Promise<Sight<Maintenance | null>> {
  const filters = [
    { Name: "db-instance-id", Values: [name] },
    ...(clusterId === null ? [] : [{ Name: "db-cluster-id", Values: [clusterId] }]),
  ];
  const call = { what: "pending maintenance", action: "rds:DescribePendingMaintenanceActions" };
  return attempt(call, async () => {
    const answers = await Promise.all(
      filters.map((filter) =>
        client.send(new DescribePendingMaintenanceActionsCommand({ Filters: [filter] }), during(signal)),
      ),
    );
    return answers.flatMap(({ PendingMaintenanceActions }) =>
      (PendingMaintenanceActions ?? []).flatMap(actionsOf),
    );
  });
}

function actionsOf(pending: ResourcePendingMaintenanceActions): Maintenance {
  return (pending.PendingMaintenanceActionDetails ?? []).map((detail) => ({
    resource: identifierOf(pending.ResourceIdentifier ?? ""),
    action: detail.Action ?? "unknown",
    description: detail.Description ?? null,
    optIn: detail.OptInStatus ?? null,
    autoAppliedAfter: isoOf(detail.AutoAppliedAfterDate),
    forcedAt: isoOf(detail.ForcedApplyDate),
    appliesAt: isoOf(detail.CurrentApplyDate),
  }));
}
