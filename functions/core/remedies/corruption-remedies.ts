import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import { findExtent } from "./extent-remedies.ts";

/** What a person does first: keep what is there, then find out how far it goes. Repairs come last, if at all. */
export function corruptionRemedies(view: View): readonly ProposedAction[] {
  return [...snapshotNow(view), ...findExtent(view), ...restoreElsewhere(view)];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CreateSnapshot.html */
function snapshotNow({ evidence: { target } }: View): readonly ProposedAction[] {
  if (target.flavour === "self-managed") return [];
  const cluster = target.clusterId;
  return [
    proposeManual({
      id: "snapshot-now",
      spec: ["A27"],
      risk: "safe",
      preview:
        cluster === null
          ? `aws rds create-db-snapshot --db-instance-identifier ${target.name} --db-snapshot-identifier ${target.name}-as-found`
          : `aws rds create-db-cluster-snapshot --db-cluster-identifier ${cluster} --db-cluster-snapshot-identifier ${cluster}-as-found`,
      describes: `keep ${cluster ?? target.name} as it is now, before anybody repairs anything`,
      consequence:
        "It copies the damage too: it is for taking back a repair that went wrong, not for going back to good data. Keep the automated backups from before from expiring.",
    }),
  ];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html: always a new instance. */
function restoreElsewhere({ evidence: { target } }: View): readonly ProposedAction[] {
  if (target.flavour === "self-managed") return [];
  const cluster = target.clusterId;
  const time = "--restore-to-time /* before the first sign of it */";
  return [
    proposeManual({
      id: "restore-point-in-time",
      spec: ["A28"],
      risk: "safe",
      preview:
        cluster === null
          ? `aws rds restore-db-instance-to-point-in-time --source-db-instance-identifier ${target.name} --target-db-instance-identifier ${target.name}-before ${time.replace("--restore-to-time", "--restore-time")}`
          : `aws rds restore-db-cluster-to-point-in-time --source-db-cluster-identifier ${cluster} --db-cluster-identifier ${cluster}-before ${time}`,
      describes: "bring back a copy from before, beside the damaged one",
      consequence:
        "Makes a new database that costs as much as this one; nothing happens to this one. Compare there what is lost, and take it over by hand.",
    }),
  ];
}
