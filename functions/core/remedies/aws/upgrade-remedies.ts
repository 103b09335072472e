import type { ProposedAction } from "../../contract/finding.ts";
import { apiEngine } from "../../facts/database-kind.ts";
import type { View } from "../../facts/view.ts";
import { withholdCall } from "./aws-proposal.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/blue-green-deployments.html */
export function upgradeMajor(view: View, major: string): readonly ProposedAction[] {
  const { engineVersion } = view.evidence.target;
  return [
    withholdCall(
      {
        id: "upgrade-engine",
        spec: ["M2"],
        risk: "irreversible",
        describes: `plan the upgrade of ${view.evidence.target.name} to a major version after ${major}`,
        consequence:
          "Tested on a copy first; a blue/green deployment keeps the outage to about a minute, an upgrade in place takes minutes to hours. There is no way back but a restore.",
      },
      `which version is right is for its applications to say: aws rds describe-db-engine-versions --engine ${apiEngine(view)} --engine-version ${engineVersion ?? major} lists the targets, aws rds describe-db-major-engine-versions --engine ${apiEngine(view)} the dates of today`,
    ),
  ];
}
