import type { Failure } from "./connect-failure.ts";

/** What other servers say first, or answer to a greeting that they do not understand. */
const protocols = [
  { name: "HTTP", first: Buffer.from("HTTP/") },
  { name: "SSH", first: Buffer.from("SSH-") },
  { name: "SMTP or FTP", first: Buffer.from("220") },
  // An alert: RFC 8446, section 5.1.
  { name: "TLS from the first byte", first: Buffer.from([0x15, 0x03]) },
] as const;

export type OtherProtocol = (typeof protocols)[number]["name"];

/** The protocol of a server's first bytes; null where they may be a database's. */
export function otherProtocol(first: Buffer): OtherProtocol | null {
  return (
    protocols.find((protocol) => first.subarray(0, protocol.first.length).equals(protocol.first))?.name ??
    null
  );
}

export function isOtherProtocol(progress: string): progress is OtherProtocol {
  return protocols.some(({ name }) => name === progress);
}

export function otherProtocolFailure(name: OtherProtocol): Failure {
  return {
    failedStep: "handshake",
    pointsTo: `what answers there speaks ${name}, not the database's protocol: wrong host or wrong port`,
  };
}
