import { afterAll, describe } from "vitest";
import type { ClientSettings } from "../../functions/adapters/aws/clients.ts";
import { startAwsEndpoint } from "../lab/endpoint/moto.ts";

/**
 * Runs a suite on an AWS-compatible endpoint. Without one, every test of it is counted as skipped, and its name
 * says why: a contract that was proved on the twin alone must not look green.
 */
export async function onEndpoint(subject: string, suite: (aws: ClientSettings) => void): Promise<void> {
  const aws = await startAwsEndpoint();
  if ("unavailable" in aws) {
    const why = aws.unavailable.replaceAll(/\s+/g, " ").slice(0, 300);
    describe.skip(`${subject} NOT TRIED: no AWS endpoint: ${why}`, () => suite(nowhere));
    return;
  }
  describe(`${subject} on ${aws.source}`, () => {
    suite({ region: aws.region, endpoint: aws.endpoint });
    afterAll(() => aws.stop());
  });
}

/** Nothing listens on port 9 of 127.0.0.1; the suite is only listed, never run. */
const nowhere: ClientSettings = { region: "eu-west-1", endpoint: "http://127.0.0.1:9" };
