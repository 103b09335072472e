import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { Sha256 } from "@smithy/core/checksum";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsError, messageOf } from "../../core/errors.ts";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What the SDK's own clients sign with, kept until it runs out. Throws AwsError, refused: without them nothing is sent. */
export function ownCredentials(region: string): () => Promise<AwsCredentials> {
  const found = defaultProvider({ clientConfig: { region } });
  return () =>
    found().catch((error: unknown) => {
      throw new AwsError("NoCredentials", true, messageOf(error), { cause: error });
    });
}

export interface UnsignedRequest {
  readonly method: "GET" | "PUT" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly service: string;
  readonly region: string;
}

/**
 * Signature version 4, for services of which no client is bundled.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function signedHeaders(
  { method, url, headers, body, service, region }: UnsignedRequest,
  { sessionToken, ...keys }: AwsCredentials,
  signingDate: Date,
): Promise<Readonly<Record<string, string>>> {
  const credentials = { ...keys, ...(sessionToken === undefined ? {} : { sessionToken }) };
  // S3 wants the body's hash as a header too, checks by it what arrived, and takes the path as it stands.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  const storage = service === "s3";
  const signer = new SignatureV4({
    ...{ service, region, credentials, sha256: Sha256, applyChecksum: storage, uriEscapePath: !storage },
  });
  const query = Object.fromEntries(url.searchParams);
  const { hostname, pathname: path, host } = url;
  const request = new HttpRequest({ method, hostname, path, query, headers: { ...headers, host }, body });
  const { host: _host, ...signed } = (await signer.sign(request, { signingDate })).headers;
  return signed;
}
