import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Never in git, and in nobody else's way. */
export const cacheFolder = join(root, ".cache/responder");

/**
 * The bundle that was made of exactly the files that are here now; made anew when any of them has changed.
 * @returns {Promise<{ file: string | null, reason: string }>} without a file, why there is none
 */
export async function freshBundle(folder = cacheFolder) {
  const stamp = join(folder, "responder.stamp");
  const file = join(folder, "responder.cjs");
  if (isFresh(stamp)) return { file, reason: "" };
  try {
    const { buildBundle } = await import("./build-bundle.ts");
    await buildBundle({ root, file, stamp, lineOf });
    return { file, reason: "" };
  } catch (error) {
    return {
      file: null,
      reason: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error),
    };
  }
}

/**
 * A stamp has one line for each file that went into the bundle, and for the bundle: what `lineOf` said of it then.
 * @param {string} stamp
 */
function isFresh(stamp) {
  try {
    return readFileSync(stamp, "utf8")
      .split("\n")
      .every((line) => lineOf(line.slice(line.indexOf("\t") + 1)) === line);
  } catch {
    // None was made yet, or it cannot be read: either way one has to be made.
    return false;
  }
}

/**
 * Changes with every change of the file, backwards in time too.
 * @param {string} path from the root of the repository
 */
function lineOf(path) {
  const found = statSync(root + path, { throwIfNoEntry: false });
  return `${found?.mtimeMs ?? "none"} ${found?.size ?? "none"}\t${path}`;
}
