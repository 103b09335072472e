import { join } from "node:path";
import { osRelease, ownRelease } from "./debian-packages.ts";
import {
  type Attempt,
  firstThatRuns,
  installedAttempts,
  type MysqldBinaries,
  shareDirOf,
} from "./mysqld-binaries.ts";
import { libraryFolder, unpackedTree } from "./unpacked-packages.ts";

const knownFiles = [
  "/usr/sbin/mariadbd",
  "/usr/libexec/mariadbd",
  "/opt/homebrew/opt/mariadb/bin/mariadbd",
  "/usr/local/opt/mariadb/bin/mariadbd",
] as const;

let found: Promise<MysqldBinaries> | undefined;

/** Rejects listing everything tried. The first call on a machine may download 8 MB. */
export function mariadbBinaries(): Promise<MysqldBinaries> {
  found ??= firstThatRuns("MariaDB", [
    ...installedAttempts("MARIADBD", ["mariadbd", "mysqld"], knownFiles),
    fromOwnRelease,
  ]);
  return found;
}

/** The release's MariaDB fits the release's C library; only the few libraries that are not installed come along. */
const fromOwnRelease: Attempt = {
  source: "Debian packages (own release)",
  find: async () => {
    const tree = await unpackedTree(`mariadb-${osRelease("VERSION_CODENAME")}`, async (target, scratch) => {
      const apt = await ownRelease(scratch);
      const all = await apt.closure("mariadb-server-core");
      const libraries = all.filter((name) => name.startsWith("lib") && !name.includes("perl"));
      await apt.unpack(["mariadb-server-core", ...libraries], target);
    });
    const shareDir = shareDirOf(join(tree, "usr"));
    return {
      command: join(tree, "usr/sbin/mariadbd"),
      leading: [],
      env: { LD_LIBRARY_PATH: join(tree, libraryFolder) },
      flags: [
        `--basedir=${join(tree, "usr")}`,
        `--lc-messages-dir=${shareDir}`,
        `--character-sets-dir=${join(shareDir, "charsets")}`,
        `--plugin-dir=${join(tree, "usr/lib/mysql/plugin")}`,
      ],
      shareDir,
      source: "Debian packages (own release)",
    };
  },
};
