import { describe, expect, it } from "vitest";
import type { ClientSettings } from "../../functions/adapters/aws/clients.ts";
import { createS3EvidenceStore } from "../../functions/adapters/aws/s3-evidence-store.ts";
import { createMemoryEvidenceStore } from "../../functions/adapters/memory/memory-evidence-store.ts";
import { createBucket, evidenceIn } from "../support/evidence-bucket.ts";
import { someEvidence } from "../support/evidence-builder.ts";
import { evidenceStoreContract } from "./evidence-store.contract.ts";
import { type Behaviour, forward, startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";

describe("evidence store in memory", () => evidenceStoreContract(async () => createMemoryEvidenceStore()));

await onEndpoint("evidence store in S3", (aws) => {
  evidenceStoreContract(async () => {
    const bucket = await createBucket(aws);
    return { ...storeIn(aws, bucket), get: (id) => evidenceIn(aws, bucket, id) };
  });

  it("Q3 says that a bucket is not there", async () => {
    const put = storeIn(aws, "responder-no-such-bucket").put("inc/1", someEvidence());
    await expect(put).rejects.toMatchObject({ code: "NoSuchBucket", refused: true });
  });

  it.each<[string, Behaviour]>([
    ["hangs", "silence"],
    ["hangs up", "hang-up"],
    ["has a fault", { status: 500, body: "<Error><Code>InternalError</Code></Error>" }],
    ["is asked too often", { status: 503, body: "<Error><Code>SlowDown</Code></Error>" }],
  ])("Q2 puts again when S3 %s once, and it is there", async (_, behaviour) => {
    const bucket = await createBucket(aws);
    const slow = await startLoopback((request, serial) =>
      serial === 1 ? behaviour : forward(aws.endpoint, request),
    );
    await storeIn({ ...aws, endpoint: slow.endpoint }, bucket, 500).put("inc/1", someEvidence());
    expect(slow.requests).toHaveLength(2);
    expect(await evidenceIn(aws, bucket, "inc/1")).toEqual(someEvidence());
  });
});

describe("evidence store in S3, refused", () => {
  const refusal = "<Error><Code>AccessDenied</Code><Message>no PutObject</Message></Error>";

  it("Q2 asks no second time where S3 says no, and tells its words", async () => {
    const s3 = await startLoopback(() => ({ status: 403, body: refusal }));
    const put = storeIn({ region: "eu-west-1", endpoint: s3.endpoint }, "b").put("inc/1", someEvidence());
    await expect(put).rejects.toMatchObject({ code: "AccessDenied", message: "no PutObject", refused: true });
    expect(s3.requests).toHaveLength(1);
  });

  it("Q2 ends after three tries", async () => {
    const s3 = await startLoopback(() => ({ status: 503, body: "" }));
    const put = storeIn({ region: "eu-west-1", endpoint: s3.endpoint }, "b").put("inc/1", someEvidence());
    await expect(put).rejects.toMatchObject({ code: "HTTP 503", refused: false });
    expect(s3.requests).toHaveLength(3);
  });

  it("Q3 signs the hash of what it sends, so that S3 keeps nothing that was damaged on its way", async () => {
    const s3 = await startLoopback(() => ({ status: 200, body: "" }));
    await storeIn({ region: "eu-west-1", endpoint: s3.endpoint }, "b").put("inc/1", someEvidence());
    expect(s3.requests).toMatchObject([
      {
        ...{ method: "PUT", path: "/b/evidence/inc/1.json.gz" },
        headers: {
          "x-amz-content-sha256": expect.stringMatching(/^[0-9a-f]{64}$/),
          authorization: expect.stringMatching(/\/eu-west-1\/s3\/aws4_request.*x-amz-content-sha256/),
        },
      },
    ]);
  });
});

function storeIn({ region, endpoint }: ClientSettings, bucket: string, attemptMs = 3000) {
  return createS3EvidenceStore({ region, endpoint, bucket, now: Date.now, attemptMs });
}
