import type { EngineNode } from "../engines/engine-node.ts";
import type { Door, Doors } from "../network/doors.ts";

/** One instance of RDS in the lab: a name and an address over whatever engine stands behind them. */
export interface Database {
  id: string;
  readonly clusterId: string | null;
  /** Stays when the name changes. moto gives every instance the same. */
  readonly resourceId: string;
  node: EngineNode;
  /** The invisible half of a Multi-AZ instance. */
  standby: EngineNode | null;
  readonly doors: Doors;
  /** What DescribeDBInstances answers with. */
  readonly endpoint: Door;
  /** Whom it replicates from. */
  source: Database | null;
  /** Null while nothing is under way. */
  status: string | null;
  readonly pending: Map<string, string>;
  parameterGroup: string;
  groupStatus: "in-sync" | "applying" | "pending-reboot";
  /** As the last sample found it; null on who follows nobody, or before the first sample. */
  replicating: boolean | null;
}

/** An Aurora cluster: two addresses that move with the roles. */
export interface Cluster {
  readonly id: string;
  readonly writerDoors: Doors;
  readonly readerDoors: Doors;
  readonly endpoint: Door;
  readonly readerEndpoint: Door;
  writer: Database;
  readonly parameterGroup: string;
  status: string | null;
}
