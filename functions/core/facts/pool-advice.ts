import type { Finding } from "../contract/finding.ts";

/** What helps against sign-ins that cost more than what they ask, however they were seen. */
export const poolAdvice: Finding["evidence"][number] = {
  source: "connections",
  says: "a pool in the application, or a pooler such as RDS Proxy between, keeps sessions open; scaling up only pays for the sign-ins",
};
