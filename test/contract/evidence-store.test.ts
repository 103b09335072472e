import { gunzipSync, gzipSync } from "node:zlib";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { type ClientSettings, createS3Client } from "../../functions/adapters/aws/clients.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createS3EvidenceStore } from "../../functions/adapters/aws/s3-evidence-store.ts";
import { createMemoryEvidenceStore } from "../../functions/adapters/memory/memory-evidence-store.ts";
import { someEvidence } from "../support/evidence-builder.ts";
import { evidenceStoreContract } from "./evidence-store.contract.ts";
import { forward, startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";

describe("evidence store in memory", () => evidenceStoreContract(async () => createMemoryEvidenceStore()));

await onEndpoint("evidence store in S3", (aws) => {
  evidenceStoreContract(async () => storeIn(aws, await createBucket(aws)));

  it("Q3 keeps evidence as gzipped JSON under evidence/", async () => {
    const bucket = await createBucket(aws);
    await storeIn(aws, bucket).put("inc/1", someEvidence());
    const object = await createS3Client(aws).send(
      new GetObjectCommand({ Bucket: bucket, Key: "evidence/inc/1.json.gz" }),
    );
    const body = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject({ schema: "evidence.v1" });
  });

  it("Q3 refuses an object that is not evidence, by its key", async () => {
    const bucket = await createBucket(aws);
    for (const Body of [
      gzipSync('{"schema":"evidence.v1"}'),
      Buffer.from("not gzip"),
      gzipSync("not JSON"),
    ]) {
      const Key = "evidence/inc/1.json.gz";
      await createS3Client(aws).send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
      await expect(storeIn(aws, bucket).get("inc/1")).rejects.toThrow(
        /evidence\/inc\/1\.json\.gz is not evidence/,
      );
    }
  });

  it("Q3 does not take a bucket that is not there for evidence that is not there", async () => {
    await expect(storeIn(aws, "responder-no-such-bucket").get("inc/1")).rejects.toThrow();
  });

  it("Q2 asks again when S3 hangs once, and has its answer", async () => {
    const bucket = await createBucket(aws);
    await storeIn(aws, bucket).put("inc/1", someEvidence());
    const slow = await startLoopback((request, serial) =>
      serial === 1 ? "silence" : forward(aws.endpoint, request),
    );
    expect(await storeIn({ ...aws, endpoint: slow.endpoint }, bucket).get("inc/1")).toEqual(someEvidence());
    expect(slow.requests).toHaveLength(2);
  });
});

function storeIn(aws: ClientSettings, bucket: string) {
  return createS3EvidenceStore({ client: createS3Client(aws), bucket });
}

async function createBucket(aws: ClientSettings): Promise<string> {
  const Bucket = `responder-${createRandomIds().next()}`;
  await createS3Client(aws).send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
  );
  return Bucket;
}
