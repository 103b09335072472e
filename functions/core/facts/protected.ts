import type { Session } from "../contract/session.ts";
import type { Policy } from "../settings.ts";
import { isMeantBy } from "../text/name-pattern.ts";

export function isProtectedApplication(session: Session, policy: Policy): boolean {
  return protectedName("application", session.application, policy.protectedApplications) !== null;
}

export function isProtectedUser(session: Session, policy: Policy): boolean {
  return protectedName("user", session.user, policy.protectedUsers) !== null;
}

const lists = { user: "policy.protectedUsers", application: "policy.protectedApplications" } as const;

/** Why a name is never touched, and which setting releases it; null when no entry of the list means it. */
export function protectedName(
  what: keyof typeof lists,
  name: string | null,
  names: readonly string[],
): string | null {
  const found = name !== null && names.some((entry) => isMeantBy(entry, name));
  return found ? `its ${what} ${name} is on the protected list (${lists[what]})` : null;
}
