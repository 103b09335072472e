import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { labPasswords, labUrl } from "./lab-server.ts";
import type { PostgresBinaries, PostgresMajor } from "./postgres-binaries.ts";
import { endPostmaster, startPostmaster } from "./postgres-process.ts";
import { rdsAppDatabase, rdsRoles, rdsSettings } from "./postgres-rds.ts";
import { runCommand } from "./run-command.ts";
import { makeServerDirectory, removeServerDirectory } from "./server-directory.ts";
import { serverIdentity } from "./server-identity.ts";
import { cachedDirectory, copyContent, fingerprint } from "./template-cache.ts";

const initdbOptions = [
  "-U",
  "rdsadmin",
  "--auth=scram-sha-256",
  "--encoding=UTF8",
  "--locale=C",
  "--no-sync",
] as const;

/**
 * A standby refuses to start with less than its primary ran with, and a copy of the template inherits what the
 * template ran with. So it runs with as little as possible, and a test may then ask for ten connections and a replica.
 */
const smallest = {
  max_connections: "10",
  max_prepared_transactions: "0",
  max_wal_senders: "2",
  max_worker_processes: "1",
  max_locks_per_transaction: "10",
} as const;

/** A cleanly stopped, RDS-shaped data directory. Copies of it share a system identifier, so one can stream from another. */
export async function postgresTemplate(major: PostgresMajor, binaries: PostgresBinaries): Promise<string> {
  const inputs = fingerprint(
    binaries.version,
    initdbOptions,
    smallest,
    rdsRoles(major),
    rdsAppDatabase,
    labPasswords,
  );
  const template = await cachedDirectory(`postgres-${binaries.version}-${inputs}`, async (draft) => {
    const directory = makeServerDirectory(`postgres-${major}-template`);
    try {
      await build(major, binaries, directory);
      await copyContent(join(directory, "data"), join(draft, "data"));
    } finally {
      removeServerDirectory(directory);
    }
  });
  return join(template, "data");
}

async function build(major: PostgresMajor, binaries: PostgresBinaries, directory: string): Promise<void> {
  const dataDir = join(directory, "data");
  await initialize(binaries, directory, dataDir);
  const postmaster = await startPostmaster({
    binaries,
    directory,
    dataDir,
    settings: { ...rdsSettings(major), ...smallest },
  });
  try {
    await runAll(labUrl("postgres", postmaster.port, "rdsadmin", "postgres"), rdsRoles(major));
    await runAll(labUrl("postgres", postmaster.port, "rdsadmin"), rdsAppDatabase);
  } finally {
    await endPostmaster(postmaster);
  }
}

async function initialize(binaries: PostgresBinaries, directory: string, dataDir: string): Promise<void> {
  const identity = serverIdentity();
  const passwordFile = join(directory, "password");
  writeFileSync(passwordFile, labPasswords.rdsadmin);
  mkdirSync(dataDir, { mode: 0o700 });
  if (identity) chownSync(dataDir, identity.uid, identity.gid);
  chmodSync(passwordFile, 0o644);
  await runCommand(
    join(binaries.binDir, "initdb"),
    ["-D", dataDir, ...initdbOptions, `--pwfile=${passwordFile}`],
    { identity, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } },
  );
  rmSync(passwordFile);
}

async function runAll(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
