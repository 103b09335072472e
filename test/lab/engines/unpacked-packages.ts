import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeServerDirectory, removeServerDirectory } from "./server-directory.ts";
import { cachedDirectory } from "./template-cache.ts";

/** Where Debian puts libraries for this processor. */
export const libraryFolder = `usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;

/** A tree of unpacked packages in the cache, stripped to what a server needs to run. */
export function unpackedTree(
  name: string,
  fill: (tree: string, scratch: string) => Promise<void>,
): Promise<string> {
  if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get")) {
    throw new Error("needs apt-get and dpkg-deb (Debian, Ubuntu)");
  }
  return cachedDirectory(`${name}-${process.arch}`, async (tree) => {
    const scratch = makeServerDirectory("apt");
    try {
      await fill(tree, scratch);
      strip(tree);
    } finally {
      removeServerDirectory(scratch);
    }
  });
}

function strip(tree: string): void {
  const unused = [
    "etc",
    "var",
    "usr/bin",
    "usr/share/doc",
    "usr/share/man",
    "usr/share/lintian",
    "usr/share/bug",
  ];
  for (const folder of unused) rmSync(join(tree, folder), { recursive: true, force: true });
  const plugins = join(tree, "usr/lib/mysql/plugin");
  // Group replication, MySQL's test plugins and their like need libraries that are not downloaded.
  rmSync(join(plugins, "debug"), { recursive: true, force: true });
  for (const name of existsSync(plugins) ? readdirSync(plugins) : []) {
    if (/^(group_replication|test_|component_test|ha_example)/.test(name)) rmSync(join(plugins, name));
  }
}
