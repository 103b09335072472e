import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { createRoute53Client } from "../../../functions/adapters/aws/failover/route53-record.ts";
import type { Lab } from "../rds/start-lab.ts";

/** Clients ask again after a second. */
export async function shortenName(lab: Lab): Promise<void> {
  const { record, hostedZoneId } = lab.description().names;
  const { host } = lab.resolve("dns");
  const set = { Name: record, Type: "CNAME", TTL: 1, ResourceRecords: [{ Value: host }] } as const;
  await createRoute53Client(lab).send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: hostedZoneId,
      ChangeBatch: {
        Changes: [{ Action: "UPSERT", ResourceRecordSet: { ...set, ResourceRecords: [{ Value: host }] } }],
      },
    }),
  );
}
