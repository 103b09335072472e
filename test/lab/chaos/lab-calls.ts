import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { createRoute53Client } from "../../../functions/adapters/aws/failover/route53-record.ts";
import type { Lab } from "../rds/start-lab.ts";

/** A security group without a rule: whoever has nothing else lets no client in. */
export async function makeQuarantine(lab: Lab): Promise<string> {
  const scope = `lab/20260101/${lab.region}/ec2/aws4_request`;
  const response = await fetch(lab.endpoint, {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=lab` },
    body: new URLSearchParams({
      ...{ Action: "CreateSecurityGroup", Version: "2016-11-15" },
      ...{ GroupName: "quarantine", GroupDescription: "nobody but the responder" },
    }),
  });
  const [, id] = /<groupId>([^<]+)</.exec(await response.text()) ?? [];
  if (id === undefined) throw new Error("the lab made no security group");
  return id;
}

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
