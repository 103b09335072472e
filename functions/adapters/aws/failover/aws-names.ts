import type { NameRef } from "../../../core/contract/failover-topology.ts";
import type { Names } from "../../../core/failover/ports.ts";
import { answered } from "../aws-error.ts";
import { hostsOf, type NameKind, type NamesOptions, readingOf } from "./names-reach.ts";
import { parameterHost } from "./parameter-host.ts";
import { proxyTarget } from "./proxy-target.ts";
import { resolveName } from "./resolve-name.ts";
import { route53Record } from "./route53-record.ts";
import { secretHost } from "./secret-host.ts";

/** What applications find the writer by, each read through itself and moved once its mover is admitted. */
export function createAwsNames({
  resolve = resolveName,
  ...given
}: Omit<NamesOptions, "resolve"> & Partial<Pick<NamesOptions, "resolve">>): Names {
  const options = { ...given, resolve };
  return {
    read: (ref, topology, signal, what = "proved") =>
      answered(async () => {
        const [standing, hosts] = await Promise.all([
          kindOf(ref, options).read(topology, signal),
          hostsOf(topology, options, signal),
        ]);
        const takesWrites = what === "where" ? async () => null : options.takesWrites;
        return readingOf(standing, hosts, topology, { ...options, takesWrites }, signal);
      }),
    point: (ref, to, stamp, signal) =>
      answered(async () => {
        await options.admit(stamp, signal);
        await kindOf(ref, options).point(to, signal, stamp);
      }),
  };
}

function kindOf(ref: NameRef, options: NamesOptions): NameKind {
  switch (ref.kind) {
    case "route53":
      return route53Record(ref, options);
    case "secret":
      return secretHost(ref.secretId, options);
    case "parameter":
      return parameterHost(ref.name, options);
    case "proxy":
      return proxyTarget(ref, options);
    default:
      return ref satisfies never;
  }
}
