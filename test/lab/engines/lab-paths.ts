import { accessSync, chmodSync, constants, lstatSync, mkdirSync, statfsSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isRoot } from "./server-identity.ts";

const folder = "rds-responder-lab";
/** A MySQL data directory is 82 MB and grows; the servers of one test file must fit beside others. */
const roomNeededBytes = 1024 ** 3;

/** Binaries and templates: kept between runs. `RDS_LAB_CACHE_DIR` overrides it, for example for a CI cache. */
export function cacheRoot(): string {
  const override = process.env["RDS_LAB_CACHE_DIR"];
  if (override) return ownDirectory(override);
  // Root's home is closed to the user the servers run as, so root keeps its cache in the temporary folder.
  if (isRoot()) return ownDirectory(join(tmpdir(), `${folder}-0`));
  return ownDirectory(join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), folder));
}

/** Data directories: thrown away. In memory when there is room, because initialising and copying are mostly fsync and inodes. */
export function dataRoot(): string {
  const name = `${folder}-data-${process.getuid?.() ?? 0}`;
  return ownDirectory(join(hasRoom("/dev/shm") ? "/dev/shm" : tmpdir(), name));
}

/** Can a user without any rights of its own run what lies here? */
export function isOpenToOthers(file: string): boolean {
  if ((statSync(file).mode & 0o005) !== 0o005) return false;
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if ((statSync(directory).mode & 0o001) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}

function hasRoom(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= roomNeededBytes;
  } catch {
    return false;
  }
}

function ownDirectory(path: string): string {
  // mkdir tells whether it made something; what exists keeps its mode, and the umask must not lock out `nobody`.
  if (mkdirSync(path, { recursive: true }) !== undefined) chmodSync(path, 0o755);
  const found = lstatSync(path);
  const uid = process.getuid?.();
  // The temporary folder is everybody's: what another user put there must not be run.
  if (!found.isDirectory() || (uid !== undefined && found.uid !== uid)) {
    throw new Error(`${path} is not a directory of this user; set RDS_LAB_CACHE_DIR or remove it`);
  }
  return path;
}
