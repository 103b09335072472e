import { duration, plural } from "../text/wording.ts";
import { type LogHits, type LogWords, recentLogHits } from "./log-lines.ts";
import { turnedAway } from "./new-authority.ts";
import { selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/**
 * A client that does not accept the server's certificate breaks the handshake off and says why, and PostgreSQL writes it
 * down. MySQL and MariaDB write of a communication error only.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 * https://www.rfc-editor.org/rfc/rfc8446#section-6.2
 */
export const brokenHandshake: LogWords = {
  levels: ["LOG"],
  beforeSignIn: true,
  says: /^could not accept SSL connection: .*alert (?:unknown ca|bad certificate|certificate (?:unknown|expired|revoked))/i,
};

/** Null where nobody does, or the server is not PostgreSQL. */
export function certificateRefusals({
  evidence,
}: View): { readonly hits: LogHits; readonly says: string } | null {
  const hits = recentLogHits(evidence, brokenHandshake);
  if (hits === null) return null;
  const span = duration(Math.max(60, hits.spanSeconds));
  return {
    hits,
    says: `${plural(hits.count, "handshake")} broken off by them in the log within ${span}, the last ${duration(hits.newestAgeSeconds)} ago`,
  };
}

/** What helps those who turn it away; empty where nobody does. */
export function certificateAdvice(view: View): readonly string[] {
  if (certificateRefusals(view) === null && turnedAway(view) === null) return [];
  const authority = selfOf(view)?.certificate?.authority ?? null;
  return [
    `the authority${authority === null ? "" : `, ${authority},`} has to be among those that the clients trust (global-bundle.pem has all of RDS); the one of before, where it is still valid, can be set again until they have it`,
  ];
}
