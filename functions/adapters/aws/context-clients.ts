import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { PIClient } from "@aws-sdk/client-pi";
import { RDSClient } from "@aws-sdk/client-rds";
import type { ClientSettings } from "./clients.ts";

/**
 * Two tries of at most 2.5 s each: context has 8 s in all and is used as far as it came. CloudTrail allows two
 * look-ups a second for the whole account, so a third try would only take them from another incident.
 */
function options({ region, endpoint }: ClientSettings) {
  return {
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2500, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

export function createContextRdsClient(settings: ClientSettings): RDSClient {
  return new RDSClient(options(settings));
}

/** Performance Insights. */
export function createPiClient(settings: ClientSettings): PIClient {
  return new PIClient(options(settings));
}

export function createCloudTrailClient(settings: ClientSettings): CloudTrailClient {
  return new CloudTrailClient(options(settings));
}
