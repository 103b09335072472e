import { gunzipSync } from "node:zlib";
import { CreateBucketCommand, GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import type { ClientSettings } from "../../functions/adapters/aws/clients.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { type Evidence, evidenceSchema } from "../../functions/core/contract/evidence.ts";

/** A bucket of the endpoint as its owner makes and reads it: by AWS's own client, which the responder does without. */
export async function createBucket(
  aws: ClientSettings,
  Bucket = `responder-${createRandomIds().next()}`,
): Promise<string> {
  const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
  await clientOf(aws).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  return Bucket;
}

/** Null: nothing was put under this id. */
export async function evidenceIn(aws: ClientSettings, bucket: string, id: string): Promise<Evidence | null> {
  try {
    const asked = new GetObjectCommand({ Bucket: bucket, Key: `evidence/${id}.json.gz` });
    const { Body } = await clientOf(aws).send(asked);
    const packed = Buffer.from((await Body?.transformToByteArray()) ?? []);
    return evidenceSchema.parse(JSON.parse(gunzipSync(packed).toString("utf8")));
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  }
}

function clientOf(aws: ClientSettings): S3Client {
  return new S3Client({ ...aws, forcePathStyle: true });
}
