import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { AwsError } from "../../../core/errors.ts";
import { during } from "../attempt.ts";
import type { ClientSettings } from "../clients.ts";
import { plain } from "./name-value.ts";
import { addressOf, type NameKind, type NamesOptions } from "./names-reach.ts";

export function createRoute53Client({ region, endpoint }: ClientSettings): Route53Client {
  return new Route53Client({
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}

/** Until all of Route 53 has it; resolvers keep the old one for its TTL all the same, so that the proof decides. */
const syncTries = 15;
const syncEveryMs = 1000;

/**
 * A CNAME of a hosted zone. A record of several (weighted, latency) is no single name, and is neither read nor moved.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
 */
export function route53Record(
  { zoneId, record }: { readonly zoneId: string; readonly record: string },
  options: NamesOptions,
): NameKind {
  const { route53, clock } = options;
  const current = async (signal: AbortSignal | undefined) => {
    const start = { StartRecordName: record, StartRecordType: "CNAME", MaxItems: 2 } as const;
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, ...start });
    const { ResourceRecordSets: all = [] } = await route53.send(command, during(signal));
    const own = all.filter(({ Name = "", Type }) => Type === "CNAME" && plain(Name) === plain(record));
    const [only, more] = own;
    if (only === undefined || more !== undefined || only.SetIdentifier !== undefined) return null;
    const host = only.ResourceRecords?.[0]?.Value;
    return host === undefined ? null : { host, ttlSeconds: only.TTL ?? null };
  };
  return {
    read: async (_, signal) => {
      const [found, leadsTo] = await Promise.all([
        current(signal),
        options.resolve(record, signal).catch(() => null),
      ]);
      return {
        stands: found && { host: found.host },
        leads: leadsTo === null ? null : { host: leadsTo },
        ttlSeconds: found?.ttlSeconds ?? null,
      };
    },
    point: async (to, signal) => {
      const [found, { host }] = await Promise.all([current(signal), addressOf(to, options, signal)]);
      if (found === null)
        throw new AwsError("NoSingleRecord", true, `${record} is no single CNAME of ${zoneId}`);
      const set = {
        Name: record,
        Type: "CNAME",
        TTL: found.ttlSeconds ?? 5,
        ResourceRecords: [{ Value: host }],
      };
      const { ChangeInfo: change } = await route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          ChangeBatch: {
            Comment: "rds-responder: failover",
            Changes: [{ Action: "UPSERT", ResourceRecordSet: { ...set, Type: "CNAME" } }],
          },
        }),
        during(signal),
      );
      await inSync(change?.Id, change?.Status, signal);
    },
  };

  async function inSync(id: string | undefined, first: string | undefined, signal: AbortSignal | undefined) {
    let status = first;
    for (let look = 0; look < syncTries && status !== "INSYNC" && id !== undefined; look += 1) {
      await clock.sleep(syncEveryMs, signal);
      const { ChangeInfo: change } = await route53.send(new GetChangeCommand({ Id: id }), during(signal));
      status = change?.Status;
    }
  }
}
