import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { debianSuite, osRelease, ownRelease } from "./debian-packages.ts";
import {
  type Attempt,
  firstThatRuns,
  installedAttempts,
  type MysqldBinaries,
  shareDirOf,
  type Unproven,
} from "./mysqld-binaries.ts";
import { libraryFolder, unpackedTree } from "./unpacked-packages.ts";

const knownFiles = [
  "/usr/sbin/mysqld",
  "/usr/local/mysql/bin/mysqld",
  "/opt/homebrew/opt/mysql/bin/mysqld",
  "/usr/local/opt/mysql/bin/mysqld",
] as const;

/** What mysqld loads to run, of the 55 packages its own names as dependencies (soname numbers move in sid). */
const neededLibraries =
  /^(libc6|libgcc-s1|libstdc\+\+6|zlib1g|libicu\d+|libssl\d\w*|liblzma5|libprotobuf-lite\w+|libzstd1|libgoogle-perftools\w+|libunwind\w+|libxxhash\w+|libnuma1|libaio\w+|liblz4-1)$/;

let found: Promise<MysqldBinaries> | undefined;

/** Rejects listing everything tried. The first call on a machine may download 43 MB. */
export function mysqlBinaries(): Promise<MysqldBinaries> {
  found ??= firstThatRuns("MySQL", [
    ...installedAttempts("MYSQLD", ["mysqld"], knownFiles),
    osRelease("ID") === "ubuntu" ? fromUbuntu : fromDebianSid,
  ]);
  return found;
}

/** No Debian release carries MySQL, so it comes from sid with sid's own C library and runs through that loader. */
const fromDebianSid: Attempt = {
  source: "Debian packages (sid)",
  find: async () => {
    const tree = await unpackedTree("mysql-sid", async (target, scratch) => {
      const apt = await debianSuite("sid", scratch);
      const all = await apt.closure("mysql-server-core");
      await apt.unpack(["mysql-server-core", ...all.filter((name) => neededLibraries.test(name))], target);
    });
    const libraries = join(tree, libraryFolder);
    const loader = readdirSync(libraries).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
    if (loader === undefined) throw new Error(`${libraries} has no loader`);
    return {
      ...layout(tree),
      command: join(libraries, loader),
      leading: ["--inhibit-cache", "--library-path", libraries, join(tree, "usr/sbin/mysqld")],
      env: {},
      source: "Debian packages (sid)",
    };
  },
};

const fromUbuntu: Attempt = {
  source: "Ubuntu packages",
  find: async () => {
    const tree = await unpackedTree(`mysql-${osRelease("VERSION_CODENAME")}`, async (target, scratch) => {
      const apt = await ownRelease(scratch);
      const server = (await apt.names("mysql-server-core-")).sort().at(-1);
      if (server === undefined) throw new Error("this release has no mysql-server-core");
      const all = await apt.closure(server);
      await apt.unpack([server, ...all.filter((name) => neededLibraries.test(name))], target);
    });
    return {
      ...layout(tree),
      command: join(tree, "usr/sbin/mysqld"),
      leading: [],
      env: { LD_LIBRARY_PATH: join(tree, libraryFolder) },
      source: "Ubuntu packages",
    };
  },
};

function layout(tree: string): Pick<Unproven, "flags" | "shareDir"> {
  const shareDir = shareDirOf(join(tree, "usr"));
  if (!existsSync(shareDir)) throw new Error(`${shareDir} does not exist`);
  const flags = [
    `--basedir=${join(tree, "usr")}`,
    `--lc-messages-dir=${shareDir}`,
    `--character-sets-dir=${join(shareDir, "charsets")}`,
    `--plugin-dir=${join(tree, "usr/lib/mysql/plugin")}`,
  ];
  return { flags, shareDir };
}
