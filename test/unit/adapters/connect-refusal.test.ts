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

describe("a server that answers and refuses", () => {
  it.each([
    ["53200", "out of shared memory", "handshake", /max_locks_per_transaction/],
    ["53200", "out of memory", "handshake", /no memory left/],
    ["53100", "could not write: No space left on device", "handshake", /disk is full/],
    ["57P03", "the database system is starting up", "handshake", /starting, recovering/],
    ["53300", 'too many connections for role "app"', "no-free-slot", /own connection limit/],
    ["58030", "could not read file", "handshake", /files of its own/],
    ["XX000", "cache lookup failed", "handshake", /files of its own/],
    ["55000", 'database "app" is not currently accepting connections', "sign-in", /closed to connections/],
  ])("P0 is no silent one on PostgreSQL: %s %s", (code, message, failedStep, points) => {
    for (const progress of ["signing-in", "preparing"] as const) {
      const told = postgresFailure(coded(code, message), progress, "");
      expect(told).toMatchObject({ failedStep, refusedWith: code });
      expect(told.pointsTo).toMatch(points);
    }
  });

  it.each([
    [1040, "no-free-slot", /max_connections/],
    [1203, "no-free-slot", /own connection limit/],
    [1226, "no-free-slot", /own connection limit/],
    [1129, "handshake", /blocked this host/],
    [1041, "handshake", /no memory left/],
    [1135, "handshake", /cannot start a thread/],
    [1021, "handshake", /disk is full/],
    [1053, "handshake", /shutting down/],
  ])("P0 is no silent one on MySQL: %s", (errno, failedStep, points) => {
    for (const progress of ["greeting", "signing-in", "preparing"] as const) {
      const told = mysqlFailure(Object.assign(new Error("refused"), { errno }), progress, "");
      expect(told).toMatchObject({ failedStep, refusedWith: String(errno) });
      expect(told.pointsTo).toMatch(points);
    }
  });

  it("P0 is one even where its error is not known", () => {
    expect(postgresFailure(coded("22023", "new"), "signing-in", "").pointsTo).toContain(
      "answers and refuses",
    );
  });

  it("P0 takes an error of another class than access for no wrong password", () => {
    const odd = Object.assign(new Error("odd"), { errno: 3999, sqlState: "HY000" });
    expect(mysqlFailure(odd, "signing-in", "")).toMatchObject({
      failedStep: "handshake",
      pointsTo: expect.stringContaining("answers and refuses"),
    });
  });
});
