import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it } from "vitest";
import type { ClientSettings } from "../../functions/adapters/aws/clients.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { bundleAsDeployed } from "../../lib/bundle-handlers.ts";
import * as asWritten from "../support/adapters-to-bundle.ts";
import { anIncident } from "../support/incident-builder.ts";
import { channelOfSlack } from "./channel-of-slack.ts";
import { chatContract } from "./chat.contract.ts";
import { evidenceStoreContract } from "./evidence-store.contract.ts";
import { createIncidentTable } from "./incident-table.ts";
import { onEndpoint } from "./on-endpoint.ts";

/** What the bundler leaves out of libraries must be nothing that an adapter uses: the same contracts, as deployed. */
const folder = await mkdtemp(join(tmpdir(), "rds-responder-adapters-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const file = join(folder, "adapters.cjs");
await bundleAsDeployed("test/support/adapters-to-bundle.ts", file);
const bundled: typeof asWritten = await import(file);

describe("a channel of Slack, as bundled", () => {
  chatContract(() => channelOfSlack(bundled.createSlackChat));
});

await onEndpoint("stores of AWS, as bundled,", (aws) => {
  evidenceStoreContract(async () => {
    const [client, bucket] = [bundled.createS3Client(aws), `responder-${createRandomIds().next()}`];
    const where = { CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } } as const;
    await asWritten.createS3Client(aws).send(new CreateBucketCommand({ Bucket: bucket, ...where }));
    return bundled.createS3EvidenceStore({ client, bucket });
  });

  it("Q3 an incident is read back as the store as written reads it, and saved only where it is", async () => {
    const table = await createIncidentTable(aws);
    const store = storeIn(bundled, aws, table);
    await store.open(anIncident({ id: "inc-1" }));
    await expect(store.save(anIncident({ id: "inc-2" }))).rejects.toThrow("incident inc-2 is no longer");
    expect(await store.get("inc-1")).toEqual(await storeIn(asWritten, aws, table).get("inc-1"));
    expect((await store.custodies()).map(({ incidentId }) => incidentId)).toEqual(["inc-1"]);
  });

  it("Q3 evidence that is not there is null, and a bucket that is not there an error", async () => {
    const client = bundled.createS3Client(aws);
    const store = bundled.createS3EvidenceStore({ client, bucket: "responder-no-such-bucket" });
    await expect(store.get("inc/1")).rejects.toThrow("bucket does not exist");
  });
});

describe("an S3 client, as bundled", () => {
  const regions = [
    "eu-west-1",
    "us-east-1",
    "cn-north-1",
    "us-gov-west-1",
    "aws-global",
    "eusc-de-east-1",
    "a_b",
    "",
  ];
  const endpoints = [{}, { Endpoint: "https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com/base" }];
  const flags = [false, true];
  const cases = regions.flatMap((Region) =>
    endpoints.flatMap((endpoint) =>
      flags.flatMap((UseFIPS) =>
        flags.flatMap((UseDualStack) =>
          flags.map((UseGlobalEndpoint) => ({
            Region,
            ...endpoint,
            UseFIPS,
            UseDualStack,
            UseGlobalEndpoint,
          })),
        ),
      ),
    ),
  );

  it.each(["responder-evidence-1", "a", "with.dots"])(
    "Q1 finds the bucket %s wherever the whole client finds it",
    (Bucket) => {
      const settled = { Bucket, Key: "evidence/1.json.gz", ForcePathStyle: true, Accelerate: false };
      for (const asked of cases)
        expect(answerOf(bundled, asked, settled)).toEqual(answerOf(asWritten, asked, settled));
    },
  );
});

describe("schemas, as bundled", () => {
  const incident = anIncident({ id: "inc-1" });
  it.each([
    {},
    null,
    { policy: { mode: "never", maxActions: -1 }, thresholds: 5, probing: null },
    { policy: { windows: [{ from: "25:00" }] }, unknown: { a: [1] } },
    incident,
    { ...incident, openedAt: "yesterday", actions: [{}] },
    { ...incident, actions: "none", next: { kind: "none" } },
  ])("Q1 read what the whole library reads, and refuse the rest in its words (%j)", (value) => {
    const [cut, whole] = [bundled, asWritten].map(({ settingsSchema, incidentSchema }) =>
      [settingsSchema, incidentSchema].map((schema) => {
        const { data, error } = schema.safeParse(value);
        return data ?? error?.issues;
      }),
    );
    expect(cut).toEqual(whole);
  });
});

type Adapters = Pick<typeof asWritten, "createDynamoDbClient" | "createDynamoIncidentStore">;

function storeIn(adapters: Adapters, aws: ClientSettings, table: string) {
  return adapters.createDynamoIncidentStore({
    client: adapters.createDynamoDbClient(aws),
    table,
    ids: createRandomIds(),
    clock: createSystemClock(),
    log: createCollectingLog(),
  });
}

type Client = ReturnType<typeof asWritten.createS3Client>;
type Asked = Parameters<Client["config"]["endpointProvider"]>[0];

/** The address, or the words of the refusal. */
function answerOf(
  { createS3Client }: Pick<typeof asWritten, "createS3Client">,
  asked: Asked,
  settled: Asked,
) {
  const { config } = createS3Client({ region: "eu-west-1" });
  try {
    return config.endpointProvider({ ...asked, ...settled });
  } catch (error) {
    return String(error);
  }
}
