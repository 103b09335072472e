import { join } from "node:path";
import type { Product } from "../../engines/mysqld-server.ts";
import { copyContent } from "../../engines/template-cache.ts";
import type { EngineKind } from "./engine-node.ts";
import { createMysqldNode } from "./mysqld-node.ts";
import type { KindOptions } from "./postgres-kind.ts";

/** MySQL and MariaDB. A replica starts from the empty template and hears everything again: no binary log is purged. */
export function mysqldKind(product: Product<"mysql" | "mariadb">, options: KindOptions): EngineKind {
  let made = 0;
  const make = async (name: string, replica: boolean) => {
    made += 1;
    const dataDir = join(options.directory, name);
    await copyContent(product.template, dataDir);
    const node = createMysqldNode({ ...options, name, product, dataDir, serverId: made, replica });
    await node.start();
    return node;
  };
  return {
    engine: product.engine,
    version: /^[\d.]+/.exec(product.binaries.version)?.[0] ?? product.binaries.version,
    source: product.binaries.source,
    primary: (name) => make(name, false),
    replica: async (name, _of, sourcePort) => {
      const node = await make(name, true);
      await node.follow(sourcePort);
      return node;
    },
  };
}
