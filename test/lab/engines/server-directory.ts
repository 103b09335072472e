import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { dataRoot } from "./lab-paths.ts";
import { sweepOrphans } from "./process-guard.ts";

let swept = false;

/** A new throwaway directory for one server and its replicas, named after this process so that a later run can tell whether it is orphaned. */
export function makeServerDirectory(label: string, root = dataRoot()): string {
  if (!swept) {
    swept = true;
    sweepOrphans(dataRoot());
  }
  mkdirSync(root, { recursive: true, mode: 0o755 });
  const directory = join(root, `${process.pid}-${label}-${randomBytes(3).toString("hex")}`);
  mkdirSync(directory);
  // The umask must not lock out the user the server runs as.
  chmodSync(directory, 0o755);
  return directory;
}

export function removeServerDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 25 });
}
