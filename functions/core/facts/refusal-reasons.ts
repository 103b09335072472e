import type { Evidence } from "../contract/evidence.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { isSaid, recentLogRecords } from "./log-lines.ts";

/** Why sign-ins are refused, as the server's log has it. */
export interface RefusalReason {
  readonly count: number;
  /** A clause: "they come without encryption, …". */
  readonly says: string;
}

/**
 * What a message says of the cause, the more special first: it counts for the first that it matches.
 * https://www.postgresql.org/docs/current/client-authentication-problems.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html (rds.force_ssl)
 * https://dev.mysql.com/doc/refman/8.4/en/problems-connecting.html
 */
export const reasons: readonly {
  readonly says: RegExp;
  /** PostgreSQL's DETAIL, which only the log has. */
  readonly detail?: RegExp;
  readonly means: string;
}[] = [
  {
    says: /^no pg_hba\.conf entry for .*, (?:no encryption|SSL off)\s*$/,
    means:
      "they come without encryption, which is not let in (rds.force_ssl is on, as it is by default from PostgreSQL 15): they need sslmode=require",
  },
  {
    says: /^no pg_hba\.conf entry for /,
    means: "no line of pg_hba.conf lets that user into that database from there",
  },
  {
    says: /^PAM authentication failed for user /,
    means:
      "their IAM token is not accepted: expired, of another user or host, or rds-db:connect is not allowed",
  },
  {
    says: /^password authentication failed for user /,
    detail: /^User ".{0,128}" has an expired password\./,
    means: "the term of their password is over: a new one, and ALTER ROLE … VALID UNTIL with a new term",
  },
  {
    says: /^(?:password|SCRAM) authentication failed for user /,
    detail: /^Role ".{0,128}" does not exist\./,
    means: "there is no such role",
  },
  {
    says: /^(?:password|SCRAM) authentication failed for user /,
    means: "their password is not accepted: it was changed, or they keep another",
  },
  { says: /^role ["'][^"']*["'] does not exist/, means: "there is no such role" },
  { says: /^role ["'][^"']*["'] is not permitted to log in/, means: "the role may not log in" },
  {
    says: /^(?:Access denied for user .*\. Account is (?:locked|blocked)|Password for the account )/,
    means: "the account is locked, or its password has expired: ALTER USER … ACCOUNT UNLOCK or IDENTIFIED BY",
  },
  { says: /^Access denied for user .*\(using password: NO\)/, means: "they send no password" },
  {
    says: /^Access denied for user /,
    means: "their password is not accepted, or no account has that name and host",
  },
];

/** Refused sign-ins as the servers write them: PostgreSQL ends the attempt, MySQL and MariaDB note it. */
export const refusalLevels: readonly string[] = ["FATAL", "NOTE", "WARNING"];

/** The most frequent first. */
export function refusalReasons(evidence: Evidence): readonly RefusalReason[] {
  const records = recentLogRecords(evidence);
  const why = records.flatMap((record) => {
    const reason = reasons.find(
      ({ says, detail }) =>
        isSaid(record, { levels: refusalLevels, says }) &&
        (detail === undefined || record.details.some(({ text }) => detail.test(text))),
    );
    return reason === undefined ? [] : [reason.means];
  });
  return mostFrequent(why).map(({ text, count }) => ({ count, says: text }));
}
