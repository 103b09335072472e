import { readFileSync } from "node:fs";

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** PostgreSQL refuses to run as root, and initdb wants a uid that exists in the password file. */
export function serverIdentity(): Identity | undefined {
  if (!isRoot()) return undefined;
  const entry = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((line) => line.startsWith("nobody:"))
    ?.split(":");
  const uid = Number(entry?.[2]);
  const gid = Number(entry?.[3]);
  if (!(uid > 0 && gid > 0)) {
    throw new Error("PostgreSQL does not run as root and there is no user `nobody`");
  }
  return { uid, gid };
}
