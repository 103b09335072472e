import type { SpecId } from "../spec-id.ts";

/** One thing that is read about a database from outside it. */
export interface ContextSource {
  readonly id: string;
  readonly spec: readonly SpecId[];
  /** The question, in words. */
  readonly title: string;
  /** IAM actions of the calls; the collecting function is given exactly these. */
  readonly calls: readonly string[];
  readonly source: string;
}

const rdsApi = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_";

/** What the responder reads about a database without touching it. The order is that of the specification. */
export const contextSources: readonly ContextSource[] = [
  {
    id: "metrics",
    spec: ["M1", "M6"],
    title:
      "What do the instance, its cluster and its replicas measure now, and what a day and a week before?",
    calls: ["cloudwatch:GetMetricData"],
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html",
  },
  {
    id: "alarm-states",
    spec: ["S12"],
    title: "Do the alarms of the incident still stand, and by which metric and threshold?",
    calls: ["cloudwatch:DescribeAlarms"],
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html",
  },
  {
    id: "topology",
    spec: ["M2"],
    title: "What is it, which members and replicas has it, what is pending, is maintenance due?",
    calls: [
      "rds:DescribeDBInstances",
      "rds:DescribeDBClusters",
      "rds:DescribeGlobalClusters",
      "rds:DescribePendingMaintenanceActions",
      "rds:DescribeDBParameters",
    ],
    source: `${rdsApi}DescribeDBInstances.html`,
  },
  {
    id: "events-and-logs",
    spec: ["M3"],
    title: "What did RDS report in the last 24 hours, and what do the error and slow logs say?",
    calls: ["rds:DescribeEvents", "rds:DescribeDBLogFiles", "rds:DownloadDBLogFilePortion"],
    source: `${rdsApi}DescribeEvents.html`,
  },
  {
    id: "database-load",
    spec: ["M4"],
    title: "Which waits, statements, users and hosts make the load?",
    calls: ["pi:DescribeDimensionKeys"],
    source:
      "https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_DescribeDimensionKeys.html",
  },
  {
    id: "backups",
    spec: ["M5"],
    title: "How old is the newest snapshot, and how far back can it be restored?",
    calls: [
      "rds:DescribeDBSnapshots",
      "rds:DescribeDBClusterSnapshots",
      "rds:DescribeDBInstanceAutomatedBackups",
    ],
    source: `${rdsApi}DescribeDBSnapshots.html`,
  },
  {
    id: "recent-changes",
    spec: ["M7"],
    title: "Who changed what on it lately?",
    calls: ["cloudtrail:LookupEvents"],
    source: "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html",
  },
];
