import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { PIClient } from "@aws-sdk/client-pi";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { ContextSources } from "../../core/context-ports.ts";
import { createCloudTrailChanges } from "./cloudtrail-changes.ts";
import { createPerformanceInsights } from "./performance-insights.ts";
import { createRdsBackups } from "./rds-backups.ts";
import { createRdsEvents } from "./rds-events.ts";
import { createRdsLogs } from "./rds-logs.ts";
import { createRdsTopology } from "./rds-topology.ts";

export interface ContextClients {
  readonly rds: RDSClient;
  readonly pi: PIClient;
  readonly cloudTrail: CloudTrailClient;
}

/** Everything that AWS can say about a database without touching it. */
export function createDatabaseContext({ rds, pi, cloudTrail }: ContextClients): ContextSources {
  return {
    topology: createRdsTopology({ client: rds }),
    events: createRdsEvents({ client: rds }),
    logs: createRdsLogs({ client: rds }),
    load: createPerformanceInsights({ client: pi }),
    backups: createRdsBackups({ client: rds }),
    changes: createCloudTrailChanges({ client: cloudTrail }),
  };
}
