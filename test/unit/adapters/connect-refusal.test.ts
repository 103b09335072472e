import { describe, expect, it } from "vitest";
import { otherProtocol } from "../../../functions/adapters/databases/other-protocol.ts";
import { connectFailure as mysqlFailure } from "../../../functions/adapters/mysql/connect-failure.ts";
import { connectFailure as postgresFailure } from "../../../functions/adapters/postgres/connect-failure.ts";

const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

const unknownAuthority = /an authority that is not known here/;
const otherName = /another name than the one connected to/;

describe("a certificate that is refused", () => {
  it.each([
    ["SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain", unknownAuthority],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate", unknownAuthority],
    [
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "Hostname/IP does not match certificate's altnames: Host: db.",
      otherName,
    ],
    ["CERT_HAS_EXPIRED", "certificate has expired", /outside the dates/],
  ])("P0 says one reason, whichever driver tells: %s", (code, message, reason) => {
    const told = [
      postgresFailure(coded(code, message), "encrypting", ""),
      mysqlFailure(coded("HANDSHAKE_SSL_ERROR", message), "signing-in", ""),
    ];
    for (const refusal of told) {
      expect(refusal).toMatchObject({ failedStep: "tls", pointsTo: expect.stringMatching(reason) });
    }
  });

  it("P0 is no reason for a handshake that broke off", () => {
    const broken = coded("HANDSHAKE_SSL_ERROR", "wrong version number");
    expect(mysqlFailure(broken, "signing-in", "").pointsTo).toContain("TLS was not agreed upon");
    expect(postgresFailure(coded("ECONNRESET", "read ECONNRESET"), "encrypting", "").pointsTo).toContain(
      "TLS was not agreed upon",
    );
  });
});

describe("a port where something else listens", () => {
  it.each([
    ["HTTP/1.1 400 Bad Request", "HTTP"],
    ["SSH-2.0-OpenSSH_9.2", "SSH"],
    ["220 mail.example.com ESMTP", "SMTP or FTP"],
    ["\u0015\u0003\u0001", "TLS from the first byte"],
    ["S", null],
    ["N", null],
    ["J\u0000\u0000\u0000\n8.4.3", null],
  ])("P1 is told by what it says first: %j", (first, protocol) => {
    expect(otherProtocol(Buffer.from(first, "latin1"))).toBe(protocol);
  });

  it("P1 is no fault of a certificate", () => {
    const error = new Error("There was an error establishing an SSL connection");
    expect(postgresFailure(error, "HTTP", "")).toMatchObject({
      failedStep: "handshake",
      pointsTo: "what answers there speaks HTTP, not the database's protocol: wrong host or wrong port",
    });
    expect(mysqlFailure(new Error("Malformed packet"), "SSH", "").pointsTo).toContain("speaks SSH");
  });
});
