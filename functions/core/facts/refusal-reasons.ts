import type { Evidence } from "../contract/evidence.ts";
import { recentLogHits } from "./log-lines.ts";

/** Why sign-ins are refused, as the server's log has it. */
export interface RefusalReason {
  readonly count: number;
  /** A clause: "they come without encryption, …". */
  readonly says: string;
}

/**
 * What a line says of the cause, the more special first: a line counts for the first that it matches.
 * https://www.postgresql.org/docs/current/client-authentication-problems.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html (rds.force_ssl)
 * https://dev.mysql.com/doc/refman/8.4/en/problems-connecting.html
 */
const reasons: readonly { readonly line: string; readonly says: string }[] = [
  {
    line: String.raw`FATAL:\s+no pg_hba\.conf entry for .*, (?:no encryption|SSL off)\s*$`,
    says: "they come without encryption, which is not let in (rds.force_ssl is on, as it is by default from PostgreSQL 15): they need sslmode=require",
  },
  {
    line: String.raw`FATAL:\s+no pg_hba\.conf entry for `,
    says: "no line of pg_hba.conf lets that user into that database from there",
  },
  {
    line: "PAM authentication failed for user",
    says: "their IAM token is not accepted: expired, of another user or host, or rds-db:connect is not allowed",
  },
  {
    line: "(?:password|SCRAM) authentication failed for user",
    says: "their password is not accepted: it was changed, or they keep another",
  },
  { line: String.raw`role ["']\w[\w.$-]*["'] does not exist`, says: "there is no such role" },
  { line: "is not permitted to log in", says: "the role may not log in" },
  { line: String.raw`Access denied for user .*\(using password: NO\)`, says: "they send no password" },
  {
    line: "Access denied for user ",
    says: "their password is not accepted, or no account has that name and host",
  },
];

/** The most frequent first. */
export function refusalReasons(evidence: Evidence): readonly RefusalReason[] {
  return reasons
    .flatMap(({ line, says }, at) => {
      const before = reasons.slice(0, at).map((other) => `(?!.*${other.line})`);
      const hits = recentLogHits(evidence, new RegExp(`^${before.join("")}.*${line}`, "i"));
      return hits === null ? [] : [{ count: hits.count, says }];
    })
    .toSorted((a, b) => b.count - a.count);
}
