import { gunzipSync, gzipSync } from "node:zlib";
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type Evidence, evidenceSchema } from "../../core/contract/evidence.ts";
import { ResponderError } from "../../core/errors.ts";
import type { EvidenceStore } from "../../core/ports.ts";

/** Evidence of one look is well under a megabyte; a damaged object must not fill a function's memory. */
const maxEvidenceBytes = 64 * 1024 * 1024;

/**
 * Evidence as gzipped JSON at `evidence/<id>.json.gz`.
 * `get` needs s3:ListBucket as well as s3:GetObject: without it S3 answers "access denied" for a missing key.
 */
export function createS3EvidenceStore({
  client,
  bucket,
}: {
  readonly client: S3Client;
  readonly bucket: string;
}): EvidenceStore {
  return {
    put: async (id, evidence) => {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: keyOf(id),
          Body: gzipSync(JSON.stringify(evidence)),
          // No ContentEncoding: some clients would then unpack what the key promises to be packed.
          ContentType: "application/gzip",
        }),
      );
    },
    get: async (id) => {
      const body = await download(client, bucket, keyOf(id));
      return body === null ? null : parse(body, keyOf(id));
    },
  };
}

function keyOf(id: string): string {
  return `evidence/${id}.json.gz`;
}

async function download(client: S3Client, bucket: string, key: string): Promise<Uint8Array | null> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!Body) throw new ResponderError(`s3://${bucket}/${key} has no body`);
    return await Body.transformToByteArray();
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  }
}

function parse(body: Uint8Array, key: string): Evidence {
  try {
    const text = gunzipSync(body, { maxOutputLength: maxEvidenceBytes }).toString("utf8");
    return evidenceSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ResponderError(`${key} is not evidence.v1 as gzipped JSON`, { cause });
  }
}
