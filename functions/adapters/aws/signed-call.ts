import { partition } from "@aws-sdk/core/client";
import { AwsError, messageOf } from "../../core/errors.ts";
import { type AwsCredentials, signedHeaders, type UnsignedRequest } from "./sign-request.ts";

export interface Caller {
  readonly region: string;
  /** A stand-in for AWS; AWS itself when left out. */
  readonly endpoint?: string | undefined;
  readonly credentials: () => Promise<AwsCredentials>;
  now(): number;
  readonly attemptMs: number;
}

export type Call = Pick<UnsignedRequest, "method" | "service" | "headers" | "body"> & {
  readonly path: string;
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What AWS answered, a refusal too. Throws AwsError, not refused, where no answer came in time. */
export async function answerTo(
  { region, endpoint, credentials, now, attemptMs }: Caller,
  { path, ...call }: Call,
  signal?: AbortSignal,
): Promise<Answer> {
  const url = new URL(path, endpoint ?? `https://${call.service}.${region}.${partition(region).dnsSuffix}`);
  const headers = await signedHeaders({ ...call, url, region }, await credentials(), new Date(now()));
  const { method, body } = call;
  const until = AbortSignal.timeout(attemptMs);
  try {
    const answer = await fetch(url, {
      // What is signed for one address goes to no other.
      ...{ method, headers, redirect: "manual", ...(method === "GET" ? {} : { body }) },
      signal: signal === undefined ? until : AbortSignal.any([signal, until]),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  } catch (error) {
    const name = error instanceof Error ? error.name : "Error";
    throw new AwsError(name, false, messageOf(error), { cause: error });
  }
}
