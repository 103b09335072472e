import { chmodSync, chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { runCommand } from "../../lab/engines/run-command.ts";
import { serverIdentity } from "../../lab/engines/server-identity.ts";
import { startBank } from "../../workflow/support.ts";

/**
 * A PostgreSQL that is reached as in production: TLS that the responder verifies, signed in to with an IAM token. It
 * trusts who says to be the probing user: checking a token is for RDS, making one and encrypting are for the responder.
 */
const accessRules = `
hostssl all rds_responder 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
`;

interface TlsBank {
  readonly server: PostgresServer;
  /** For NODE_EXTRA_CA_CERTS: the certificate vouches for itself. */
  readonly certificateFile: string;
}

export async function startTlsBank(directory: string): Promise<TlsBank> {
  const [certificate, key, rules] = ["server.pem", "server.key", "pg_hba.conf"].map((name) =>
    join(directory, name),
  );
  if (certificate === undefined || key === undefined || rules === undefined) throw new Error("three files");
  const request = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const asked = [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    key,
    "-out",
    certificate,
    ...request,
  ];
  await runCommand("openssl", asked);
  writeFileSync(rules, accessRules);
  // PostgreSQL takes a key of its own user only, and one that nobody else can read.
  const owner = serverIdentity();
  if (owner !== undefined) chownSync(key, owner.uid, owner.gid);
  chmodSync(key, 0o600);
  const settings = { ssl: "on", ssl_cert_file: certificate, ssl_key_file: key, hba_file: rules };
  return { server: await startBank(settings), certificateFile: certificate };
}
