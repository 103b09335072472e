import type { ProposedAction } from "../../contract/finding.ts";
import { apiEngine } from "../../facts/database-kind.ts";
import { isCertificateRotation } from "../../facts/maintenance-actions.ts";
import type { View } from "../../facts/view.ts";
import { type AwsRemedy, askTable, callOf, showCalls, withholdCall } from "./aws-proposal.ts";
import { applyInNextWindow } from "./maintenance-remedies.ts";

/** The one that every engine and Region has. */
const newAuthority = "rds-ca-rsa2048-g1";

/**
 * Authorities of today renew the server's certificate by themselves or by pending maintenance; the older ones have to
 * be left. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html
 */
export function renewCertificate(view: View, authority: string | null): readonly ProposedAction[] {
  const [pending] = rotationsOf(view);
  if (pending !== undefined) return applyInNextWindow(view, pending);
  const asked = askTable(view, "change-authority");
  if (asked.is === "none") return [];
  const renews = authority?.endsWith("-g1") ?? false;
  const remedy = {
    id: "renew-certificate",
    spec: ["P15"],
    risk: "disruptive",
    describes: renews
      ? "have the server's certificate renewed"
      : `a certificate signed by ${newAuthority}, in the next maintenance window`,
    consequence: `${renews ? "" : "Clients that verify it need the new authority in their trust store first; the bundle of RDS holds old and new. "}${restartText(view)}`,
  } satisfies AwsRemedy;
  if (asked.is === "unknown") return [withholdCall(remedy, asked.because)];
  if (renews) {
    return [
      withholdCall(
        remedy,
        `${authority} renews it without being asked, or by a pending maintenance action, of which none is listed: aws rds describe-pending-maintenance-actions, else ask AWS Support`,
      ),
    ];
  }
  return [
    // Left out, ApplyImmediately is false: the next maintenance window.
    showCalls(view, remedy, [callOf(asked, { CACertificateIdentifier: newAuthority })]),
  ];
}

function rotationsOf({ evidence: { context, target } }: View) {
  return (context?.topology?.maintenance ?? []).filter(
    (pending) => isCertificateRotation(pending) && pending.resource === target.name,
  );
}

/** RDS lists a rotation to be applied only where a restart is needed. */
export function restartsForIt(view: View): boolean {
  return rotationsOf(view).length > 0;
}

/** By version, which only RDS tells. */
function restartText(view: View): string {
  if (restartsForIt(view)) return "The engine restarts for it.";
  const { engineVersion } = view.evidence.target;
  const version = engineVersion === null ? "" : ` --engine-version ${engineVersion}`;
  return `Whether the engine restarts for it depends on its version: SupportsCertificateRotationWithoutRestart of aws rds describe-db-engine-versions --engine ${apiEngine(view)}${version} tells.`;
}
