import type { Severity } from "../../contract/finding.ts";
import type { Member } from "../../contract/topology.ts";
import { daysUntil, othersOf, selfOf, whenText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { renewCertificate, restartsForIt } from "../../remedies/aws/certificate-remedies.ts";
import { defineRule, type FindingDraft } from "../define.ts";

const soonDays = 30;
const noticeDays = 90;
const maxMembers = 10;

/**
 * When the last of the authority's certificates ran out, by Region a few weeks apart; none that it signed is valid.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html
 */
const endedAuthorities: Readonly<Record<string, string>> = {
  "rds-ca-2015": "2020-03-05T00:00:00.000Z",
  "rds-ca-2019": "2024-10-28T00:00:00.000Z",
};

export const certificateExpiring = defineRule({
  id: "certificate-expiring",
  spec: ["D4", "M2"],
  category: "configuration",
  title: "The server's certificate runs out",
  needs: ["DescribeDBInstances"],
  evaluate: (view) => {
    const self = selfOf(view);
    return [...(self === null ? [] : [self]), ...othersOf(view)]
      .slice(0, maxMembers)
      .flatMap((member) => draftOf(view, member, member === self));
  },
});

function draftOf(view: View, { id, certificate }: Member, own: boolean): readonly FindingDraft[] {
  const authority = certificate?.authority ?? null;
  const validTill = certificate?.validTill ?? endedAuthorities[authority ?? ""] ?? null;
  if (validTill === null) return [];
  const days = daysUntil(view, validTill);
  if (days > noticeDays) return [];
  const severity: Severity = days <= soonDays ? "P2" : "P3";
  const by = authority === null ? "" : `, signed by ${authority},`;
  return [
    {
      subject: own ? "" : id,
      severity,
      confidence: 0.95,
      summary: `The certificate of ${id}${by} ${days < 0 ? "ran" : "runs"} out on ${whenText(view, validTill)}: clients that verify it ${days < 0 ? "are" : "are then"} refused; ${own ? restartText(view) : "after a failover it counts"}`,
      evidence: [
        { source: "DescribeDBInstances", says: `${id}: ${authority ?? "unknown"} until ${validTill}` },
      ],
      explains: [
        {
          cause: "maintenance-due",
          subject: `${id} ca-certificate-rotation`,
          because: "RDS renews it before it ends",
        },
        ...(own && days < 0 && view.evidence.connection.failedStep === "tls"
          ? [{ cause: "database-unreachable" as const, because: "who verifies the certificate refuses it" }]
          : []),
      ],
      actions: own ? renewCertificate(view, authority) : [],
    },
  ];
}

function restartText(view: View): string {
  return restartsForIt(view)
    ? "the engine restarts for a new one"
    : "whether the engine restarts for a new one depends on its version";
}
