import type { Failure } from "./connect-failure.ts";
import { codeOf } from "./error-codes.ts";

/**
 * One reason for each way in which a certificate is refused, by Node's code or OpenSSL's words: mysql2 keeps the words
 * and writes a code of its own over the other. https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const reasons = [
  {
    code: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    words: /altnames|does not match certificate/i,
    pointsTo:
      "the certificate is made out to another name than the one connected to: use the endpoint's own name, not an alias or an address",
  },
  {
    code: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    words: /certificate (has expired|is not yet valid)/i,
    pointsTo:
      "the server's certificate is outside the dates that it is valid for: rotate it, or look at the clock",
  },
  {
    code: /^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_UNTRUSTED)/,
    words: /self[- ]signed certificate|unable to (get|verify)/i,
    pointsTo:
      "an authority that is not known here has signed the server's certificate: a CA bundle out of date, or a certificate of somebody's own (setting certificateAuthority)",
  },
] as const;

/** Why a certificate was refused; undefined where the error says nothing of one. */
export function certificateFailure(error: unknown, words: string): Failure | undefined {
  const code = codeOf(error) ?? "";
  const reason = reasons.find((each) => each.code.test(code) || each.words.test(words));
  return reason === undefined ? undefined : { failedStep: "tls", pointsTo: reason.pointsTo };
}
