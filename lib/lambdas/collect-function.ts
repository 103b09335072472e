import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { grantUnrestricted } from "./lambda-context.ts";

/** Looks from outside: metrics, topology, events, logs, load, backups, recent changes. Reads only. */
export class CollectFunction extends ResponderFunction {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      handler: "collect",
      description: "Reads metrics and RDS context of the database",
      timeout: Duration.seconds(15),
      environment: {},
    });
    grantUnrestricted(
      this,
      [
        "cloudwatch:GetMetricData",
        "cloudtrail:LookupEvents",
        "rds:DescribeDBInstances",
        "rds:DescribeDBClusters",
        "rds:DescribeGlobalClusters",
        "rds:DescribePendingMaintenanceActions",
        "rds:DescribeEvents",
        "rds:DescribeDBLogFiles",
        "rds:DownloadDBLogFilePortion",
        "rds:DescribeDBSnapshots",
        "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBInstanceAutomatedBackups",
        "pi:DescribeDimensionKeys",
      ],
      "Reads only, of whatever database an alarm names; metrics and CloudTrail have no resource to name.",
    );
  }
}
