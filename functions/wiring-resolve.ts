/** Where a name leads by the resolver of this network. */
export { resolveName } from "./adapters/aws/failover/resolve-name.ts";
