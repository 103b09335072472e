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
  const kept = vouchedFor(stamp);
  if (kept !== null) return { file: kept, reason: "" };
  try {
    const { buildBundle } = await import("./build-bundle.ts");
    return { file: await buildBundle({ root, folder, stamp, lineOf }), reason: "" };
  } catch (error) {
    return {
      file: null,
      reason: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error),
    };
  }
}

/**
 * The bundle of a stamp whose every line still holds, else null. A stamp has one line for the bundle, and one for each
 * file that decided what is in it: what `lineOf` said of it then.
 * @param {string} stamp
 */
function vouchedFor(stamp) {
  try {
    const lines = readFileSync(stamp, "utf8").split("\n");
    const paths = lines.map((line) => line.slice(line.indexOf("\t") + 1));
    return lines.every((line, index) => lineOf(paths[index] ?? "") === line) ? root + paths[0] : null;
  } catch {
    // None was made yet, or it cannot be read: either way one has to be made.
    return null;
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
