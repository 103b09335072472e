import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import type { LogPortion } from "../../../../functions/core/context-ports.ts";
import type { Change, LoadDimension, RdsEvent } from "../../../../functions/core/contract/context.ts";
import type { ProbeReport } from "../../../../functions/core/contract/evidence.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import type { Topology } from "../../../../functions/core/contract/topology.ts";
import type { Curves } from "./curves.ts";

/** An alarm on one metric of the database, as CloudWatch has it. */
export interface FiredAlarm {
  readonly metric: string;
  readonly statistic: string;
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  readonly values: readonly number[];
  readonly minutesAgo: number;
  /** How it stands by now. */
  readonly state?: "OK" | "ALARM";
}

export interface RdsNotice {
  readonly id: string;
  readonly category: string;
  readonly message: string;
  readonly minutesAgo: number;
}

/** All that AWS says of a database into which nobody gets. */
export interface World {
  /** As DescribeDBInstances answers; the first is looked at. */
  readonly instances: readonly DBInstance[];
  readonly cluster?: DBCluster;
  readonly maintenance?: NonNullable<Topology["maintenance"]>;
  /** By CloudWatch's name, of another member as "member/name". What is not here CloudWatch does not have. */
  readonly metrics: Curves;
  readonly events?: readonly RdsEvent[];
  /** Null: Performance Insights is off. */
  readonly load?: readonly LoadDimension[] | null;
  readonly logs?: readonly LogPortion[];
  readonly changes?: readonly Change[];
  readonly alarm?: FiredAlarm;
  /** Further alarms of the same database, attached to the same incident. */
  readonly alsoAlarms?: readonly FiredAlarm[];
  readonly notice?: RdsNotice;
  /** How the way in ended: nobody listens, packets are lost, nobody answers, or the probing function itself failed. */
  readonly way: "refused" | "dropped" | "silent" | "probe-failed";
  /** Sessions to blame, where the way in shows them; none unless told. */
  readonly culprits?: readonly number[];
  /** The way in opens late or in part, whatever `way` says: what the probes bring back then. */
  readonly inPart?: (target: Target, collectedAt: string) => ProbeReport;
}

export interface Dice {
  number(from: number, to: number): number;
}
