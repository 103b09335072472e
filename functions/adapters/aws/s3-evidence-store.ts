import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { AwsError } from "../../core/errors.ts";
import type { EvidenceStore } from "../../core/ports.ts";
import { ownCredentials } from "./sign-request.ts";
import { type Answer, answerTo, type Call, type Caller } from "./signed-call.ts";

interface StoreProps extends Omit<Caller, "credentials" | "attemptMs">, Partial<Pick<Caller, "attemptMs">> {
  readonly bucket: string;
}

/**
 * Evidence as gzipped JSON at `evidence/<id>.json.gz`, by the one call that it takes: S3's client is 60 KB of a bundle.
 * Addressed by path, because a stand-in on 127.0.0.1 has no name per bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function createS3EvidenceStore({ bucket, ...props }: StoreProps): EvidenceStore {
  const caller = { credentials: ownCredentials(props.region), attemptMs: 3000, ...props };
  return {
    put: async (id, evidence) => {
      await answered(caller, {
        ...{ method: "PUT", service: "s3", path: `/${bucket}/evidence/${id}.json.gz` },
        // No Content-Encoding: some clients would then unpack what the key promises to be packed.
        headers: { "content-type": "application/gzip" },
        body: new Uint8Array(gzipSync(JSON.stringify(evidence))),
      });
    },
  };
}

/** Pauses before the second try and the third, at most, each by chance down to none: as the SDK's own clients do. */
const pausesMs = [100, 200];

/** Putting the same object again changes nothing. */
async function answered(caller: Caller, call: Call): Promise<void> {
  for (const pause of [...pausesMs, null]) {
    const failure = await failureOf(caller, call);
    if (failure === null) return;
    if (pause === null || !passes(failure)) throw failure;
    await sleep(Math.random() * pause);
  }
}

async function failureOf(caller: Caller, call: Call): Promise<AwsError | null> {
  try {
    const answer = await answerTo(caller, call);
    return answer.status < 300 ? null : refusalOf(answer);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function refusalOf({ status, text }: Answer): AwsError {
  const [code, message] = ["Code", "Message"].map((tag) => new RegExp(`<${tag}>([^<]*)`).exec(text)?.[1]);
  return new AwsError(code ?? `HTTP ${status}`, status < 500, (message ?? "").slice(0, 300));
}

/** No answer, a fault of the server, or asked too often or too slowly. */
function passes({ refused, code }: AwsError): boolean {
  return !refused || /^(SlowDown|RequestTimeout|Throttling\w*|TooManyRequests\w*|HTTP 429)$/.test(code);
}
