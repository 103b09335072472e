import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../engines/run-command.ts";
import { serverIdentity } from "../../engines/server-identity.ts";

const settingsFile = "lab.conf";

/** The parameter group of this engine, as a file that a reload reads again; flags would stand above every change. */
export function writeSettings(dataDir: string, settings: ReadonlyMap<string, string>): void {
  const lines = [...settings].map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  writeOwned(join(dataDir, settingsFile), `${lines.join("\n")}\n`);
}

export function includeSettings(dataDir: string): void {
  appendFileSync(join(dataDir, "postgresql.conf"), `\ninclude_if_exists = '${settingsFile}'\n`);
}

export function markStandby(dataDir: string): void {
  writeOwned(join(dataDir, "standby.signal"), "");
}

/** What a backup leaves out: https://www.postgresql.org/docs/17/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA */
const leftOut = new Set([
  "pg_wal",
  "pg_replslot",
  "pg_stat_tmp",
  "postmaster.pid",
  "postmaster.opts",
  "standby.signal",
]);

/** The files of a running engine, between pg_backup_start and pg_backup_stop. */
export async function copyRunning(from: string, to: string): Promise<void> {
  makeOwned(to);
  const entries = readdirSync(from).filter((name) => !leftOut.has(name));
  await runCommand("cp", ["-a", ...entries.map((name) => join(from, name)), to]).catch(toleratingVanished);
  for (const name of ["pg_wal", "pg_replslot", "pg_stat_tmp"]) makeOwned(join(to, name));
}

export function writeLabel(dataDir: string, label: string): void {
  writeOwned(join(dataDir, "backup_label"), label);
}

/** A table that is dropped while it is copied is dropped again by the WAL. */
function toleratingVanished(error: unknown): void {
  const lines = (error instanceof Error ? error.message : String(error)).split("\n");
  if (!lines.every((line) => line.includes("No such file or directory"))) throw error;
}

function makeOwned(directory: string): void {
  if (!existsSync(directory)) mkdirSync(directory, { mode: 0o700 });
  own(directory);
}

function writeOwned(file: string, text: string): void {
  // Renaming would be whole for a reader, but the file is read only when we ask for it.
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600 });
  own(file);
}

function own(path: string): void {
  const identity = serverIdentity();
  if (identity) chownSync(path, identity.uid, identity.gid);
}
